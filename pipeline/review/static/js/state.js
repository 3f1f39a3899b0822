// How far the minutes are (draft, in correction, checked, final), said in the header and changed from there.

import { $, h, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { post } from "./net.js";
import { stateTag, STATES, steps } from "./states.js";

export function showState(app) {
  let { state } = app.sheet;
  const button = h("button", { type: "button", class: "small", "aria-haspopup": "menu", onclick: () => openMenu(button, items(), "議事録の状態") });
  const show = () => {
    if (!steps(state).length) return $("#state").replaceChildren(stateTag(state));
    const [text, kind] = STATES[state];
    button.className = `small tag ${kind}`;
    button.textContent = `${text} ▾`;
    button.setAttribute("aria-label", `状態は${text}。変える`);
    $("#state").replaceChildren(button);
  };
  const items = () => steps(state).map(([value, title]) => ({ title, run: () => set(value) }));
  const set = async (value) => {
    try {
      await app.outbox.run(() => post(`/api/meetings/${app.meeting}/state`, { state: value }));
    } catch (error) {
      toast(error.message, { bad: true });
    }
  };
  app.addEventListener("state", ({ detail }) => {
    const turned = (state === "final") !== (detail.state === "final");
    state = detail.state;
    show();
    if (turned) app.outbox.run().catch(() => {}).then(() => location.reload()); // what may be changed is decided when the page is made
  });
  app.model.addEventListener("change", () => {
    if (state !== "draft") return;
    state = "correcting";
    show();
  });
  show();
}
