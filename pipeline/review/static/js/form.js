// The meeting's fields, laid out as the official form: for a new meeting with its recording, or to change them later.

import { $, h, toast } from "./dom.js";
import { post, request } from "./net.js";
import { upload } from "./upload.js";

const meeting = document.body.dataset.meeting;
const KINDS = ["議案", "報告", "協議", "その他"];
const FIRST_ROLES = [
  { role: "会長", members: [], chairs: true }, { role: "委員", members: [] }, { role: "事務局", members: [], explains: true },
];
let files = [];
const there = new Map(); // File → what the server has of it: what failed is sent again without its recording

function agendaRow({ kind = "報告", number = "", title = "" } = {}) {
  const at = () => [...$("#agenda").children].indexOf(row);
  const row = h("div", { class: "item" },
    h("input", { "data-part": "kind", value: kind, list: "kinds", "aria-label": "種別", maxlength: 20 }),
    h("input", { "data-part": "number", value: number, inputmode: "numeric", "aria-label": "番号", placeholder: "番号" }),
    h("input", { "data-part": "title", value: title, "aria-label": "件名", placeholder: "件名", maxlength: 300 }),
    h("button", { type: "button", class: "small", "aria-label": "この議題を消す", onclick: () => { const next = $("#agenda").children[at() + 1] ?? $("#add-agenda"); row.remove(); ($("input", next) ?? next).focus(); } }, "消す"),
    h("p", { class: "error", hidden: true }));
  $("#agenda").append(row);
  return row;
}

function roleRow({ role = "", members = [], chairs = false, deputy_chair = false, explains = false } = {}) {
  const flag = (name, on, text) => h("label", {}, h("input", { type: name === "chairs" ? "radio" : "checkbox", name: name === "chairs" ? "chairs" : null, "data-flag": name, checked: on }), text);
  const row = h("div", { class: "role-row" },
    h("div", { class: "flags" }, h("input", { "data-part": "role", value: role, "aria-label": "役割", placeholder: "役割（委員など）", maxlength: 60 }),
      flag("chairs", chairs, "議事を進める"), flag("deputy_chair", deputy_chair, "副（職務代理）"), flag("explains", explains, "議題を説明する")),
    h("div", {}, h("textarea", { "data-part": "members", rows: Math.max(2, members.length), "aria-label": "出席者（1行に1つ）", placeholder: "学識経験者:小川" }, members.join("\n")),
      h("button", { type: "button", class: "small", onclick: () => { row.remove(); $("#add-role").focus(); } }, "この役割を消す")),
    h("p", { class: "error", hidden: true }));
  $("#roster").append(row);
  return row;
}

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function read() {
  const form = {};
  for (const field of document.querySelectorAll("[data-field]")) form[field.dataset.field] = field.value.trim();
  for (const field of document.querySelectorAll("[data-lines]")) form[field.dataset.lines] = lines(field.value);
  for (const name of ["meeting_openness", "minutes_openness"])
    form[name] = { state: $(`[name="${name}"]:checked`)?.value ?? "", reason: $(`[data-reason="${name}"]`).value.trim() };
  const part = (row, name) => $(`[data-part="${name}"]`, row).value.trim();
  form.agenda = [...$("#agenda").children].map((row) => ({ kind: part(row, "kind"), number: part(row, "number"), title: part(row, "title") }));
  form.roster = [...$("#roster").children].map((row) => ({
    role: part(row, "role"), members: lines(part(row, "members")),
    ...Object.fromEntries([...row.querySelectorAll("[data-flag]")].map((flag) => [flag.dataset.flag, flag.checked])),
  }));
  return form;
}

function show(form) {
  for (const field of document.querySelectorAll("[data-field]")) field.value = form[field.dataset.field];
  for (const field of document.querySelectorAll("[data-lines]")) field.value = form[field.dataset.lines].join("\n");
  for (const name of ["meeting_openness", "minutes_openness"]) {
    const choice = $(`[name="${name}"][value="${form[name].state || "-"}"]`);
    if (choice) choice.checked = true;
    $(`[data-reason="${name}"]`).value = form[name].reason;
  }
  form.agenda.forEach(agendaRow);
  form.roster.forEach(roleRow);
}

function reasons() {
  for (const name of ["meeting_openness", "minutes_openness"]) {
    const state = $(`[name="${name}"]:checked`)?.value ?? "";
    $(`[data-reason="${name}"]`).closest(".reason").hidden = !["非公開", "一部非公開"].includes(state);
  }
}

function era() {
  const value = $("#date").value;
  const format = { era: "long", year: "numeric", month: "long", day: "numeric", weekday: "short" };
  $("#era").textContent = value ? new Date(`${value}T00:00`).toLocaleDateString("ja-JP-u-ca-japanese", format) : "";
}

/** Say every mistake beside its field, and all of them at the top. */
function mistakes(found) {
  for (const line of document.querySelectorAll(".error")) line.hidden = true;
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const [name, text] of Object.entries(found)) {
    const [list, at, part] = name.split(".");
    const row = /^\d+$/.test(at ?? "") ? $(`#${list}`).children[at] : null;
    const line = row ? $(".error", row) : $(`[data-error="${name}"]`);
    if (line) {
      line.textContent = text;
      line.hidden = false;
    }
    const field = row ? $(`[data-part="${part}"]`, row) : $(`[data-field="${name}"], [data-lines="${name}"], [data-reason="${list}"]`);
    field?.setAttribute("aria-invalid", "true");
  }
  const box = $("#mistakes");
  box.replaceChildren(h("p", {}, "次の所を直してください。"), h("ul", {}, ...Object.values(found).map((text) => h("li", {}, text))));
  box.hidden = false;
  box.focus();
}

function choose(list) {
  files = [...files, ...list].sort((a, b) => a.name.localeCompare(b.name, "ja", { numeric: true }));
  $("#chosen").replaceChildren(...files.map((file) => h("li", {}, `${file.name}（${(file.size / 1048576).toFixed(1)} MB） `,
    h("button", { type: "button", class: "small", "aria-label": `${file.name}を外す`, onclick: () => { files = files.filter((each) => each !== file); choose([]); } }, "外す"), h("progress", { max: 1, value: 0, hidden: true, "aria-label": "送信の進み" }))));
}

async function save() {
  if (meeting) {
    await request(`/api/meetings/${meeting}/form`, { method: "PUT", body: read() });
    location.assign(document.body.dataset.back);
    return;
  }
  if (!files.length) return mistakes({ files: "録音ファイルを選んでください。" });
  await post("/api/meetings/check", read());
  const bars = $("#chosen").querySelectorAll("progress");
  const sent = [];
  for (const [i, file] of files.entries()) {
    bars[i].hidden = false;
    if (!there.has(file)) there.set(file, await upload(file, (fraction) => (bars[i].value = fraction)));
    bars[i].value = 1;
    sent.push(there.get(file));
  }
  $("#submit").textContent = "録音を確かめています…";
  const { id } = await post("/api/meetings", { form: read(), files: sent, draft: true }, { timeout: 600000 });
  leaving = true;
  location.assign(`/?added=${id}`);
}

/** An upload that the server no longer has is sent again next time. */
function refused(error) {
  if (error.body?.kind === "UsageError") there.clear();
  toast(error.message, { bad: true });
}

let leaving = Boolean(meeting);
document.body.append(h("datalist", { id: "kinds" }, ...KINDS.map((kind) => h("option", { value: kind }))));
$("#add-agenda").addEventListener("click", () => $('[data-part="title"]', agendaRow()).focus());
$("#add-role").addEventListener("click", () => $('[data-part="role"]', roleRow()).focus());
$("#form").addEventListener("change", () => { reasons(); era(); });
$("#files")?.addEventListener("change", (event) => { choose(event.target.files); event.target.value = ""; });
for (const name of ["dragover", "dragleave", "drop"]) {
  $("#drop")?.addEventListener(name, (event) => {
    event.preventDefault();
    $("#drop").classList.toggle("over", name === "dragover");
    if (name === "drop") choose(event.dataTransfer.files);
  });
}
$("#form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("#submit");
  const title = button.textContent;
  button.disabled = true;
  try {
    await save();
  } catch (error) {
    const found = error.body?.detail?.mistakes;
    if (found) mistakes(found);
    else refused(error);
  }
  button.disabled = false;
  button.textContent = title;
});
addEventListener("beforeunload", (event) => !leaving && (files.length || $("#name").value) && event.preventDefault());
if (meeting) show(await request(`/api/meetings/${meeting}/form`));
else {
  agendaRow();
  FIRST_ROLES.forEach(roleRow);
}
reasons();
era();
document.body.dataset.ready = "yes";
