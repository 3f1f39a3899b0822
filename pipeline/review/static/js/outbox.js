// Brings typed texts to the server: within a second while it is there, kept in the browser while it is not, and never
// over somebody else's text. Whatever else is changed waits its turn here, so that edits arrive in order.

import { forget, keep, kept, live, lives } from "./keep.js";
import { post, Refused, request } from "./net.js";
import { spliceOf } from "./texts.js";
import { random } from "./dom.js";

const PAUSE_MS = 300; // of typing, before a text is sent
const LONGEST_MS = 700; // a text is not kept waiting for a pause longer than this
const BREATH_MS = 2500; // typing without a longer pause is undone together
const RETRY_MS = [500, 1000, 2000, 4000];

/** Emits "status" (detail: {unsent, away, reason, login: whether that is needed}) and "conflict" (detail: the server's turns and what was typed). */
export class Outbox extends EventTarget {
  #path;
  #meeting;
  #model;
  #pending = new Map(); // id → {id, version, base, text, group, key?, sent?}
  #chain = Promise.resolve();
  #timer = null;
  #since = 0;
  #group = { id: null, at: 0, name: "" };
  #failures = 0;
  #reason = "";
  #login = false;

  constructor(meeting, model) {
    super();
    this.client = random();
    this.#meeting = meeting;
    this.#path = `/api/meetings/${meeting}`;
    this.#model = model;
    live(this.client);
    addEventListener("online", () => this.#soon(0));
    addEventListener("beforeunload", (event) => this.#pending.size && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.#soon(0));
  }

  get unsent() {
    return this.#pending.size;
  }

  /** The typed text of a turn that the server does not have yet. */
  text(id) {
    return this.#pending.get(id)?.text;
  }

  /** A turn says this now. */
  typed(id, text) {
    const entry = this.#model.get(id);
    let record = this.#pending.get(id);
    if (!record) {
      record = { key: `${this.#meeting}/${this.client}/${id}`, meeting: this.#meeting, client: this.client, id, version: entry.version, base: entry.text, start: entry.start };
      this.#pending.set(id, record);
    }
    record.text = text;
    record.group = this.#breath(id);
    this.#keep(record);
    const now = performance.now();
    if (!this.#timer) this.#since = now;
    this.#soon(Math.max(0, Math.min(PAUSE_MS, this.#since + LONGEST_MS - now)));
    this.#tell();
  }

  /** Typing that begins now is undone apart from what was typed before. */
  newBreath() {
    this.#group.at = 0;
  }

  /** Send everything typed; then do this work, which gets what the server answers. Edits keep their order. */
  run(work) {
    clearTimeout(this.#timer);
    this.#timer = null;
    const done = this.#chain.then(async () => {
      await this.#sendAll();
      if (this.#pending.size && work) throw new Refused(0, { detail: "打った文字がまだサーバーに届いていません。届いてから、もう一度操作してください。" });
      return work?.();
    });
    this.#chain = done.catch(() => {});
    return done;
  }

  /** Enter operations on turns as they are shown. Throws Refused. */
  submit(operations, ids, group = "") {
    this.newBreath();
    return this.run(async () => {
      const gone = ids.find((id) => id !== "front" && !this.#model.get(id));
      if (gone) throw new Refused(404, { detail: "その発言はもうありません。" });
      const seen = Object.fromEntries(ids.map((id) => [id, id === "front" ? this.#model.frontVersion : this.#model.get(id).version]));
      return this.take(await post(`${this.#path}/edits`, { key: `${this.client}-${random()}`, operations, seen, group }));
    });
  }

  /** Undo or redo. Throws Refused. */
  again(direction) {
    this.newBreath();
    return this.run(async () => this.take(await post(`${this.#path}/${direction}`)));
  }

  /** Apply an edit that the server has entered, after those before it. */
  async take(event) {
    if (event.number <= this.#model.number) return event;
    if (event.number > this.#model.number + 1) {
      const missed = await request(`${this.#path}/edits?after=${this.#model.number}`);
      for (const each of missed) if (each.number === this.#model.number + 1) this.#model.apply(each);
    }
    if (event.number === this.#model.number + 1) this.#model.apply(event);
    return event;
  }

  /** Take over what pages that are gone could not deliver. Returns the turns that have unsent text. */
  async recover() {
    const ids = [];
    for (const record of await kept(this.#meeting)) {
      if (record.client === this.client || (await lives(record.client))) continue;
      const held = { ...record, key: `${this.#meeting}/${this.client}/${record.id}`, client: this.client };
      const entry = this.#model.get(record.id);
      if (!held.sent && entry && entry.text === held.text) {
        await forget(record.key);
        continue;
      }
      this.#pending.set(held.id, held);
      await keep(held);
      await forget(record.key);
      ids.push(held.id);
    }
    if (ids.length) this.#soon(0);
    this.#tell();
    return ids;
  }

  /** After a conflict: put this text in place of the turn as it is now, or (null) let the turn be. */
  settle(id, text) {
    const record = this.#pending.get(id);
    const entry = this.#model.get(id);
    this.#pending.delete(id);
    if (record) forget(record.key);
    if (text !== null && entry && text !== entry.text) this.typed(id, text);
    this.#tell();
  }

  #breath(id) {
    const now = performance.now();
    if (this.#group.id !== id || now - this.#group.at > BREATH_MS) this.#group = { id, name: `${this.client}-${random()}` };
    this.#group.at = now;
    return this.#group.name;
  }

  #soon(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.run();
    }, ms);
  }

  async #sendAll() {
    for (const record of [...this.#pending.values()]) {
      if (record.conflict) continue;
      try {
        await this.#send(record);
        this.#failures = 0;
        this.#reason = "";
        this.#login = false;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.status === 409 && error.body.conflict) this.#outdated(record, error.body.conflict[0]);
        else if (error.temporary) {
          this.#reason = error.message;
          this.#login = error.status === 401;
          this.#soon(RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]);
          break;
        } else this.#conflict(record, null, error.message);
      }
    }
    this.#tell();
  }

  /** The same key is used again until the server has answered, so that nothing is entered twice. */
  async #send(record) {
    record.sent ??= { key: `${this.client}-${random()}`, text: record.text, group: record.group };
    const { sent } = record;
    const operation = spliceOf(record.id, record.base, sent.text);
    if (operation) {
      await this.#keep(record);
      this.#tell();
      const body = { key: sent.key, operations: [operation], seen: { [record.id]: record.version }, group: sent.group };
      const event = await post(`${this.#path}/edits`, body);
      record.version = event.number;
      record.base = sent.text;
      delete record.sent;
      await this.take(event);
    } else delete record.sent;
    if (record.text === record.base) {
      this.#pending.delete(record.id);
      await forget(record.key);
    } else {
      this.#keep(record);
      if (!this.#timer) this.#soon(PAUSE_MS);
    }
  }

  /** Somebody was faster. Where he left the text alone (another role, say) nothing is in the way of ours. */
  #outdated(record, now) {
    if (now.entry?.text !== record.base) return this.#conflict(record, now);
    record.version = now.entry.version;
    delete record.sent;
    this.#keep(record);
    this.#soon(0);
  }

  #conflict(record, now, reason = "") {
    record.conflict = true;
    delete record.sent;
    this.#keep(record);
    this.dispatchEvent(new CustomEvent("conflict", { detail: { id: record.id, mine: record.text, base: record.base, start: record.start, now, reason } }));
  }

  #keep(record) {
    return keep({ ...record, conflict: false }).catch(() => (this.#reason ||= "このブラウザーには保管できません。"));
  }

  #tell() {
    const detail = { unsent: this.#pending.size, away: this.#failures > 0, reason: this.#reason, login: this.#login };
    this.dispatchEvent(new CustomEvent("status", { detail }));
  }
}
