// How far the minutes are, said in the editor's header; who may, changes it there.

import { $, h, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { post } from "./net.js";
import { STATES, stateTag, steps } from "./states.js";

export function showState(app) {
  let { state } = app.sheet;
  const set = async (to) => {
    try {
      await app.outbox.run(() => post(`/api/meetings/${app.meeting}/state`, { state: to }));
    } catch (error) {
      toast(error.message, { bad: true });
    }
  };
  const show = () => {
    const items = steps(state).map(([to, title]) => ({ title, run: () => set(to) }));
    const open = (event) => openMenu(event.currentTarget, items, "議事録の状態");
    const [text, kind] = STATES[state];
    $("#state").replaceChildren(items.length
      ? h("button", { type: "button", class: `small tag ${kind}`, "aria-haspopup": "menu", "aria-label": `状態は${text}。変える`, onclick: open }, `${text} ▾`)
      : stateTag(state));
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
