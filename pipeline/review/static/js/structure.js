// Commands that change how the minutes are divided: turns, roles, explanations, headings, decisions.

import { ask, askText, openMenu } from "./menu.js";
import { h, random, spoken, toast } from "./dom.js";
import { toPoints } from "./texts.js";
import { selectionIn, unsure } from "./turn.js";
import { ROLE_KEYS } from "./keymap.js";

const fresh = () => `n${random()}`.slice(0, 20);

export class Structure {
  constructor(app) {
    this.app = app;
  }

  /** Enter operations; tell the clerk in words when they cannot be. */
  async enter(operations, ids) {
    try {
      return await this.app.outbox.submit(operations, ids);
    } catch (error) {
      toast(error.status === 409 ? "ほかの人が先に直しました。内容を確かめて、もう一度操作してください。" : error.message, { bad: true });
      return null;
    }
  }

  #at(id) {
    const places = selectionIn(this.app.view.field(id));
    return places && { ...places, text: this.app.model.get(id).shown };
  }

  #speech() {
    const entry = this.app.view.current;
    if (entry?.kind === "speech") return entry;
    toast("発言を選んでください。");
    return null;
  }

  async split() {
    const entry = this.#speech();
    const at = entry && this.#at(entry.id);
    if (!at) return;
    if (at.start === 0 || at.start === at.text.length) return toast("分ける所にカーソルを置いてください。");
    const added = fresh();
    const done = await this.enter([{ op: "split", id: entry.id, at: toPoints(at.text, at.start), new: added }], [entry.id]);
    if (done) this.app.view.reveal(added, { place: 0, block: "nearest" });
  }

  async merge() {
    const entry = this.#speech();
    const before = entry && this.app.model.beside(entry.id, -1);
    if (!before || before.kind !== "speech" || before.within !== entry.within) return entry && toast("すぐ前に、つなげる発言がありません。");
    const place = before.shown.length;
    const done = await this.enter([{ op: "merge", id: before.id, following: entry.id }], [before.id, entry.id]);
    if (done) this.app.view.reveal(before.id, { place, block: "nearest" });
  }

  /** Words before the cursor to the turn before, or words after it to the turn after. */
  async moveWords(by) {
    const entry = this.#speech();
    const at = entry && this.#at(entry.id);
    const beside = at && this.app.model.beside(entry.id, by);
    if (!at) return;
    if (!beside || beside.kind !== "speech" || beside.within !== entry.within) return toast(`${by < 0 ? "前" : "次"}に、移せる発言がありません。`);
    const [place, added] = [toPoints(at.text, at.start), fresh()];
    const operations = by < 0
      ? [{ op: "split", id: entry.id, at: place, new: added }, { op: "merge", id: beside.id, following: entry.id }, { op: "cast", ids: [added], role: entry.role, speaker: entry.speaker }]
      : [{ op: "split", id: entry.id, at: place, new: added }, { op: "merge", id: added, following: beside.id, keep: "second" }];
    const done = await this.enter(operations, [entry.id, beside.id]);
    if (done) this.app.view.reveal(by < 0 ? added : entry.id, { place: by < 0 ? 0 : at.start, block: "nearest" });
  }

  async confirm() {
    const entry = this.app.view.current;
    if (!entry) return;
    if (!entry.confirmed) await this.enter([{ op: "confirm", ids: [entry.id] }], [entry.id]);
    this.app.go(1);
  }

  toggleConfirmed(id) {
    const entry = this.app.model.get(id);
    return this.enter([{ op: "confirm", ids: [id], value: !entry.confirmed }], [id]);
  }

  /** Roles and voices, with how far the change reaches. */
  roleMenu(anchor = null) {
    const entry = this.#speech();
    if (!entry) return;
    const button = anchor ?? this.app.view.element(entry.id).querySelector(".role");
    const { model } = this.app;
    const place = model.places.get(entry.id);
    const voice = model.entries.filter((each) => each.kind === "speech" && each.speaker === entry.speaker);
    const reach = { one: [entry.id], on: voice.filter((each) => model.places.get(each.id) >= place).map((each) => each.id), all: voice.map((each) => each.id) };
    let scope = "one";
    const cast = (change) => this.#cast(entry, reach[scope], change);
    const doubtful = entry.flagged && !entry.confirmed;
    openMenu(button, [
      ...(doubtful ? [{ head: `要確認：${unsure(entry)}` }, { title: `「${entry.role}」でよい`, run: () => cast({ role: entry.role }) }, "-"] : []),
      { head: "変える範囲" },
      { title: "この発言だけ", kind: "radio", checked: true, run: () => (scope = "one") },
      { title: `ここから後の同じ声の発言（${reach.on.length}件）`, kind: "radio", checked: false, run: () => (scope = "on") },
      { title: `この声の発言すべて（${reach.all.length}件）`, kind: "radio", checked: false, run: () => (scope = "all") },
      "-",
      { head: "役割" },
      ...model.roles().map((role, i) => ({ title: role, keys: [ROLE_KEYS[i]].filter(Boolean), checked: role === entry.role, run: () => cast({ role }) })),
      { title: "ほかの役割…", run: async () => { const role = await askText("役割を変える", "役割", entry.role, { ok: "変える" }); if (role) cast({ role }); } },
      "-",
      { title: "話者(声)を変える…", run: () => this.#voice(entry, cast) },
    ], "役割・話者を変える");
  }

  async #cast(entry, ids, change) {
    const done = await this.enter([{ op: "cast", ids, ...change }], ids);
    if (!done) return;
    if (ids.length > 1) toast(`${ids.length}件の発言を変えました。元に戻すには Ctrl+Z。`);
    this.app.view.reveal(entry.id, { block: "nearest" });
  }

  async #voice(entry, cast) {
    const voices = new Map();
    for (const each of this.app.model.entries) if (each.speaker) voices.set(each.speaker, [...(voices.get(each.speaker) ?? []), each]);
    const options = [...voices].map(([voice, said]) => h("option", { value: voice, selected: voice === entry.speaker }, `${voice} — ${[...new Set(said.map((each) => each.role))].join("・")}（${said.length}件、最初は${spoken(said[0].start)}）`));
    const field = h("select", { name: "voice" }, ...options, h("option", { value: "" }, "新しい話者"));
    const answer = await ask("話者(声)を変える", [h("p", {}, h("label", {}, "話者", h("br"), field))], [["cancel", "やめる"], ["ok", "変える", "main"]]);
    if (!answer) return;
    const speaker = answer.form.get("voice") || `N${String(voices.size + 1).padStart(2, "0")}`;
    const role = voices.get(speaker)?.[0].role;
    cast(role ? { speaker, role } : { speaker });
  }

  /** Give the current turn the role numbered n. */
  role(n) {
    const entry = this.#speech();
    const role = entry && this.app.model.roles()[n - 1];
    if (role) this.enter([{ op: "cast", ids: [entry.id], role }], [entry.id]);
  }

  /** Make the current turn, and those after it of the same voice, an explanation; or print one in full. */
  async explain() {
    const entry = this.app.view.current;
    if (!entry) return;
    const header = entry.kind === "explanation" ? entry : this.app.model.get(entry.within);
    if (header) {
      const inside = this.app.model.entries.filter((each) => each.within === header.id).map((each) => each.id);
      const done = await this.enter([{ op: "unexplain", id: header.id }], [header.id, ...inside]);
      if (done) toast("説明を全文で印刷します。");
      return;
    }
    if (entry.kind !== "speech") return;
    const ids = this.#explained(entry);
    const items = this.app.model.front.agenda;
    const item = this.#itemBefore(entry) ?? items[0];
    if (!item) return toast("先に「会議の情報」で議題を登録してください。", { bad: true });
    const field = h("select", { name: "item" }, ...items.map((each, i) => h("option", { value: i, selected: each === item }, `${each.kind}(${each.number}) ${each.title}`)));
    const many = h("select", { name: "many" }, ...ids.map((_, i) => h("option", { value: i + 1, selected: i + 1 === ids.length }, `この発言から${i + 1}件`)));
    const answer = await ask("説明として扱う", [h("p", {}, "説明は全文を保管し、会議録には「〔事務局:「…」を説明〕」の1行だけを印刷します。"), h("p", {}, h("label", {}, "議題", h("br"), field)), h("p", {}, h("label", {}, "範囲", h("br"), many))], [["cancel", "やめる"], ["ok", "説明にする", "main"]]);
    if (!answer) return;
    const chosen = items[Number(answer.form.get("item"))];
    const inside = ids.slice(0, Number(answer.form.get("many")));
    const text = `〔${entry.role}:「${chosen.kind}(${chosen.number})${chosen.title}」を説明〕`;
    await this.enter([{ op: "explain", id: fresh(), ids: inside, item: chosen, text }], inside);
  }

  /** This turn and those that follow without anything between, while the same voice goes on or is briefly interrupted. */
  #explained(entry) {
    const ids = [];
    for (let each = entry; each?.kind === "speech" && !each.within; each = this.app.model.beside(each.id)) {
      if (each.speaker !== entry.speaker && each.shown.length > 12) break;
      ids.push(each.id);
    }
    while (ids.length > 1 && this.app.model.get(ids.at(-1)).speaker !== entry.speaker) ids.pop();
    return ids;
  }

  #itemBefore(entry) {
    let found = null;
    for (const each of this.app.model.entries) {
      if (each.kind === "heading") found = each.item;
      if (each.id === entry.id) break;
    }
    const { agenda } = this.app.model.front;
    return agenda.find((item) => found && item.kind === found.kind && item.number === found.number);
  }

  async heading() {
    const entry = this.app.view.current;
    const items = this.app.model.front.agenda;
    if (!entry) return;
    if (!items.length) return toast("先に「会議の情報」で議題を登録してください。", { bad: true });
    const field = h("select", { name: "item" }, ...items.map((item, i) => h("option", { value: i }, `${item.kind}(${item.number}) ${item.title}`)));
    const answer = await ask("議題の見出しを入れる", [h("p", {}, h("label", {}, "議題", h("br"), field))], [["cancel", "やめる"], ["ok", "入れる", "main"]]);
    if (!answer) return;
    const item = items[Number(answer.form.get("item"))];
    const text = `${item.kind === "報告" ? "報告案件" : item.kind}(${item.number}) ${item.title}`;
    this.#put(this.#outside(entry), 0, { kind: "heading", id: fresh(), item, text, start_ms: entry.start });
  }

  async decision() {
    const entry = this.app.view.current;
    if (!entry) return;
    const text = await askText("決定を入れる", "決定", "了承", { ok: "入れる", options: ["了承", "原案のとおり可決", "可決", "承認", "異議なし", "継続審査", "否決", "採択", "不採択"] });
    if (text) this.#put(this.#outside(entry), 1, { kind: "decision", id: fresh(), text: `―${text.replace(/^―|―$/g, "")}―`, inferred: false, start_ms: entry.end ?? entry.start });
  }

  /** Inside an explanation nothing but its turns may stand. */
  #outside(entry) {
    return entry.within ? this.app.model.get(entry.within) : entry;
  }

  async #put(entry, below, block) {
    let after = below ? entry : this.app.model.beside(entry.id, -1);
    while (below && this.app.model.beside(after.id)?.within) after = this.app.model.beside(after.id);
    const done = await this.enter([{ op: "put", after: after?.id ?? null, blocks: [block] }], []);
    if (done) this.app.view.reveal(block.id, { place: 0, block: "nearest" });
  }

  /** Take a heading or decision out, or empty a turn: what was said stays with it and can be heard. */
  async remove(id) {
    const entry = this.app.model.get(id);
    const before = this.app.model.beside(id, -1);
    const operation = entry.kind === "speech"
      ? { op: "splice", id, at: 0, removed: entry.shown, inserted: "" }
      : { op: "put", after: before?.id ?? null, removed: [id] };
    const done = await this.enter([operation], [id]);
    if (done) toast(entry.kind === "speech" ? "発言を空にしました。元に戻すには Ctrl+Z。" : "取り除きました。元に戻すには Ctrl+Z。");
  }

  /** Write what recognition could not hear. */
  async write(id) {
    const entry = this.app.model.get(id);
    const role = this.app.model.turnAt(entry.start)?.role ?? this.app.model.roles()[0] ?? "【要確認】";
    const speaker = this.app.model.turnAt(entry.start)?.speaker ?? "N01";
    const empty = { text: "", start_ms: entry.start, end_ms: entry.end, words: [] };
    const block = { kind: "speech", id: fresh(), role, speaker, confidence: 0, flagged: true, paragraphs: [[empty]], start_ms: entry.start, end_ms: entry.end };
    const before = this.app.model.beside(id, -1);
    const done = await this.enter([{ op: "put", after: before?.id ?? null, removed: [id], blocks: [block] }], [id]);
    if (done) this.app.view.reveal(block.id, { place: 0 });
  }
}
