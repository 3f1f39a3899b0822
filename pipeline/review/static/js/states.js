// How far a meeting is, in words, and what an approver can make of it.

import { h } from "./dom.js";
import { mayAs } from "./net.js";

/** State → [as it is called, kind of tag]. */
export const STATES = {
  waiting: ["順番待ち", "key"], running: ["下書き作成中", "key"], failed: ["失敗", "bad"], draft: ["下書きあり", "warn"],
  correcting: ["修正中", "warn"], checked: ["確認済み", "good"], final: ["確定", "good"],
};
const STEPS = [["correcting", "修正中に戻す"], ["checked", "確認済みにする"], ["final", "確定する"]];

export function stateTag(state) {
  const [text, kind] = STATES[state];
  return h("span", { class: `tag ${kind}` }, text);
}

/** [[state, title] …] that this person may choose from here. */
export function steps(state) {
  if (!mayAs("approver") || ["waiting", "running", "failed"].includes(state)) return [];
  const now = state === "draft" ? "correcting" : state;
  return STEPS.filter(([to]) => to !== now);
}
