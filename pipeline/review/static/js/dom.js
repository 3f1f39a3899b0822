// Small helpers for the page: elements, times, announcements.

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element. Attributes whose value is null or false are left out; "on…" are listeners. Text is always text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** 3723000 → 1:02:03; 62000 → 1:02. */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, "0"));
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

/** For screen readers: 1時間2分3秒. */
export function spoken(ms) {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}時間` : ""}${Math.floor(seconds / 60) % 60}分${seconds % 60}秒`;
}

/** 5月27日 13:07, in the time of this computer. */
export function moment(iso) {
  const at = new Date(iso);
  const two = (n) => String(n).padStart(2, "0");
  return `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Says something at the bottom of the page and to screen readers. */
export function toast(text, { bad = false, ms = 5000 } = {}) {
  const note = h("p", { role: bad ? "alert" : "status" }, text);
  $("#toasts").append(note);
  setTimeout(() => note.remove(), bad ? ms * 2 : ms);
}

/** Tells screen readers only. */
export function announce(text) {
  const region = $("#announce");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** Whether a key event belongs to an input method: nothing of ours may fire then. */
export const composing = (event) => event.isComposing || event.keyCode === 229;

export const random = () => Array.from(crypto.getRandomValues(new Uint8Array(9)), (b) => b.toString(36)).join("");
