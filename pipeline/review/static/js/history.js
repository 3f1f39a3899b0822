// Who did what and when; any step can be taken back, any two moments compared, everything brought back to one of them.

import { clock, h, moment, toast } from "./dom.js";
import { compareStates } from "./compare.js";
import { ask, openMenu } from "./menu.js";
import { post, request } from "./net.js";

const DONE = {
  splice: "文を直した", split: "発言を分けた", merge: "発言をつないだ", cast: "役割・話者を変えた", explain: "説明として扱った",
  unexplain: "説明を全文に戻した", put: "見出し・決定などを出し入れした", confirm: "確認の印を変えた", accept: "疑わしい語を確かめた",
  withhold: "非公開の印を変えた", withhold_passages: "非公開の印を変えた", front: "会議の情報を変えた",
  adopt: "新しい下書きを取り込んだ", undo: "元に戻した・やり直した", restore: "以前の時点に戻した",
};
const PAGE = 100;

export class History {
  #steps = [];
  #chosen = []; // numbers of states to compare, at most two
  #turn = null; // the one whose history is shown; null: all of the minutes

  constructor(app) {
    this.app = app;
    this.panel = app.tools.add("history", "履歴", { focus: "button", shown: () => this.load() });
    for (const name of ["change", "reset", "front"]) app.model.addEventListener(name, () => this.#soon());
  }

  async load() {
    try {
      const found = await request(this.#address());
      this.number = found.number;
      this.#steps = found.steps;
      this.more = found.steps.length === PAGE;
      this.#show();
    } catch (error) {
      this.panel.replaceChildren(h("p", { class: "note bad" }, error.message));
    }
  }

  /** What was done to one turn. */
  openTurn(id) {
    this.#turn = id;
    this.app.tools.open("history");
  }

  #address(before = "") {
    const turn = this.#turn ? `&turn=${encodeURIComponent(this.#turn)}` : "";
    return `${this.#path}/history?limit=${PAGE}${turn}${before && `&before=${before}`}`;
  }

  get #path() {
    return `/api/meetings/${this.app.meeting}`;
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.app.tools.current === "history" && this.load(), 600);
  }

  async #earlier() {
    const before = this.#steps.at(-1).numbers[0];
    const found = await request(this.#address(before));
    this.#steps.push(...found.steps);
    this.more = found.steps.length === PAGE;
    this.#show();
  }

  #show() {
    this.compare = h("button", { type: "button", class: "small main", onclick: () => this.#compare() });
    const more = this.more ? h("button", { type: "button", class: "small", onclick: () => this.#earlier() }, "さらに前を表示") : this.#draft();
    this.panel.replaceChildren(
      h("div", { class: "row stay" }, this.compare),
      this.#which() ?? "",
      this.#steps.length ? h("ol", { class: "steps", "aria-label": "修正の履歴" }, ...this.#steps.map((step) => this.#row(step))) : h("p", { class: "faint" }, this.#turn ? "この発言は、まだ何も直していません。" : "まだ何も直していません。"),
      more);
    this.#figures();
  }

  /** Told while only one turn's history is shown. */
  #which() {
    if (!this.#turn) return null;
    const entry = this.app.model.get(this.#turn);
    const all = () => {
      this.#turn = null;
      this.load();
    };
    return h("div", { class: "row" }, h("span", { class: "grow" }, entry ? `${clock(entry.start)} の発言の履歴` : "今はない発言の履歴"), h("button", { type: "button", class: "small", onclick: all }, "すべての履歴"));
  }

  #row(step) {
    const last = step.numbers.at(-1);
    const title = this.#title(step);
    const place = step.places[0];
    const menu = h("button", { type: "button", class: "small quiet", "aria-haspopup": "menu", "aria-label": `${title}の操作`, onclick: (event) => this.#menu(step, event.currentTarget) }, "…");
    const told = place && h("button", { type: "button", class: "told", onclick: () => this.#reveal(place) },
      h("span", { class: "num faint" }, `${clock(place.start_ms)} `), ...this.#roles(place), ...this.#excerpt(place.excerpt),
      step.changed > 1 ? h("span", { class: "faint" }, `（ほか${step.changed - 1}件）`) : null);
    return h("li", { class: step.taken_back ? "back" : "" },
      h("div", { class: "step" }, this.#tick(last, title), h("div", {}, h("span", { class: "faint" }, `${moment(step.at)} ${step.automatic ? "自動" : this.app.nameOf(step.author)}`), h("br"), title, step.taken_back ? h("span", { class: "tag" }, "取り消し済み") : null), menu),
      told ?? "");
  }

  #draft() {
    return h("div", { class: "step" }, this.#tick(0, "下書き"), h("div", {}, "下書き（機械が作ったまま）"));
  }

  #title({ operations, automatic }) {
    if (automatic) return "ほかの修正から役割を推定した";
    if (operations.includes("split") && operations.includes("merge")) return "語を隣の発言へ移した";
    return [...new Set(operations.map((name) => DONE[name]))].join("、");
  }

  #roles({ roles: [before, after] }) {
    if (before === after || !before || !after) return [after || before, " "];
    return [h("del", {}, before), h("ins", {}, after), " "];
  }

  #excerpt({ head, removed, inserted, tail }) {
    return [head, removed ? h("del", {}, removed) : null, inserted ? h("ins", {}, inserted) : null, tail].filter(Boolean);
  }

  #tick(number, title) {
    const box = h("input", { type: "checkbox", "aria-label": `「${title}」の後の時点を比べる`, title: "この時点を比べる", checked: this.#chosen.includes(number) });
    box.addEventListener("change", () => {
      this.#chosen = this.#chosen.filter((each) => each !== number);
      if (box.checked) this.#chosen.push(number);
      if (this.#chosen.length > 2) {
        this.#chosen.shift();
        this.#show();
      } else this.#figures();
    });
    return box;
  }

  #figures() {
    const texts = ["下書きと今を比べる", "選んだ時点と今を比べる", "選んだ2つの時点を比べる"];
    this.compare.textContent = texts[this.#chosen.length];
    this.compare.disabled = !this.number;
  }

  #compare() {
    const [left, right] = [...this.#chosen, this.number].slice(0, 2).sort((a, b) => a - b);
    return this.#chosen.length ? this.#open(left, right) : this.#open(0, this.number);
  }

  #open(left, right) {
    const name = (number) => {
      if (!number) return "下書き";
      const step = this.#steps.find((each) => each.numbers.includes(number));
      return number === this.number ? "今" : step ? `${moment(step.at)} ${step.automatic ? "自動" : this.app.nameOf(step.author)}` : `修正${number}の後`;
    };
    return compareStates(this.app, { left, right, names: [name(left), name(right)], now: right === this.number });
  }

  #menu(step, anchor) {
    const last = step.numbers.at(-1);
    const writes = (run) => (this.app.readOnly ? toast("この議事録は確定しています。") : run());
    const items = [{ title: "この時点と今を比べる", run: () => this.#open(last, this.number) }, { title: "この操作の前後を比べる", run: () => this.#open(step.numbers[0] - 1, last) }, "-",
      { title: "全体をこの時点に戻す", run: () => writes(() => this.#restore(step)) }];
    if (!step.taken_back) items.push({ title: "この操作だけ取り消す", run: () => writes(() => this.#takeBack(step)) });
    openMenu(anchor, items, "履歴の操作");
  }

  async #takeBack(step) {
    const done = await this.app.structure.enter([{ op: "undo", of: step.numbers }], []);
    if (done) toast("取り消しました。");
  }

  async #restore(step) {
    const { number } = this; // as it is told: what comes in meanwhile is not swept away
    const later = number - step.numbers.at(-1);
    const others = [...new Set(this.#steps.filter((each) => each.numbers[0] > step.numbers.at(-1)).map((each) => this.app.nameOf(each.author)))];
    if (!later) return toast("この時点より後の修正はありません。");
    const told = `${moment(step.at)}より後の修正${later}件（${others.join("、")}）を、なかったことにします。修正は履歴に残り、Ctrl+Z で元に戻せます。`;
    if (!(await ask("全体をこの時点に戻す", [h("p", {}, told)], [["cancel", "やめる"], ["ok", "戻す", "main"]]))) return;
    try {
      const { outbox } = this.app;
      await outbox.run(async () => outbox.take(await post(`${this.#path}/restore`, { to: step.numbers.at(-1), number })));
      toast("戻しました。");
    } catch (error) {
      toast(error.message, { bad: true });
    }
  }

  #reveal(place) {
    const { model, view } = this.app;
    const entry = model.get(place.id) ?? model.turnAt(place.start_ms);
    if (entry) view.reveal(entry.id, { place: Math.min(entry.shown.length, Math.max(0, entry.shown.indexOf(place.excerpt.inserted || place.excerpt.tail))) });
  }
}
