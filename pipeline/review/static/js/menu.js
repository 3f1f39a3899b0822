// Menus that open at a button, and dialogs that ask: by mouse, keyboard and screen reader alike.

import { $, composing, h } from "./dom.js";
import { shown } from "./keymap.js";

/** Where the focus and the cursor are; the function that is returned brings both back there. */
function remembered() {
  const element = document.activeElement;
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0).cloneRange() : null;
  return () => {
    element?.focus?.({ preventScroll: true });
    if (!range || !element?.isContentEditable || !element.contains(range.startContainer)) return;
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
}

/** Open a menu. items: {title, keys, run, checked, kind: "radio"} | "-" | {head}. Closes with Esc, or when left. */
export function openMenu(anchor, items, label) {
  $(".menu")?.hidePopover();
  const back = remembered();
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label });
  for (const item of items) menu.append(part(item, menu));
  document.body.append(menu);
  menu.showPopover();
  place(menu, anchor);
  menu.addEventListener("keydown", (event) => move(menu, event));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) back();
    menu.remove();
  });
  (menu.querySelector('[role="menuitemcheckbox"][aria-checked="true"]') ?? entries(menu)[0])?.focus();
  return menu;
}

function part(item, menu) {
  if (item === "-") return h("hr");
  if (item.head) return h("div", { class: "head" }, item.head);
  const radio = item.kind === "radio";
  const role = radio ? "menuitemradio" : item.checked === undefined ? "menuitem" : "menuitemcheckbox";
  const button = h("button", { type: "button", role, tabindex: "-1", "aria-checked": item.checked === undefined ? null : String(item.checked), disabled: item.disabled },
    h("span", {}, item.title), h("span", { class: "faint" }, (item.keys ?? []).map(shown)[0] ?? ""));
  button.addEventListener("click", () => {
    if (radio) {
      menu.querySelectorAll('[role="menuitemradio"]').forEach((each) => each.setAttribute("aria-checked", String(each === button)));
      item.run();
      return;
    }
    menu.hidePopover();
    item.run();
  });
  return button;
}

const entries = (menu) => [...menu.querySelectorAll('[role^="menuitem"]:not(:disabled)')];

function move(menu, event) {
  if (event.isComposing) return;
  const all = entries(menu);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    all[to % all.length].focus();
  } else if (/^[1-9]$/.test(event.key)) {
    const numbered = all.filter((each) => each.getAttribute("role") === "menuitemcheckbox");
    numbered[Number(event.key) - 1]?.click();
  } else if (event.key === "Tab") menu.hidePopover();
}

function place(menu, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = box.bottom + 4 + height <= innerHeight;
  menu.style.left = `${Math.max(8, Math.min(box.left, document.body.clientWidth - width - 8))}px`;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
}

/** Ask in a dialog. body: elements; choices: [[value, title, class] …]. Resolves to {value, form} or null (Esc). */
export function ask(title, body, choices) {
  return new Promise((resolve) => {
    const back = remembered();
    const form = h("form", { method: "dialog" }, h("h2", {}, title), ...body,
      h("div", { class: "actions" }, ...choices.map(([value, text, kind]) => h("button", { value, class: kind ?? "", formnovalidate: value === "cancel" }, text))));
    const dialog = h("dialog", { "aria-label": title }, form);
    dialog.addEventListener("close", () => {
      const value = dialog.returnValue;
      dialog.remove();
      back();
      resolve(value && value !== "cancel" ? { value, form: new FormData(form) } : null);
    });
    dialog.addEventListener("keydown", (event) => {
      event.stopPropagation(); // a key that closes the dialog means nothing to the page below
      if (composing(event)) return;
      if (event.key === "Enter" && (event.target.tagName === "INPUT" || event.ctrlKey)) {
        event.preventDefault();
        form.querySelector("button.main")?.click();
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector("[autofocus]") ?? form.querySelector("input, textarea, select, button.main"))?.focus();
  });
}

/** Ask for a text, of one line unless more are named; null when nothing was given. options: what it often is; ok: the word on the button. */
export async function askText(title, label, value = "", { options = [], lines = 1, ok = "決定" } = {}) {
  const list = options.length ? h("datalist", { id: "ask-options" }, ...options.map((each) => h("option", { value: each }))) : null;
  const field = lines > 1
    ? h("textarea", { name: "text", rows: lines, required: true, maxlength: 5000 }, value)
    : h("input", { name: "text", value, required: true, maxlength: 200, list: list ? "ask-options" : null });
  const answer = await ask(title, [h("p", {}, h("label", {}, label, h("br"), field)), list], [["cancel", "やめる"], ["ok", ok, "main"]]);
  return answer?.form.get("text")?.trim() || null;
}
