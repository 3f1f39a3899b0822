// What the public copy leaves out, and on which ground: passages, whole turns, whole items, and words wherever they stand.

import { clock, h, toast } from "./dom.js";
import { ask } from "./menu.js";
import { toPoints } from "./texts.js";

const GROUNDS = ["個人に関する情報", "法人等に関する情報", "審議、検討又は協議に関する情報", "事務又は事業に関する情報", "公共の安全等に関する情報", "法令等により公にできない情報"];
const LONGEST_NAME = 60;

export class Withholding {
  constructor(app) {
    this.app = app;
    this.panel = app.tools.add("withhold", "非公開", { focus: "button", shown: () => this.#list() });
    for (const name of ["change", "reset", "front"]) app.model.addEventListener(name, () => this.#soon());
    app.model.addEventListener("front", () => app.ink.all());
    this.#list();
  }

  /** For what is selected, else for the mark at the cursor, else for the whole block. */
  async ask() {
    const { view, outbox, model } = this.app;
    if (!view.current) return toast("非公開にする発言を選んでください。");
    const at = view.current.kind === "speech" ? this.app.cursor() : null;
    await outbox.run().catch(() => {}); // marks move with what is typed: first the server's word on where they are
    const entry = model.get(view.current.id);
    const mark = at && entry.marks?.find((each) => each.from <= at.start && at.end <= each.to);
    if (mark || (at && at.end > at.start)) return this.#passage(entry, mark, at);
    return this.#block(entry);
  }

  async #passage(entry, mark, at) {
    const [from, to] = mark ? [mark.from, mark.to] : [at.start, at.end];
    const text = entry.shown.slice(from, to);
    const reach = !mark && text.length <= LONGEST_NAME && !text.includes("\n") && h("fieldset", {}, h("legend", {}, "範囲"),
      h("label", { class: "tick" }, h("input", { type: "radio", name: "reach", value: "here", checked: true }), "この箇所だけ"),
      h("label", { class: "tick" }, h("input", { type: "radio", name: "reach", value: "everywhere" }), "この言葉を、会議録のどこでも（氏名など）"));
    const only = h("label", { class: "tick" }, h("input", { type: "checkbox", name: "only", checked: mark?.only_here ?? false }), "同じ言葉がほかの所に出てきても、そこは公開してよい");
    const decision = await this.#decide(`「${text.slice(0, 40)}${text.length > 40 ? "…" : ""}」を非公開にする`, mark, [reach || null, only]);
    if (!decision) return;
    if (decision.form.get("reach") === "everywhere") return this.#addName(text, decision.withheld);
    const kept = (entry.marks ?? []).filter((each) => each !== mark && !(from <= each.from && each.to <= to)).map(({ ground, by, on, only_here, start, end }) => ({ ground, by, on, only_here, start, end }));
    const put = { ...decision.withheld, start: toPoints(entry.shown, from), end: toPoints(entry.shown, to), only_here: decision.form.has("only") };
    const passages = (decision.withheld ? [...kept, put] : kept).sort((a, b) => a.start - b.start);
    await this.#enter({ op: "withhold_passages", id: entry.id, passages }, entry.id, decision.withheld);
  }

  async #block(entry) {
    const item = entry.kind === "heading";
    const title = item ? "この議題を、次の見出しまで非公開にする" : "この発言全体を非公開にする";
    const too = item && h("label", { class: "tick" }, h("input", { type: "checkbox", name: "title", checked: entry.withheld?.title_too ?? false }), "件名も非公開にする（議題、見出し、資料）");
    const decision = await this.#decide(title, entry.withheld, [too]);
    if (!decision) return;
    const withheld = decision.withheld && (item ? { ...decision.withheld, title_too: decision.form.has("title") } : decision.withheld);
    await this.#enter({ op: "withhold", id: entry.id, withheld }, entry.id, withheld);
  }

  /** {form, withheld}; withheld null: publish it after all. */
  async #decide(title, before, more) {
    const { settings, sheet } = this.app;
    const list = h("datalist", { id: "grounds" }, ...[...new Set([...this.#grounds(), ...GROUNDS])].map((ground) => h("option", { value: ground })));
    const ground = h("input", { name: "ground", required: true, maxlength: 200, list: "grounds", value: before?.ground ?? this.#grounds().at(-1) ?? "", placeholder: "例：情報公開条例第7条第2号（個人に関する情報）" });
    const by = h("input", { name: "by", required: true, maxlength: 100, value: before?.by ?? (sheet.me || settings.decidedBy) });
    const choices = [["cancel", "やめる"], ["ok", before ? "保存する" : "非公開にする", "main"]];
    if (before) choices.splice(1, 0, ["publish", "非公開をやめる"]);
    const answer = await ask(title, [h("p", {}, h("label", {}, "理由（根拠の規定）", h("br"), ground)), list, h("p", {}, h("label", {}, "決めた人", h("br"), by)), ...more.filter(Boolean)], choices);
    if (!answer) return null;
    const on = before?.on ?? new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    settings.decidedBy = answer.form.get("by").trim();
    return { form: answer.form, withheld: answer.value === "publish" ? null : { ground: answer.form.get("ground").trim(), by: settings.decidedBy, on } };
  }

  async #enter(operation, id, withheld) {
    const done = await this.app.structure.enter([operation], [id]);
    if (done) toast(withheld ? "非公開にしました。公開用の会議録では伏せられます。" : "非公開をやめました。");
  }

  #addName(text, withheld) {
    return this.#setNames((names) => [...names.filter((each) => each.text !== text), { ...withheld, text }]);
  }

  #setNames(change) {
    const { front } = this.app.model;
    return this.#enter({ op: "front", front: { ...front, withheld_names: change(front.withheld_names) } }, "front", change(front.withheld_names).length > front.withheld_names.length);
  }

  #grounds() {
    const { entries, front } = this.app.model;
    return [...new Set([...entries.flatMap((entry) => [entry.withheld, ...(entry.marks ?? [])]), ...front.withheld_names].filter(Boolean).map((each) => each.ground))];
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#list(), 300);
  }

  #list() {
    const { entries, front } = this.app.model;
    const blocks = entries.filter((entry) => entry.withheld).map((entry) => this.#row(entry, 0, entry.kind === "heading" ? `議題ごと：${entry.shown}` : `${entry.role ?? ""} ${entry.shown}`, entry.withheld));
    const passages = entries.flatMap((entry) => (entry.marks ?? []).map((mark) => this.#row(entry, mark.from, `「${entry.shown.slice(mark.from, mark.to)}」`, mark)));
    const names = front.withheld_names.map((name) => this.#nameRow(name));
    const total = blocks.length + passages.length + names.length;
    this.app.tools.count("withhold", total);
    const part = (title, rows) => (rows.length ? [h("h2", {}, title), h("ul", {}, ...rows)] : []);
    this.panel.replaceChildren(
      h("div", { class: "row" }, h("button", { type: "button", class: "small", disabled: this.app.readOnly, onclick: () => this.ask() }, "選んだ箇所を非公開にする")),
      ...(total ? [] : [h("p", { class: "faint" }, "非公開の箇所はありません。語を選んでからこのボタンを押すと、その語だけを、選ばずに押すと発言全体を非公開にできます。")]),
      ...part("どこでも伏せる言葉", names), ...part("箇所", passages), ...part("発言・議題", blocks));
  }

  #row(entry, place, text, withheld) {
    const show = () => this.app.view.reveal(entry.id, { place });
    return h("li", {}, h("button", { type: "button", onclick: show }, h("span", {}, h("span", { class: "num faint" }, clock(entry.start)), ` ${text.slice(0, 60)}`, h("br"), h("span", { class: "faint" }, `${withheld.ground}（${withheld.by}）`))));
  }

  #nameRow(name) {
    const remove = () => this.#setNames((names) => names.filter((each) => each.text !== name.text));
    return h("li", { class: "hit" }, h("span", { class: "grow" }, `「${name.text}」`, h("br"), h("span", { class: "faint" }, `${name.ground}（${name.by}）`)),
      h("button", { type: "button", class: "small quiet", disabled: this.app.readOnly, "aria-label": `「${name.text}」の非公開をやめる`, onclick: remove }, "やめる"));
  }
}
