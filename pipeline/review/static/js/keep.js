// What the server does not have yet, kept in the browser (IndexedDB, written through to the disk): typed texts by turn.

const NAME = "kaigiroku";
const STORE = "typed";
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(mode, work) {
  const transaction = (await database()).transaction(STORE, mode, { durability: "strict" });
  const result = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(result.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** record: {key, meeting, client, id, …}; replaces one of the same key. */
export const keep = (record) => within("readwrite", (store) => store.put(record));

export const forget = (key) => within("readwrite", (store) => store.delete(key));

/** Everything kept for a meeting, by any page of this browser. */
export async function kept(meeting) {
  return (await within("readonly", (store) => store.getAll())).filter((record) => record.meeting === meeting);
}

/** Hold a lock as long as this page lives, so that other pages see that its records are looked after. */
export function live(client) {
  navigator.locks?.request(`kaigiroku-${client}`, () => new Promise(() => {}));
}

/** Whether the page with this name still lives. */
export async function lives(client) {
  const locks = await navigator.locks?.query();
  return Boolean(locks?.held.some((lock) => lock.name === `kaigiroku-${client}`));
}
