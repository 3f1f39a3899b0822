// Find and replace in the whole meeting: every place is shown as it would become, and only what is ticked is replaced,
// as one edit. The word may go into the dictionary at the same time.

import { announce, clock, h, toast } from "./dom.js";
import { post } from "./net.js";
import { places } from "./search.js";
import { cleaned, toPoints } from "./texts.js";

const LISTED = 300;
const AROUND = 12; // characters of context

export class Find {
  #hits = []; // {id, from, to}
  #left = new Set(); // keys of hits that are not ticked

  constructor(app) {
    this.app = app;
    this.panel = app.tools.add("find", "検索", { focus: "input", shown: () => this.search() });
    this.#build();
    for (const name of ["change", "reset"]) app.model.addEventListener(name, () => this.#soon());
  }

  /** Go to the panel with what is selected. */
  open() {
    const selected = this.app.cursor() && getSelection().toString();
    if (selected && !selected.includes("\n")) this.wanted.value = selected;
    this.app.tools.open("find");
    this.wanted.select();
  }

  /** Find anew. */
  search() {
    const { model, ink } = this.app;
    const wanted = this.app.tools.current === "find" ? this.wanted.value : "";
    this.#hits = [];
    ink.found = new Map();
    for (const entry of wanted ? model.entries : []) {
      const found = places(entry.shown, wanted, this.exact.checked);
      if (found.length) ink.found.set(entry.id, found);
      for (const [from, to] of found) this.#hits.push({ id: entry.id, from, to, key: `${entry.id}/${from}` });
    }
    ink.all();
    this.#list();
  }

  /** Show the next place after the cursor (by 1), or the one before it (-1). */
  go(by) {
    const { model, view } = this.app;
    if (!this.#hits.length) return toast(this.wanted.value ? "見つかりません。" : "検索する言葉を入れてください。");
    const here = [view.current ? model.places.get(view.current.id) : -1, view.place];
    const order = (hit) => model.places.get(hit.id) - here[0] || hit.from - here[1];
    const hit = by > 0 ? this.#hits.find((each) => order(each) > 0) ?? this.#hits[0] : this.#hits.findLast((each) => order(each) < 0) ?? this.#hits.at(-1);
    this.#show(hit);
  }

  async replace() {
    const chosen = this.#chosen();
    const { model, structure } = this.app;
    if (!chosen.length) return toast("置き換える箇所がありません。");
    const inserted = cleaned(this.put.value);
    const operations = chosen.reverse().map(({ id, from, to }) => {
      const { shown } = model.get(id);
      return { op: "splice", id, at: toPoints(shown, from), removed: shown.slice(from, to), inserted };
    });
    const done = await structure.enter(operations, [...new Set(chosen.map((hit) => hit.id))]);
    if (!done) return;
    toast(`${chosen.length}か所を${inserted ? "置き換え" : "消し"}ました。元に戻すには Ctrl+Z。`);
    if (this.teach.checked) await this.#teach();
  }

  async #teach() {
    const misheard = this.always.checked ? [this.wanted.value] : [];
    try {
      const entered = await post("/api/dictionary", { written: this.put.value, reading: this.reading.value, misheard });
      toast(`「${entered.written}」（${entered.reading}）を辞書に入れました。次の下書きから使われます。`);
      this.teach.checked = false;
      this.#options();
    } catch (error) {
      toast(error.message, { bad: true });
    }
  }

  #chosen() {
    return this.#hits.filter((hit) => !this.#left.has(hit.key));
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.app.tools.current === "find" && this.search(), 150);
  }

  #show(hit) {
    this.app.view.reveal(hit.id, { focus: false });
    this.app.view.place = hit.from;
    this.app.ink.only("target", this.app.view.field(hit.id), hit.from, hit.to);
    announce(this.app.model.get(hit.id).shown.slice(Math.max(0, hit.from - AROUND), hit.to + AROUND));
  }

  #build() {
    const field = (label, attributes) => h("input", { type: "text", "aria-label": label, placeholder: label, autocomplete: "off", maxlength: 200, ...attributes });
    const tick = (text, onchange) => {
      const box = h("input", { type: "checkbox", onchange });
      return [box, h("label", { class: "tick" }, box, text)];
    };
    const again = () => { this.#left.clear(); this.search(); };
    this.wanted = field("検索する言葉", { type: "search", oninput: (event) => event.isComposing || again() });
    this.wanted.addEventListener("compositionend", again);
    this.put = field("置き換える言葉", { oninput: () => this.#soon() });
    this.reading = field("よみ（空けると自動で調べます）", {});
    const [exact, exactLabel] = tick("全角・半角、大文字・小文字を区別する", again);
    const [teach, teachLabel] = tick("辞書にも登録する", () => this.#options());
    const [always, alwaysLabel] = tick("", null);
    Object.assign(this, { exact, teach, always, alwaysLabel });
    this.count = h("p", { role: "status" });
    this.list = h("ul", { "aria-label": "見つかった箇所", class: "hits" });
    this.button = h("button", { type: "button", class: "main", onclick: () => this.replace() }, "置き換える");
    const move = (text, by) => h("button", { type: "button", class: "small", onclick: () => this.go(by) }, text);
    this.all = h("button", { type: "button", class: "small", onclick: () => this.#toggleAll() });
    this.wanted.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.go(event.shiftKey ? -1 : 1);
    });
    this.dictionary = h("div", { class: "row" }, this.reading, alwaysLabel);
    this.panel.append(this.wanted, h("div", { class: "row" }, move("▲ 前", -1), move("▼ 次", 1), this.count), exactLabel, this.put, teachLabel, this.dictionary, h("div", { class: "row" }, this.button, this.all), this.list);
    this.#options();
  }

  #options() {
    this.dictionary.hidden = !this.teach.checked;
    this.alwaysLabel.lastChild.data = `「${this.wanted.value}」と聞き取ったら、いつも「${this.put.value}」に直す`;
  }

  #toggleAll() {
    if (this.#left.size) this.#left.clear();
    else this.#left = new Set(this.#hits.map((hit) => hit.key));
    this.#list();
  }

  #list() {
    const total = this.#hits.length;
    const turns = new Set(this.#hits.map((hit) => hit.id)).size;
    this.count.textContent = this.wanted.value ? `${total}か所（${turns}発言）` : "";
    this.list.replaceChildren(...this.#hits.slice(0, LISTED).map((hit) => this.#row(hit)));
    if (total > LISTED) this.list.append(h("li", { class: "faint" }, `ほか${total - LISTED}か所（置き換えはすべての箇所に及びます）`));
    this.#figures();
    this.#options();
  }

  #figures() {
    const chosen = this.#chosen().length;
    this.button.textContent = `${chosen}か所を${this.put.value ? "置き換える" : "消す"}`;
    this.button.disabled = !chosen || this.app.readOnly;
    this.all.textContent = this.#left.size ? "すべて選ぶ" : "すべて外す";
    this.all.hidden = !this.#hits.length;
  }

  #row(hit) {
    const entry = this.app.model.get(hit.id);
    const text = entry.shown;
    const [before, found, after] = [text.slice(Math.max(0, hit.from - AROUND), hit.from), text.slice(hit.from, hit.to), text.slice(hit.to, hit.to + AROUND)];
    const box = h("input", { type: "checkbox", checked: !this.#left.has(hit.key), "aria-label": `${before}${found}${after} を置き換える` });
    box.addEventListener("change", () => {
      if (box.checked) this.#left.delete(hit.key);
      else this.#left.add(hit.key);
      this.#figures();
    });
    const changed = this.put.value ? [h("del", {}, found), h("ins", {}, this.put.value)] : [h("mark", {}, found)];
    const place = [clock(entry.start), entry.role, entry.within ? "（説明）" : ""].filter(Boolean).join(" ");
    return h("li", { class: "hit" }, box, h("button", { type: "button", onclick: () => this.#show(hit) },
      h("span", { class: "faint num" }, place), h("span", {}, hit.from > AROUND ? "…" : "", before, ...changed, after)));
  }
}
