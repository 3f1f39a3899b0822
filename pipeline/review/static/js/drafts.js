// Drafts that wait, are being made, or failed: how far each is, how long it may take, and all of them together.

import { $, h } from "./dom.js";

const STAGES = [
  ["ingest", "録音を読み込んでいます", 3], ["detect", "声のある所を探しています", 2], ["transcribe", "聞き取っています", 60],
  ["correct", "言葉を整えています", 2], ["diarize", "声を聞き分けています", 25], ["attribute", "発言にまとめています", 1],
  ["assign_roles", "役割を推定しています", 2], ["compose", "会議録に組んでいます", 3], ["render", "書き出しています", 2],
];
const SURE_PERCENT = 10; // before that, nobody can say how long it takes

/** {text, percent} of a draft that is being made. */
function progressOf(progress) {
  const whole = STAGES.reduce((sum, [, , weight]) => sum + weight, 0);
  const done = STAGES.reduce((sum, [stage, , weight]) => sum + weight * (progress[stage] ?? 0), 0);
  const begun = STAGES.filter(([stage]) => stage in progress);
  const atWork = begun.filter(([stage]) => progress[stage] < 1).map(([stage]) => stage);
  const current = begun.findLast(([stage]) => atWork.includes(stage)) ?? begun.at(-1) ?? STAGES[0];
  const both = ["transcribe", "diarize"].every((stage) => atWork.includes(stage));
  return { text: both ? "聞き取りと声の聞き分けをしています" : current[1], percent: Math.round((100 * done) / whole) };
}

/** How long the rest takes when it goes on as it went; empty while that is not known. */
function rest(percent, seconds) {
  if (percent < SURE_PERCENT || percent >= 100 || !seconds) return "";
  const minutes = Math.round((seconds * (100 - percent)) / percent / 60);
  if (minutes < 1) return "残り1分以内";
  return minutes < 60 ? `残り約${minutes}分` : `残り約${Math.floor(minutes / 60)}時間${minutes % 60}分`;
}

function running(job) {
  const { text, percent } = progressOf(job?.progress ?? {});
  const told = [`${text}（${percent}％）`, rest(percent, job?.seconds)].filter(Boolean).join("　");
  return h("div", {}, h("progress", { max: 100, value: percent, "aria-label": `下書きの進み ${percent}％` }), h("span", { class: "faint num" }, told));
}

const again = (text, ask) => h("button", { type: "button", class: "small", onclick: ask }, text);

/** What the list shows of a draft that is not there yet. next: what is said of the one whose turn it is. */
export function draftState(row, next, ask) {
  if (row.state === "running") return running(row.job);
  if (row.state === "failed") return failure(row.job?.failure, ask);
  if (row.job?.state !== "waiting") return h("div", {}, h("p", { class: "faint" }, "下書きはまだ頼んでいません。"), again("下書きを作る", ask));
  if (row.job.ahead) return h("span", { class: "faint" }, `順番を待っています（前に${row.job.ahead}件）`);
  return h("span", { class: "faint" }, next);
}

function failure(told, ask) {
  return h("div", {}, h("p", { class: "error" }, told?.text ?? "下書きを作れませんでした。"),
    told ? h("details", {}, h("summary", {}, "情報システム担当に伝える内容"), h("pre", { class: "faint" }, told.cause)) : "",
    again("もう一度作る", ask));
}

/** What becomes of another draft of minutes that are being corrected already; null when nobody asked for one. */
export function redraftState({ job }, ask) {
  if (job?.state === "running") return h("div", {}, h("p", { class: "faint" }, "新しい下書きを作っています。"), running(job));
  if (job?.state === "waiting") return h("span", { class: "faint" }, "新しい下書きの順番を待っています。");
  return job?.failure ? failure(job.failure, ask) : null;
}

/** All drafts that are not there yet, when there are several: what is at work first. */
export function showDrafts(rows, act) {
  const atWork = rows.filter((row) => row.job?.state === "running");
  const queued = rows.filter((row) => row.job?.state === "waiting");
  const failed = rows.filter((row) => row.state === "failed");
  const box = $("#drafts");
  box.hidden = atWork.length + queued.length < 2 && failed.length < 2;
  if (box.hidden) return;
  const counts = [["作成中", atWork], ["順番待ち", queued], ["失敗", failed]].filter(([, found]) => found.length).map(([text, found]) => `${text} ${found.length}件`);
  const retry = failed.length ? again(`失敗した${failed.length}件をもう一度作る`, () => act("/api/drafting/again")) : "";
  box.replaceChildren(h("h2", {}, "下書きの作成"), h("p", { class: "counts" }, h("span", { role: "status" }, counts.join("　")), retry),
    h("ul", {}, ...atWork.map((row) => h("li", {}, h("b", {}, row.name ?? row.files[0]), running(row.job)))));
}
