// Marks over the text without touching it (CSS Custom Highlight API): doubtful words, layers, withheld passages, what is
// playing, what was found. Only turns in view are marked.

import { $ } from "./dom.js";
import { ACCEPTED, LAYERED, RETYPED, WORD } from "./model.js";
import { places } from "./search.js";
import { rangeIn } from "./turn.js";

const ORDER = ["sentence", "withheld", "found", "layer", "retyped", "doubt-low", "doubt-high", "target", "playing"];
export const DOUBT_HIGH = 60; // percent from which a word is very doubtful

export class Ink {
  #layers = new Map();
  #marks = new Map(); // element → [[layer, range] …]
  #single = new Map(); // layer → range

  constructor(view, settings) {
    this.view = view;
    this.settings = settings;
    this.able = typeof Highlight === "function" && Boolean(CSS.highlights);
    if (!this.able) return;
    ORDER.forEach((name, priority) => {
      const layer = new Highlight();
      layer.priority = priority;
      CSS.highlights.set(name, layer);
      this.#layers.set(name, layer);
    });
    view.addEventListener("seen", (event) => this.mark(event.detail));
    view.addEventListener("unseen", (event) => this.#unmark(event.detail));
  }

  /** Mark everything in view anew. */
  all() {
    for (const element of this.view.visible) this.mark(element);
  }

  /** Mark a turn anew. */
  mark(element) {
    if (!this.able) return;
    this.#unmark(element);
    const entry = this.view.model.get(element.dataset.id);
    if (!entry || element.hidden) return;
    const field = $(".text", element);
    const found = [];
    const put = (layer, from, to) => to > from && found.push([layer, rangeIn(field, from, to)]);
    for (let at = 0; entry.words && at < entry.words.length; at += WORD) {
      const [from, to, , , doubt, flags] = entry.words.slice(at, at + WORD);
      if (!entry.confirmed && !entry.within && doubt >= this.settings.doubtFrom && !(flags & ACCEPTED)) put(doubt >= DOUBT_HIGH ? "doubt-high" : "doubt-low", from, to);
      else if (this.settings.layers && flags & RETYPED) put("retyped", from, to);
      else if (this.settings.layers && flags & LAYERED) put("layer", from, to);
    }
    for (const mark of entry.marks ?? []) put("withheld", mark.from, mark.to);
    for (const name of this.view.model.front.withheld_names) for (const [from, to] of places(entry.shown, name.text)) put("withheld", from, to);
    for (const [from, to] of this.found?.get(entry.id) ?? []) put("found", from, to);
    found.forEach(([layer, range]) => this.#layers.get(layer).add(range));
    this.#marks.set(element, found);
  }

  /** Mark this one place in a layer of its own (playing, sentence, target); null takes it away. */
  only(layer, field, from, to) {
    if (!this.able) return;
    const ink = this.#layers.get(layer);
    if (this.#single.has(layer)) ink.delete(this.#single.get(layer));
    this.#single.delete(layer);
    if (!field || !(to > from)) return;
    const range = rangeIn(field, from, to);
    ink.add(range);
    this.#single.set(layer, range);
  }

  #unmark(element) {
    for (const [layer, range] of this.#marks.get(element) ?? []) this.#layers.get(layer).delete(range);
    this.#marks.delete(element);
  }
}
