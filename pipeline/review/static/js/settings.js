// How this person likes the editor to behave, kept in the browser.

const STORED = "kaigiroku-settings";
const DEFAULTS = { speed: 1, autoPause: true, resumeAfterMs: 1000, rewindMs: 1500, clickPlays: true, follow: true, layers: true, doubtFrom: 35, textSize: "", theme: "", decidedBy: "" };

function load() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(STORED)) };
  } catch {
    return { ...DEFAULTS };
  }
}

/** Setting a property keeps it. */
export const settings = new Proxy(load(), {
  set(target, name, value) {
    target[name] = value;
    localStorage.setItem(STORED, JSON.stringify(target));
    return true;
  },
});
