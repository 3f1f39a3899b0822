// Comments to colleagues on a turn: written from the text, listed at the right, settled by anybody.

import { clock, h, moment, toast } from "./dom.js";
import { askText } from "./menu.js";
import { post } from "./net.js";

export class Comments {
  constructor(app) {
    this.app = app;
    this.all = new Map(app.sheet.comments.map((each) => [each.id, each]));
    this.panel = app.tools.add("comments", "コメント");
    app.addEventListener("comment", ({ detail }) => this.#got(detail.comment));
    this.#count([...new Set([...this.all.values()].map((each) => each.block))]);
    this.#list();
  }

  /** Ask for a comment on the current turn; what is selected is quoted. */
  async write() {
    const { view } = this.app;
    const entry = view.current;
    if (!entry) return toast("コメントを付ける発言を選んでください。");
    const at = this.app.cursor();
    const quote = at ? entry.shown.slice(at.start, at.end).slice(0, 200) : "";
    const text = await askText("コメントを書く", quote ? `「${quote}」について` : "同僚への連絡（会議録には印刷されません）", "", { lines: 3, ok: "書き込む" });
    if (text) await this.#send("comments", { block: entry.id, start_ms: entry.start, quote, text });
  }

  async #send(path, body) {
    try {
      this.#got(await post(`/api/meetings/${this.app.meeting}/${path}`, body));
    } catch (error) {
      toast(error.message, { bad: true });
    }
  }

  #got(comment) {
    this.all.set(comment.id, comment);
    this.#count([comment.block]);
    this.#list();
  }

  /** Open comments on each of these turns, shown there. */
  #count(blocks) {
    for (const block of blocks) {
      const open = [...this.all.values()].filter((each) => each.block === block && !each.resolvedBy).length;
      this.app.model.aside(block).comments = open;
      this.app.view.refresh(block);
    }
  }

  #list() {
    const rows = [...this.all.values()].sort((a, b) => a.start - b.start || a.id - b.id);
    const open = rows.filter((each) => !each.resolvedBy);
    const settled = rows.filter((each) => each.resolvedBy);
    this.app.tools.count("comments", open.length);
    this.panel.replaceChildren(
      h("div", { class: "row" }, h("button", { type: "button", class: "small", onclick: () => this.write() }, "この発言にコメントを書く")),
      open.length ? h("ul", {}, ...open.map((each) => this.#row(each))) : h("p", { class: "faint" }, "未対応のコメントはありません。"),
      settled.length ? h("details", {}, h("summary", {}, `対応済み ${settled.length}件`), h("ul", {}, ...settled.map((each) => this.#row(each)))) : null ?? "");
  }

  #row(comment) {
    const done = Boolean(comment.resolvedBy);
    const settle = () => this.#send(`comments/${comment.id}`, { resolved: !done });
    return h("li", { class: "comment" },
      h("p", { class: "faint" }, `${this.app.nameOf(comment.author)}　${moment(comment.at)}`),
      comment.quote ? h("blockquote", {}, comment.quote) : null,
      h("p", { class: "said" }, comment.text),
      h("div", { class: "row" },
        h("button", { type: "button", class: "small quiet", onclick: () => this.#show(comment) }, `${clock(comment.start)} へ`),
        h("button", { type: "button", class: "small quiet", onclick: settle }, done ? "未対応に戻す" : "対応済みにする"),
        done ? h("span", { class: "faint" }, comment.resolvedBy === "済" ? "" : `${comment.resolvedBy}さんが対応`) : null));
  }

  /** The turn it was written on, else the one that stands at its time now. */
  #show(comment) {
    const { model, view } = this.app;
    const entry = model.get(comment.block) ?? model.turnAt(comment.start);
    if (!entry) return;
    const at = comment.quote ? entry.shown.indexOf(comment.quote) : -1;
    view.reveal(entry.id, at < 0 ? { place: 0 } : { place: at, end: at + comment.quote.length });
  }
}
