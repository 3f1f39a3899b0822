// The tools at the right: one panel at a time, by mouse, by arrow keys, or by a command.

import { $, h } from "./dom.js";

export class Tools {
  #tabs = [];

  constructor(app) {
    this.app = app;
    this.list = $(".tools .tabs");
    this.list.addEventListener("keydown", (event) => this.#move(event));
    $(".tools").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.back();
    });
  }

  /** A panel of its own for a tool; shown is called whenever it comes to the front. */
  add(name, title, { shown = () => {}, focus = null } = {}) {
    const tab = h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}` }, title);
    const panel = h("div", { class: "panel", id: `panel-${name}`, role: "tabpanel", "aria-labelledby": `tab-${name}`, tabindex: "0" });
    tab.addEventListener("click", () => this.show(name));
    this.list.append(tab);
    this.list.after(panel);
    this.#tabs.push({ name, tab, panel, shown, focus });
    if (this.#tabs.length === 1) this.show(name);
    else this.#mark();
    return panel;
  }

  /** A short figure behind a tab's title; nothing for 0. */
  count(name, number) {
    const { tab } = this.#tabs.find((each) => each.name === name);
    tab.querySelector(".count")?.remove();
    if (number) tab.append(h("span", { class: "count" }, number));
  }

  show(name) {
    this.current = name;
    this.#mark();
    this.#tabs.find((each) => each.name === name).shown();
  }

  /** Show a panel and go into it. */
  open(name) {
    this.show(name);
    const { tab, panel, focus } = this.#tabs.find((each) => each.name === name);
    ((focus && panel.querySelector(focus)) ?? tab).focus();
  }

  /** To the turn last in hand. */
  back() {
    const { view } = this.app;
    if (view.current) view.reveal(view.current.id, { block: "nearest", place: view.place });
    else view.root.focus();
  }

  #mark() {
    for (const { name, tab, panel } of this.#tabs) {
      const on = name === this.current;
      panel.hidden = !on;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
  }

  #move(event) {
    const at = this.#tabs.findIndex((each) => each.name === this.current);
    const last = this.#tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined || event.isComposing) return;
    event.preventDefault();
    this.show(this.#tabs[to].name);
    this.#tabs[to].tab.focus();
  }
}
