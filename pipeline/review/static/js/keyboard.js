// Keys become commands: never while an input method composes, never where they would write, and pedals that send keys
// are keys like any other.

import { $, composing, toast } from "./dom.js";
import { chosenKeys, COMMANDS, keyOf, ROLE_KEYS, shown } from "./keymap.js";

const REPEATED = new Set(["back", "forward", "slower", "faster", "doubt", "doubt-back", "next", "previous", "undo", "redo"]);

/** Listen to keys and to buttons that name a command. */
export function listenToKeys(app) {
  const keys = new Map([...chosenKeys()].flatMap(([id, each]) => each.map((key) => [key, id])));
  const writes = new Set(COMMANDS.filter((command) => command.writes).map((command) => command.id));
  let held = null; // code of the key that plays as long as it is down

  addEventListener("keydown", (event) => {
    if (composing(event) || $("dialog[open]")) return;
    const key = keyOf(event);
    const command = keys.get(key);
    const role = ROLE_KEYS.indexOf(key);
    const elsewhere = event.target.closest?.("input, textarea, select, .menu");
    if ((!command && role < 0) || (elsewhere && /^Ctrl\+(?:Shift\+)?[ZY]$/.test(key))) return;
    event.preventDefault();
    if (event.repeat && !REPEATED.has(command)) return;
    if (app.readOnly && (role >= 0 || writes.has(command))) return toast("この議事録は確定しています。");
    if (role >= 0) return app.structure.role(role + 1);
    if (command === "hold") held = event.code;
    app.actions[command]?.();
  });

  const release = () => {
    if (held === null) return;
    held = null;
    app.player.release();
  };
  addEventListener("keyup", (event) => event.code === held && release());
  addEventListener("blur", release);
}

/** Buttons with data-command do what their key does, and say which it is. */
export function listenToButtons(app) {
  const keys = chosenKeys();
  for (const button of document.querySelectorAll("[data-command]")) {
    if (!button.href) button.addEventListener("click", () => app.actions[button.dataset.command]());
    if (app.readOnly && COMMANDS.find((command) => command.id === button.dataset.command).writes) button.disabled = true;
    const key = keys.get(button.dataset.command)?.[0];
    if (key) button.title = `${button.title || button.textContent.trim()}（${shown(key)}）`;
  }
}
