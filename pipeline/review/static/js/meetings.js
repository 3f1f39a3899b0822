// The list of meetings, live: states and progress come in as they happen.

import { $, clock, h, moment, toast } from "./dom.js";
import { draftState, redraftState, showDrafts } from "./drafts.js";
import { ask, openMenu } from "./menu.js";
import { mayAs, person, request } from "./net.js";
import { showQuality } from "./quality.js";
import { stateTag, steps } from "./states.js";

const UNDRAFTED = ["waiting", "running", "failed"];
const shown = new Map(); // meeting → its row as it is on the page, and what that was made of
let all = [];
let next = "";

async function load() {
  const found = await request("/api/meetings");
  const before = new Map(all.map((row) => [row.id, row.state]));
  all = found.meetings;
  next = found.trouble ? "直ってから始まります" : found.here ? "まもなく始まります" : "次の一括処理で作ります";
  show();
  showDrafts(all, act);
  showTrouble(found.trouble);
  for (const row of all) if (before.get(row.id) === "running" && row.state === "draft") toast(`「${nameOf(row)}」の下書きができました。`);
}

const nameOf = (row) => row.name ?? `名称未定（${row.files[0]}）`;
const plain = (text) => text.normalize("NFKC").toLowerCase();

/** Why no draft can be made at all: what it means for the clerk, and the words that the systems section needs. */
function showTrouble(trouble) {
  const box = $("#trouble");
  const shown = trouble ? trouble.text + trouble.said : "";
  if (box.dataset.shown === shown) return;
  box.dataset.shown = shown;
  box.hidden = !trouble;
  if (!trouble) return box.replaceChildren();
  box.replaceChildren(
    h("h2", {}, "いま下書きを作れません"),
    h("p", {}, trouble.text),
    h("p", {}, "登録した録音と会議の情報は保存してあります。直れば自動的に始まります。修正中の会議はそのまま直せます。"),
    h("details", {}, h("summary", {}, "情報システム担当に伝える内容"), h("pre", {}, trouble.said)),
    h("div", { class: "actions" }, h("button", { type: "button", class: "main", onclick: () => act("/api/drafting").then(() => toast("もう一度試しています。")) }, "もう一度試す")));
}

function show() {
  const wanted = plain($("#wanted").value.trim());
  const state = $("#state").value;
  const rows = all.filter((row) => (!state || row.state === state || (state === "running" && row.state === "waiting")) && plain([row.name, row.secretariat, ...row.files].join("\n")).includes(wanted));
  lay($("#meetings"), rows.map(kept));
  $("#count").textContent = `${rows.length}件`;
  for (const part of [$(".filters"), $("table.meetings")]) part.hidden = all.length === 0;
  $("#none").hidden = all.length > 0;
  $("#unfound").hidden = rows.length > 0 || all.length === 0;
}

/** The row on the page, made anew only when something about the meeting changed: focus and open details stay. */
function kept(row) {
  const text = JSON.stringify([row, next]);
  const before = shown.get(row.id);
  if (before?.text === text) return before.element;
  const made = element(row);
  if (before?.element.isConnected) {
    const focused = before.element.contains(document.activeElement);
    before.element.replaceWith(made);
    if (focused) made.querySelector("td:last-child button").focus({ preventScroll: true });
  }
  shown.set(row.id, { text, element: made });
  return made;
}

/** Put elements into a parent in this order, moving only those that stand elsewhere. */
function lay(parent, elements) {
  const wanted = new Set(elements);
  for (const old of [...parent.children]) if (!wanted.has(old)) old.remove();
  elements.forEach((each, at) => parent.children[at] !== each && parent.insertBefore(each, parent.children[at] ?? null));
}

function element(row) {
  const ready = !UNDRAFTED.includes(row.state);
  const name = nameOf(row);
  return h("tr", { "data-id": row.id },
    h("td", {}, stateTag(row.state)),
    h("td", { class: "num" }, row.date ? new Date(`${row.date}T00:00`).toLocaleDateString("ja-JP-u-ca-japanese", { era: "long", year: "numeric", month: "long", day: "numeric" }) : h("span", { class: "faint" }, "未定")),
    h("td", {}, ready ? h("a", { class: "name", href: `/meetings/${row.id}` }, name) : h("span", { class: "name" }, name), row.restricted && h("span", { class: "tag", title: "見られる人が限られています" }, "限定"), h("br"), h("span", { class: "faint" }, row.secretariat && `${row.secretariat}　`, h("span", {}, `更新 ${moment(row.changed)}`))),
    h("td", { class: "num" }, row.summary ? clock(row.summary.duration_ms) : ""),
    h("td", { class: "num" }, row.summary ? (row.summary.flags ? h("span", { class: "tag warn" }, `${row.summary.flags}か所`) : "なし") : ""),
    h("td", { class: "progress" }, howFar(row)),
    h("td", {}, h("button", { type: "button", class: "small", "aria-haspopup": "menu", "aria-label": `${name}の操作`, onclick: (event) => menu(row, event.currentTarget) }, "操作")));
}

function howFar(row) {
  const ask = () => act(`/api/meetings/${row.id}/draft`);
  if (UNDRAFTED.includes(row.state)) return draftState(row, next, ask);
  if (!row.summary) return redraftState(row, ask) ?? "";
  const { turns, confirmed, heard } = row.summary;
  return h("div", {}, redraftState(row, ask), h("progress", { max: turns || 1, value: confirmed, "aria-label": `確認済み ${confirmed}/${turns}` }), h("span", { class: "faint num" }, `${confirmed}/${turns}発言　聞いた ${heard}％`));
}

function menu(row, anchor) {
  const busy = ["waiting", "running"].includes(row.job?.state);
  const ready = !UNDRAFTED.includes(row.state);
  const item = (title, run, disabled = false) => ({ title, run, disabled });
  openMenu(anchor, [
    ...(ready ? [item("開いて直す", () => location.assign(`/meetings/${row.id}`)), item("プレビュー・書き出し", () => location.assign(`/meetings/${row.id}/preview`)), item("履歴", () => location.assign(`/meetings/${row.id}#history`))] : []),
    ...steps(row.state).map(([state, title]) => item(title, () => act(`/api/meetings/${row.id}/state`, { state }))),
    ...(person() && mayAs("approver") ? [item("見られる人を決める", () => restrict(row))] : []),
    ...(row.state === "waiting" ? [] : [item("録音の状態を見る", () => quietly(() => showQuality(row.id)))]),
    item("会議の情報", () => location.assign(`/meetings/${row.id}/form`)),
    "-",
    ...(row.job?.state === "waiting" && row.job.ahead ? [item("この会議を先に作る", () => act(`/api/meetings/${row.id}/hurry`))] : []),
    busy ? item("下書きの作成を取りやめる", () => act(`/api/meetings/${row.id}/cancel`)) : item(ready ? "下書きを作り直す（修正は残ります）" : "下書きを作る", () => act(`/api/meetings/${row.id}/draft`)),
    ...(mayAs("approver") && row.state !== "final" && row.job?.state !== "running" ? ["-", item("会議を消す", () => remove(row))] : []),
  ], "会議の操作");
}

async function remove(row) {
  const answer = await ask("会議を消しますか", [
    h("p", {}, `「${nameOf(row)}」の録音、下書き、修正、コメントがすべて消えます。元に戻せません。`),
    h("p", {}, h("label", {}, h("input", { type: "checkbox", name: "sure", required: true }), "消えてよいことを確かめました")),
  ], [["cancel", "やめる"], ["ok", "消す", "danger"]]);
  if (answer) await act(`/api/meetings/${row.id}`, undefined, "DELETE");
}

async function restrict(row) {
  const people = await request(`/api/meetings/${row.id}/access`);
  const answer = await ask("この会議を見られる人", [
    h("p", {}, "だれも選ばないと、全員が見られます。管理者はいつでも見られます。"),
    h("fieldset", { class: "choices" }, h("legend", { class: "sr" }, "見られる人"), ...people.map((each) => h("label", {}, h("input", { type: "checkbox", name: "account", value: each.name, checked: each.may }), each.shown))),
  ], [["cancel", "やめる"], ["ok", "決定", "main"]]);
  if (answer) await act(`/api/meetings/${row.id}/access`, { accounts: answer.form.getAll("account") }, "PUT");
}

const act = (path, body, method = "POST") => quietly(async () => {
  await request(path, { method, body });
  await load();
});

async function quietly(work) {
  try {
    await work();
  } catch (error) {
    toast(error.message, { bad: true });
  }
}

function listen() {
  let source = null;
  let timer = 0;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource("/api/events");
    source.onopen = () => load().catch(() => {}); // what happened while nobody listened
    source.onmessage = () => {
      clearTimeout(timer);
      timer = setTimeout(() => load().catch(() => {}), 150);
    };
    source.onerror = () => {
      source?.close();
      source = null;
      setTimeout(open, 2000);
    };
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      load().catch(() => {});
      open();
      return;
    }
    source?.close();
    source = null;
  });
  open();
}

/** After a meeting was registered the list says so, once. */
function ready() {
  const added = new URLSearchParams(location.search).get("added");
  if (added) {
    history.replaceState(null, "", "/");
    if (shown.has(added)) toast("登録しました。下書きができるまで、この画面を閉じても構いません。");
    $(`tr[data-id="${CSS.escape(added)}"]`)?.scrollIntoView({ block: "nearest" });
  }
  document.body.dataset.ready = "yes";
}

if ($("#meetings")) {
  $("#wanted").addEventListener("input", show);
  $("#state").addEventListener("change", show);
  $(".filters").addEventListener("submit", (event) => event.preventDefault());
  load().then(ready, (error) => toast(error.message, { bad: true }));
  listen();
}
