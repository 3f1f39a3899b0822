// The list of meetings, live: states and progress come in as they happen.

import { $, clock, h, moment, toast } from "./dom.js";
import { ask, openMenu } from "./menu.js";
import { mayAs, person, request } from "./net.js";
import { showQuality } from "./quality.js";
import { stateTag, steps } from "./states.js";

const STAGES = [
  ["ingest", "録音を読み込んでいます", 3], ["detect", "声のある所を探しています", 2], ["transcribe", "聞き取っています", 60],
  ["correct", "言葉を整えています", 2], ["diarize", "声を聞き分けています", 25], ["attribute", "発言にまとめています", 1],
  ["assign_roles", "役割を推定しています", 2], ["compose", "会議録に組んでいます", 3], ["render", "書き出しています", 2],
];
let all = [];

/** {text, percent} of a draft that is being made. */
export function progressOf(progress) {
  const whole = STAGES.reduce((sum, [, , weight]) => sum + weight, 0);
  const done = STAGES.reduce((sum, [stage, , weight]) => sum + weight * (progress[stage] ?? 0), 0);
  const current = STAGES.findLast(([stage]) => stage in progress && progress[stage] < 1) ?? STAGES.findLast(([stage]) => stage in progress) ?? STAGES[0];
  return { text: current[1], percent: Math.round((100 * done) / whole) };
}

async function load() {
  const found = await request("/api/meetings");
  all = found.meetings;
  show();
  showTrouble(found.trouble);
}

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
    h("div", { class: "actions" }, h("button", { type: "button", class: "main", onclick: () => act("/api/drafting") }, "もう一度試す")));
}

function show() {
  const wanted = $("#wanted").value.trim();
  const state = $("#state").value;
  const rows = all.filter((row) => (!state || row.state === state || (state === "running" && row.state === "waiting")) && (!wanted || `${row.name ?? ""}${row.secretariat ?? ""}`.includes(wanted)));
  $("#meetings").replaceChildren(...rows.map(element));
  $("#count").textContent = `${rows.length}件`;
  $("#none").hidden = all.length > 0;
}

function element(row) {
  const ready = !["waiting", "running", "failed"].includes(row.state);
  const name = row.name ?? `名称未定（${row.files[0]}）`;
  return h("tr", { "data-id": row.id },
    h("td", {}, stateTag(row.state)),
    h("td", { class: "num" }, row.date ? new Date(`${row.date}T00:00`).toLocaleDateString("ja-JP-u-ca-japanese", { era: "long", year: "numeric", month: "long", day: "numeric" }) : h("span", { class: "faint" }, "未定")),
    h("td", {}, ready ? h("a", { class: "name", href: `/meetings/${row.id}` }, name) : h("span", { class: "name" }, name), row.restricted && h("span", { class: "tag", title: "見られる人が限られています" }, "限定"), h("br"), h("span", { class: "faint" }, [row.secretariat, `更新 ${moment(row.changed)}`].filter(Boolean).join("　"))),
    h("td", { class: "num" }, row.summary ? clock(row.summary.duration_ms) : ""),
    h("td", { class: "num" }, row.summary ? (row.summary.flags ? h("span", { class: "tag warn" }, `${row.summary.flags}か所`) : "なし") : ""),
    h("td", { class: "progress" }, howFar(row)),
    h("td", {}, h("button", { type: "button", class: "small", "aria-haspopup": "menu", "aria-label": `${name}の操作`, onclick: (event) => menu(row, event.currentTarget) }, "操作")));
}

function howFar(row) {
  if (row.state === "failed") return failure(row.job?.failure);
  if (row.state === "waiting") return h("span", { class: "faint" }, waiting(row.job));
  if (row.state === "running") {
    const { text, percent } = progressOf(row.job?.progress ?? {});
    return h("div", {}, h("progress", { max: 100, value: percent, "aria-label": `下書きの進み ${percent}％` }), h("span", { class: "faint" }, `${text}（${percent}％）`));
  }
  if (!row.summary) return "";
  const { turns, confirmed, heard } = row.summary;
  return h("div", {}, h("progress", { max: turns || 1, value: confirmed, "aria-label": `確認済み ${confirmed}/${turns}` }), h("span", { class: "faint num" }, `${confirmed}/${turns}発言　聞いた ${heard}％`));
}

function waiting(job) {
  if (job?.state !== "waiting") return "下書きはまだ頼んでいません";
  return job.ahead ? `順番を待っています（前に${job.ahead}件）` : "まもなく始まります";
}

function failure(told) {
  if (!told) return h("span", { class: "error" }, "下書きを作れませんでした。");
  return h("div", {}, h("p", { class: "error" }, told.text), h("details", {}, h("summary", {}, "詳しい内容"), h("span", { class: "faint" }, told.cause)));
}

function menu(row, anchor) {
  const busy = ["waiting", "running"].includes(row.state);
  const ready = !busy && row.state !== "failed";
  const item = (title, run, disabled = false) => ({ title, run, disabled });
  openMenu(anchor, [
    ...(ready ? [item("開いて直す", () => location.assign(`/meetings/${row.id}`)), item("プレビュー・書き出し", () => location.assign(`/meetings/${row.id}/preview`)), item("履歴", () => location.assign(`/meetings/${row.id}/history`))] : []),
    ...steps(row.state).map(([state, title]) => item(title, () => act(`/api/meetings/${row.id}/state`, { state }))),
    ...(person() && mayAs("approver") ? [item("見られる人を決める", () => restrict(row))] : []),
    ...(row.state === "waiting" ? [] : [item("録音の状態を見る", () => quietly(() => showQuality(row.id)))]),
    item("会議の情報", () => location.assign(`/meetings/${row.id}/form`)),
    "-",
    busy ? item("下書きの作成を取りやめる", () => act(`/api/meetings/${row.id}/cancel`)) : item(ready ? "下書きを作り直す（修正は残ります）" : "下書きを作る", () => act(`/api/meetings/${row.id}/draft`)),
  ], "会議の操作");
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

if ($("#meetings")) {
  $("#wanted").addEventListener("input", show);
  $("#state").addEventListener("change", show);
  $(".filters").addEventListener("submit", (event) => event.preventDefault());
  load().then(() => (document.body.dataset.ready = "yes"), (error) => toast(error.message, { bad: true }));
  listen();
}
