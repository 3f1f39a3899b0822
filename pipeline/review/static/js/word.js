// The word at the cursor: what recognition heard, what the dictionary made of it and why, what a person wrote. One key
// takes the last step back.

import { $, h, toast } from "./dom.js";
import { request } from "./net.js";
import { toPoints } from "./texts.js";

const BY = { lexicon: "辞書", number: "数字の書き方", punctuation: "句読点", filler: "ケバ取り", spelling: "公用文の表記", clerk: "人" };

export class WordPanel {
  constructor(app) {
    this.app = app;
    this.box = $("#word");
    document.addEventListener("selectionchange", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show(), 250);
    });
  }

  /** The layers of the word at the cursor; null where there is nothing to tell. */
  async #layers() {
    const entry = this.app.view.current;
    const at = entry?.kind === "speech" ? this.app.cursor() : null;
    if (!at || this.app.outbox.text(entry.id) !== undefined) return null;
    const all = await request(`/api/meetings/${this.app.meeting}/turns/${entry.id}/layers`);
    const place = toPoints(entry.shown, at.start);
    const found = all.findLast((each) => each.start <= place && place <= each.end && (each.end > each.start || place === each.start));
    return found ? { entry, ...found } : null;
  }

  async show() {
    const found = await this.#layers().catch(() => null);
    if (!found) {
      this.box.replaceChildren();
      return;
    }
    const step = (kind, by, text, reason) => [h("dt", {}, by), h("dd", { class: kind }, text || "（なし）", reason ? h("span", { class: "faint" }, ` ${reason}`) : null)];
    this.box.replaceChildren(h("h2", {}, "この語の変更"), h("dl", { class: "layers" },
      ...step("", "聞き取ったまま", found.raw, `確からしさ${Math.round(found.probability * 100)}％`),
      ...found.layers.flatMap((layer) => step(layer.by === "clerk" ? "by-clerk" : "by-machine", BY[layer.by], layer.after, layer.reason)),
      ...(found.text !== found.machine ? step("by-clerk", "修正", found.text, "") : [])),
      this.app.readOnly ? "" : h("div", { class: "row" }, h("button", { type: "button", class: "small", onclick: () => this.takeBack() }, "一つ前に戻す")));
  }

  /** The word as it was one step before. */
  async takeBack() {
    const found = await this.#layers().catch(() => null);
    if (!found) return toast("この語には戻せる変更がありません。");
    const { entry, text, machine, layers, start } = found;
    const steps = layers.filter((layer) => layer.by !== "clerk" || layer.after !== layer.before);
    const before = text !== machine ? machine : steps.at(-1)?.before;
    if (before === undefined || before === text) return toast("この語には戻せる変更がありません。");
    await this.app.structure.enter([{ op: "splice", id: entry.id, at: start, removed: text, inserted: before }], [entry.id]);
    this.show();
  }
}
