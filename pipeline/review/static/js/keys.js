// The key map: every command with its keys, which anybody may change for this browser; a pedal that sends keys is pressed
// here like any other key.

import { $, announce, composing, h } from "./dom.js";
import { assignable, chooseKeys, chosenKeys, COMMANDS, forgetKeys, keyOf, ROLE_KEYS, shown } from "./keymap.js";

let waiting = null; // {id, more} of the command that waits for a key; more: beside those it has

function show() {
  const keys = chosenKeys();
  const groups = [...new Set(COMMANDS.map((command) => command.group))];
  $("#keys").replaceChildren(...groups.map((group) => h("section", {}, h("h2", { id: `g-${group}` }, group), table(group, COMMANDS.filter((command) => command.group === group), keys))),
    h("section", {}, h("h2", {}, "役割"), h("table", { class: "key-table" }, h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "様式の順で1番目から9番目の役割にする"), h("td", {}, h("kbd", {}, shown(ROLE_KEYS[0])), " ～ ", h("kbd", {}, shown(ROLE_KEYS.at(-1)))), h("td", { class: "no-print" }))))));
}

function table(group, commands, keys) {
  return h("table", { class: "key-table", "aria-labelledby": `g-${group}` }, h("tbody", {}, ...commands.map((command) => row(command, keys.get(command.id)))));
}

function row({ id, title, keys: usual }, keys) {
  const asking = waiting?.id === id;
  const button = (text, what, run, more = {}) => h("button", { type: "button", class: "small quiet", "aria-label": `${title}のキーを${what}`, onclick: run, ...more }, text);
  const set = button(asking ? "キーを押してください（Escでやめる）" : "変える", "変える", () => wait(asking ? null : { id }), { id: `set-${id}` });
  const add = button("足す", "足す", () => wait({ id, more: true }));
  const back = button("元に戻す", "元に戻す", () => choose(id, usual));
  return h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, ...(keys.length ? keys.map((key) => h("kbd", {}, shown(key))) : ["（なし）"])),
    h("td", { class: "no-print" }, ...(asking ? [set] : [String(keys) === String(usual) ? null : back, add, set].filter(Boolean))));
}

function wait(next) {
  const { id } = waiting ?? next;
  waiting = next;
  show();
  $(`#set-${id}`).focus();
}

function choose(id, keys) {
  const map = chosenKeys();
  const taken = COMMANDS.find((command) => command.id !== id && map.get(command.id).some((key) => keys.includes(key)));
  if (taken) map.set(taken.id, map.get(taken.id).filter((key) => !keys.includes(key)));
  map.set(id, keys);
  chooseKeys(map);
  waiting = null;
  show();
  $(`#set-${id}`).focus();
  say(`${COMMANDS.find((command) => command.id === id).title}：${keys.map(shown).join("、")}${taken ? `。「${taken.title}」からは外しました` : ""}。開いている編集画面は、読み込み直すと変わります。`);
}

function say(text) {
  $("#state").textContent = text;
  announce(text);
}

addEventListener("keydown", (event) => {
  if (!waiting || composing(event)) return;
  if (event.key === "Tab") return wait(null);
  event.preventDefault();
  if (event.key === "Escape") return wait(null);
  const key = keyOf(event);
  if (!key) return;
  if (ROLE_KEYS.includes(key)) return say(`${shown(key)} は役割に使います。ほかのキーを選んでください。`);
  if (!assignable(key)) return say(`${shown(key)} は文字や移動に使うキーなので選べません。F1～F12、または Ctrl か Alt との組み合わせを押してください。`);
  choose(waiting.id, waiting.more ? [...new Set([...chosenKeys().get(waiting.id), key])] : [key]);
});

$("#forget").addEventListener("click", () => {
  forgetKeys();
  show();
  say("すべてのキーを元に戻しました。");
});

show();
