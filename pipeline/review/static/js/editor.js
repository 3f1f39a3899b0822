// The editor put together: what is loaded, who listens to whom, and which key does what.

import { actionsOf } from "./actions.js";
import { Comments } from "./comments.js";
import { Conflicts } from "./conflict.js";
import { $, h, toast } from "./dom.js";
import { Find } from "./find.js";
import { History } from "./history.js";
import { Ink } from "./ink.js";
import { listenToButtons, listenToKeys } from "./keyboard.js";
import { chosenKeys, COMMANDS } from "./keymap.js";
import { Live } from "./live.js";
import { openMenu } from "./menu.js";
import { showNotices } from "./notices.js";
import { Model, wordAtPlace } from "./model.js";
import { request } from "./net.js";
import { Outbox } from "./outbox.js";
import { Player } from "./player.js";
import { PlayerBar } from "./playerbar.js";
import { addPreferences, applyLook } from "./preferences.js";
import { settings } from "./settings.js";
import { listenToTyping, SheetView } from "./sheet.js";
import { showState } from "./state.js";
import { Structure } from "./structure.js";
import { Tools } from "./tabs.js";
import { Triage } from "./triage.js";
import { selectionIn } from "./turn.js";
import { Wave } from "./wave.js";
import { Withholding } from "./withhold.js";
import { WordPanel } from "./word.js";

const SEATS = 2; // names of others shown in the header

class App extends EventTarget {
  constructor(meeting, sheet) {
    super();
    Object.assign(this, { meeting, sheet, settings });
    this.readOnly = sheet.state === "final";
    this.model = new Model(sheet);
    this.outbox = new Outbox(meeting, this.model);
    this.view = new SheetView($("#turns"), this.model, { readOnly: this.readOnly });
    this.view.typedText = (id) => this.outbox.text(id);
    this.player = new Player($("#audio"), settings);
    this.wave = new Wave($("#overview"), $("#detail"), this.player, this.model);
    this.ink = new Ink(this.view, settings);
    this.structure = new Structure(this);
    this.bar = new PlayerBar(this);
    this.conflicts = new Conflicts(this);
    this.tools = new Tools(this);
    this.actions = actionsOf(this);
  }

  /** Where the cursor is in the current turn's text; null when it is elsewhere. */
  cursor() {
    const entry = this.view.current;
    return entry && selectionIn(this.view.field(entry.id));
  }

  /** To the next turn that can be seen (1) or the one before (-1). */
  go(by) {
    const { view, model } = this;
    let entry = view.current ? model.beside(view.current.id, by) : model.entries[0];
    while (entry && !view.element(entry.id).offsetParent) entry = model.beside(entry.id, by);
    if (entry) this.view.reveal(entry.id, { place: 0, block: "nearest" });
  }

  /** The menu of what can be done with the current turn. */
  menu() {
    const entry = this.view.current;
    if (entry) more(this, entry, $(".more", this.view.element(entry.id)));
  }

  /** Of an account as people read it. Nobody has one: whoever works at this computer. */
  nameOf(account) {
    if (account === "kaigiroku") return "自動";
    return account ? `${this.sheet.names[account] ?? account}さん` : "このパソコンの人";
  }
}

async function start() {
  const meeting = document.body.dataset.meeting;
  const sheet = await request(`/api/meetings/${meeting}/sheet`);
  const app = new App(meeting, sheet);
  globalThis.kaigiroku = app; // for the console and the tests
  typing(app);
  clicks(app);
  listenToKeys(app);
  listenToButtons(app);
  saved(app);
  seats(app);
  showState(app);
  showNotices(app);
  app.triage = new Triage(app);
  app.find = new Find(app);
  app.comments = new Comments(app);
  app.withholding = new Withholding(app);
  app.history = new History(app);
  addPreferences(app);
  app.word = new WordPanel(app);
  $("#audio").src = `/api/meetings/${meeting}/audio/${sheet.audio}`;
  fetch(`/api/meetings/${meeting}/peaks`).then(async (answer) => answer.ok && app.wave.load(await answer.arrayBuffer()));
  app.wave.setHeard(sheet.heard);
  const ids = await app.outbox.recover();
  for (const id of ids) app.view.rewrite(id, app.outbox.text(id));
  if (ids.length) toast(`前回サーバーに届かなかった修正${ids.length}件を、このパソコンから届けます。`);
  app.live = new Live(app);
  if (location.hash === "#history") app.tools.open("history");
  document.body.dataset.ready = "yes";
}

function typing(app) {
  listenToTyping(app.view, {
    began: (how) => app.player.typing(how),
    typed(id, text, field) {
      const entry = app.model.get(id);
      if (text === entry.shown) return;
      app.model.typed(entry, text);
      app.outbox.typed(id, text);
      app.view.refresh(id);
      app.ink.mark(field.closest(".turn"));
    },
  });
}

function clicks(app) {
  app.view.root.addEventListener("click", (event) => {
    const turn = event.target.closest(".turn");
    const entry = turn && app.model.get(turn.dataset.id);
    if (!entry) return;
    app.view.last = entry.id;
    const action = event.target.closest("[data-do]")?.dataset.do;
    if (action === "play") app.player.play(entry.start);
    else if (action === "fold") app.view.fold(entry.id, !app.view.folded.has(entry.id));
    else if (app.readOnly && action) toast("この議事録は確定しています。");
    else if (action === "confirm") app.structure.toggleConfirmed(entry.id);
    else if (action === "role") app.structure.roleMenu(event.target);
    else if (action === "more") more(app, entry, event.target);
    else if (event.target.closest(".text")) listen(app, entry, event.altKey);
  });
}

/** A click on a word plays it; selecting text does not. */
function listen(app, entry, forced) {
  const at = selectionIn(app.view.field(entry.id));
  if (!at || at.start !== at.end || entry.kind !== "speech" || !(forced || app.settings.clickPlays)) return;
  const word = wordAtPlace(entry, at.start);
  app.player.play(word >= 0 ? entry.words[word + 2] : entry.start);
}

function more(app, entry, anchor) {
  const keysOf = chosenKeys();
  const item = (id) => ({ title: COMMANDS.find((command) => command.id === id).title, keys: keysOf.get(id), run: () => app.actions[id]() });
  app.view.last = entry.id;
  const speech = ["role", "split", "merge", "move-up", "move-down", "explain", "withhold", "comment", "heading", "decision"];
  const items = entry.kind === "speech" ? speech.map(item) : [...(entry.kind === "explanation" ? [item("explain")] : []), item("withhold"), item("comment")];
  items.push({ title: "この発言の履歴", run: () => app.history.openTurn(entry.id) });
  if (entry.kind === "inaudible") items.unshift({ title: "聞いて発言を書く", run: () => app.structure.write(entry.id) });
  if (entry.kind !== "explanation") items.push("-", { title: entry.kind === "speech" ? "発言を空にする（印刷しない）" : "取り除く", run: () => app.structure.remove(entry.id) });
  openMenu(anchor, items, "この発言の操作");
}

function saved(app) {
  const line = $("#saved");
  app.outbox.addEventListener("status", ({ detail: { unsent, away, reason } }) => {
    line.className = away ? "away" : unsent ? "busy" : "";
    line.textContent = away ? `未送信${unsent}件（このパソコンに保管）` : unsent ? "保存中…" : "保存しました";
    line.title = away ? reason : "";
  });
}

function seats(app) {
  const nameOf = (seat) => (seat.name ? `${seat.name}さん` : "別の画面");
  const badge = (text, title) => h("span", { class: "tag key", title }, text);
  const show = (all) => {
    const others = all.filter((seat) => seat.client !== app.outbox.client);
    const names = [...new Set(others.map(nameOf))];
    const more = names.slice(SEATS);
    $("#seats").replaceChildren(...names.slice(0, SEATS).map((name) => badge(name, "開いています")), ...(more.length ? [badge(`ほか${more.length}人`, more.join("、"))] : []));
    for (const entry of app.model.entries) {
      const seat = others.find((each) => each.turn === entry.id);
      const name = seat && nameOf(seat);
      if (entry.aside.seat === name) continue;
      entry.aside.seat = name;
      app.view.refresh(entry.id);
    }
  };
  show(app.sheet.seats);
  app.addEventListener("seats", ({ detail }) => show(detail.seats));
}

applyLook();
start().catch((error) => {
  $("#turns").replaceChildren(h("div", { class: "note bad", role: "alert" }, h("p", {}, error.message),
    h("button", { type: "button", class: "main", onclick: () => location.reload() }, "もう一度開く")));
  document.body.dataset.ready = "failed";
});
