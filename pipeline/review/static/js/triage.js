// What is still to be looked at: doubtful words, unsure roles, what nobody has heard; filters, and how far the work is.

import { $, announce, clock, h, toast } from "./dom.js";
import { ACCEPTED, WORD } from "./model.js";
import { covered, joined } from "./spans.js";

const LISTED = 200;
const AROUND = 6; // characters of context
const TYPING_MS = 700; // after the last key
const HEARD = 0.8; // share of a turn that was played, from which it counts as heard

export class Triage {
  constructor(app) {
    this.app = app;
    this.heard = joined(app.sheet.heard, 500);
    app.addEventListener("heard", ({ detail }) => {
      this.heard = joined([...this.heard, ...detail], 500);
      app.wave.setHeard(this.heard);
      this.#soon();
    });
    for (const name of ["change", "reset"]) app.model.addEventListener(name, () => this.#soon());
    this.#panel();
    this.update();
  }

  /** In a pause of typing: looking through a long meeting takes longer than a key may wait. */
  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (performance.now() - this.app.player.typedAt < TYPING_MS ? this.#soon() : this.update()), 300);
  }

  isHeard(entry) {
    const length = entry.end - entry.start;
    return length <= 0 || covered(this.heard, entry.start, entry.end) >= HEARD * length;
  }

  /** Everything doubtful in order: {id, from, to, title}. */
  *doubts() {
    const from = this.app.settings.doubtFrom;
    for (const entry of this.app.model.entries) {
      if (entry.confirmed || entry.within) continue;
      if (entry.kind === "inaudible") yield { id: entry.id, from: 0, to: 0, start: entry.start, title: "聞き取れない箇所" };
      if (entry.inferred) yield { id: entry.id, from: 0, to: entry.shown.length, start: entry.start, title: `推定した決定 ${entry.shown}` };
      if (entry.flagged) yield { id: entry.id, from: 0, to: 0, start: entry.start, title: `役割の確認：${entry.role}`, role: true };
      const { words } = entry;
      for (let at = 0; words && at < words.length; at += WORD) {
        if (words[at + 4] < from || words[at + 5] & ACCEPTED || words[at] === words[at + 1]) continue;
        const first = at;
        while (at + WORD < words.length && words[at + WORD + 4] >= from && words[at + WORD] === words[at + 1] && !(words[at + WORD + 5] & ACCEPTED)) at += WORD;
        const [low, high] = [words[first], words[at + 1]];
        yield { id: entry.id, from: low, to: high, start: words[first + 2], end: words[at + 3], title: `「${entry.shown.slice(low, high)}」` };
      }
    }
  }

  /** When the words begin that are doubtful together with this one (a position in entry.words). */
  wordsAround(entry, word) {
    const { words } = entry;
    const place = [...this.doubts()].find((each) => each.id === entry.id && each.from <= words[word] && words[word + 1] <= each.to);
    const found = [];
    for (let at = 0; at < words.length; at += WORD) if (at === word || (place && place.from <= words[at] && words[at] < words[at + 1] && words[at + 1] <= place.to)) found.push(words[at + 2]);
    return found;
  }

  /** The next doubtful place after the cursor (by 1), or the one before it (by -1): show it and play around it. */
  jump(by) {
    const { view, model } = this.app;
    const all = [...this.doubts()].filter((each) => view.shows(each.id));
    if (!all.length) return toast(this.strip.hidden ? "疑わしい所はもうありません。" : "絞り込んだ発言に、疑わしい所はもうありません。");
    const current = view.current;
    const field = current && view.field(current.id);
    const here = current ? [model.places.get(current.id), document.activeElement === field ? this.app.cursor()?.start ?? -1 : -1] : [-1, -1];
    const after = (each) => {
      const [place, at] = [model.places.get(each.id), each.from];
      return place - here[0] || (this.last === `${each.id}/${each.from}` ? 0 : at - here[1] || by / 2); // one right at the cursor was not shown yet
    };
    const next = by > 0 ? all.find((each) => after(each) > 0) ?? all[0] : all.findLast((each) => after(each) < 0) ?? all.at(-1);
    this.show(next);
  }

  show(doubt) {
    const { view, player } = this.app;
    this.last = `${doubt.id}/${doubt.from}`;
    view.reveal(doubt.id, { place: doubt.from, end: doubt.to });
    announce(`疑わしい所：${doubt.title}`);
    const entry = this.app.model.get(doubt.id);
    player.once(Math.max(0, doubt.start - 1500), (doubt.end ?? entry.end ?? doubt.start + 2000) + 1000);
  }

  /** The next printed turn that nobody has heard. */
  unheard() {
    const { model, view, player } = this.app;
    const from = view.current ? model.places.get(view.current.id) : -1;
    const left = [...model.printed()].filter((entry) => !this.isHeard(entry) && entry.shown.trim() && view.shows(entry.id));
    const next = left.find((entry) => model.places.get(entry.id) > from) ?? left[0];
    if (!next) return toast(this.strip.hidden ? "すべて聞きました。" : "絞り込んだ発言は、すべて聞きました。");
    view.reveal(next.id, { place: 0 });
    player.play(next.start);
  }

  #panel() {
    const panel = this.app.tools.add("check", "確認", { focus: "button, select" });
    const option = (value, text) => h("option", { value }, text);
    this.only = h("select", { "aria-label": "表示する発言", onchange: () => this.filter() },
      option("", "すべての発言"), option("unconfirmed", "まだ確認していない発言"), option("unheard", "まだ聞いていない発言"),
      option("doubtful", "疑わしい語のある発言"), option("flagged", "役割が確かでない発言"), option("withheld", "非公開の箇所がある発言"), option("comments", "コメントのある発言"));
    this.role = h("select", { "aria-label": "役割で絞る", onchange: () => this.filter() });
    this.figures = h("div", {});
    this.list = h("ul", { "aria-label": "疑わしい所" });
    this.count = h("h2", {}, "疑わしい所");
    this.strip = h("div", { class: "keep strip", hidden: true }, h("span", {}), h("button", { type: "button", class: "small", onclick: () => this.#everything() }, "すべて表示する"));
    this.app.view.root.prepend(this.strip);
    panel.append(h("h2", {}, "進み具合"), this.figures, h("h2", {}, "絞り込み"), h("div", { class: "row" }, this.only), h("div", { class: "row" }, this.role), this.count, this.list);
  }

  /** Show only what was asked for. again: the same as before; the turn in hand stays, though it may fit no longer. */
  filter({ again = false } = {}) {
    const { root, current } = this.app.view;
    const [only, role] = [this.only.value, this.role.value];
    root.classList.toggle("only", Boolean(only || role));
    this.strip.hidden = !only && !role;
    if (this.strip.hidden) return;
    const doubtful = only === "doubtful" ? new Set([...this.doubts()].map((each) => each.id)) : null;
    const tests = {
      unconfirmed: (entry) => !entry.confirmed && entry.shown.trim(),
      unheard: (entry) => entry.kind === "speech" && !this.isHeard(entry),
      doubtful: (entry) => doubtful.has(entry.id),
      flagged: (entry) => !entry.confirmed && (entry.flagged || entry.inferred),
      withheld: (entry) => entry.withheld || entry.marks,
      comments: (entry) => entry.aside.comments,
    };
    let shown = 0;
    for (const entry of this.app.model.entries) {
      const match = Boolean((!only || tests[only](entry)) && (!role || entry.role === role));
      const { classList } = this.app.view.element(entry.id);
      classList.toggle("match", match || (again && entry === current && classList.contains("match")));
      shown += match;
    }
    const told = [only && this.only.selectedOptions[0].textContent, role && `役割が${role}`].filter(Boolean).join("、");
    this.strip.firstChild.textContent = shown ? `絞り込み中：${told}（${shown}件）` : `絞り込み中：${told}。当てはまる発言はありません。`;
    if (!again) announce(this.strip.firstChild.textContent);
  }

  #everything() {
    this.only.value = this.role.value = "";
    this.filter();
    this.app.tools.back();
  }

  /** Figures and lists anew. */
  update() {
    this.#progress();
    const doubts = [...this.doubts()];
    this.app.tools.count("check", doubts.length);
    this.count.textContent = `疑わしい所 ${doubts.length}か所`;
    this.list.replaceChildren(...doubts.slice(0, LISTED).map((each) => this.#row(each)));
    if (doubts.length > LISTED) this.list.append(h("li", { class: "faint" }, `ほか${doubts.length - LISTED}か所`));
    const chosen = this.role.value;
    this.role.replaceChildren(h("option", { value: "" }, "すべての役割"), ...this.app.model.roles().map((role) => h("option", { value: role, selected: role === chosen }, role)));
    if (this.app.view.root.classList.contains("only")) this.filter({ again: true });
  }

  /** What counts is speech that was heard and then confirmed; a confirmation without listening is told as such. */
  #progress() {
    let [length, heard, done, turns, confirmed, unheard] = [0, 0, 0, 0, 0, 0];
    for (const entry of this.app.model.printed()) {
      if (!entry.shown.trim()) continue;
      const ms = Math.max(0, entry.end - entry.start);
      turns += 1;
      length += ms;
      heard += covered(this.heard, entry.start, entry.end);
      if (!entry.confirmed) continue;
      confirmed += 1;
      if (this.isHeard(entry)) done += ms;
      else unheard += 1;
    }
    const percent = (ms) => (length ? Math.round((100 * ms) / length) : 0);
    const [first, second] = document.querySelectorAll(".meter .track i");
    first.style.width = `${percent(heard)}%`;
    second.style.width = `${percent(done)}%`;
    $("#progress").textContent = `確認 ${percent(done)}％`;
    $(".meter").title = `聞いて確認済みにした発言 ${percent(done)}％、聞いた発言 ${percent(heard)}％`;
    const bar = (text, label, ms) => h("p", {}, text, h("progress", { max: 100, value: percent(ms), "aria-label": label }));
    this.figures.replaceChildren(
      bar(`聞いて確認した発言 ${percent(done)}％（残り ${clock(length - done)}）`, "聞いて確認した割合", done),
      bar(`聞いた発言 ${percent(heard)}％（${clock(heard)} / ${clock(length)}）`, "聞いた割合", heard),
      h("p", {}, `確認済み ${confirmed} / ${turns} 発言${unheard ? `（うち聞かずに確認 ${unheard}）` : ""}`));
  }

  #row(doubt) {
    const { shown } = this.app.model.get(doubt.id);
    const around = doubt.to > doubt.from && !doubt.title.startsWith("推定") ? [shown.slice(Math.max(0, doubt.from - AROUND), doubt.from), h("b", {}, shown.slice(doubt.from, doubt.to)), shown.slice(doubt.to, doubt.to + AROUND)] : [doubt.title];
    return h("li", {}, h("button", { type: "button", onclick: () => this.show(doubt) }, h("span", { class: "num faint" }, clock(doubt.start)), h("span", {}, ...around)));
  }
}
