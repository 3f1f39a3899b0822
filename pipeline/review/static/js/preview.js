// The form as it will print; documents to take along; a Word file that somebody corrected, back in.

import { $, h, toast } from "./dom.js";
import { save } from "./download.js";
import { post, Refused, request } from "./net.js";
import { stateTag, steps } from "./states.js";

const meeting = document.body.dataset.meeting;
const path = `/api/meetings/${meeting}`;
const form = $("#wanted");

const kind = () => new FormData(form).get("kind");

/** The document as it is looked at; what is for correcting in Word looks like the working copy. */
function address() {
  const given = new FormData(form);
  const query = new URLSearchParams({ kind: kind() === "doubtful" ? "draft" : kind(), mask: given.get("mask"), ground: given.has("ground") });
  if (given.get("style")) query.set("style", given.get("style"));
  return `/meetings/${meeting}/document?${query}`;
}

function show() {
  for (const part of document.querySelectorAll("[data-kinds]")) {
    const fits = part.dataset.kinds.split(" ").includes(kind());
    part.hidden = !fits;
    for (const input of part.querySelectorAll("input[type=checkbox]")) if (!fits) input.checked = false;
  }
  $("#questions").hidden = $("#refused").hidden = true;
  if ($("#paper").getAttribute("src") !== address()) $("#paper").src = address();
  $("#print").href = address();
}

async function look() {
  const { state, open, questions } = await request(`${path}/documents`);
  $("#state").replaceChildren(stateTag(state));
  $("#open").replaceChildren(...open.map((text) => h("li", {}, text)));
  $("#steps").replaceChildren(...steps(state).map(([to, title]) => h("button", { type: "button", class: "small", onclick: () => move(to) }, title)));
  return questions;
}

async function move(state) {
  await told(async () => {
    await post(`${path}/state`, { state });
    await look();
  });
}

async function take(agreed) {
  const given = new FormData(form);
  const formats = given.getAll("format");
  if (!formats.length) return toast("ファイルの種類を選んでください。", { bad: true });
  const body = { kind: kind(), formats, style: given.get("style") || null, mask: given.get("mask"), ground: given.has("ground"), agreed };
  try {
    const name = await save(`${path}/export`, body);
    show();
    toast(`「${name}」を書き出しました。`);
  } catch (error) {
    if (error.body?.questions) ask(error.body.questions);
    else refuse(error);
  }
}

/** Only a person knows whether a public copy is right though boxes and marks do not fit together. */
function ask(questions) {
  const box = $("#questions");
  box.replaceChildren(
    h("p", {}, "公開用の写しを作る前に、確かめてください。"), h("ul", {}, ...questions.map((text) => h("li", {}, text))),
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => (box.hidden = true) }, "やめる"),
      h("button", { type: "button", class: "main", onclick: () => busy(() => take(true)) }, "これでよいので書き出す")));
  box.hidden = false;
  box.querySelector("button").focus();
}

function refuse(error) {
  $("#refused").textContent = error.message;
  $("#refused").hidden = false;
  $("#refused").scrollIntoView({ block: "nearest" });
}

async function busy(work) {
  const button = $("#export");
  button.disabled = true;
  button.textContent = "作っています…";
  await work().finally(() => {
    button.disabled = false;
    button.textContent = "書き出す";
  });
}

async function told(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message, { bad: true });
    return null;
  }
}

/** What is different in a returned Word file is shown before it is taken in. */
async function read(file, { anyway = false, take = false } = {}) {
  const box = $("#differences");
  box.replaceChildren(h("p", {}, take ? "取り込んでいます…" : "違いを調べています…"));
  try {
    const { count, differences } = await request(`${path}/import?try_only=${!take}&anyway=${anyway}`, { method: "POST", raw: file, timeout: 120000 });
    if (take) {
      box.replaceChildren(h("p", { class: "note" }, `${count}件の違いを取り込みました。`));
      $("#word").value = "";
      $("#paper").src = address();
      await look();
    } else box.replaceChildren(...found(file, count, differences, anyway));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const foreign = error.body?.kind === "ForeignMinutesError";
    box.replaceChildren(h("p", { class: "note bad", role: "alert" }, error.message),
      ...(foreign ? [h("button", { type: "button", class: "small", onclick: () => read(file, { anyway: true }) }, "それでも違いを見る")] : []));
  }
}

function found(file, count, differences, anyway) {
  if (!count) return [h("p", {}, "違いはありません。")];
  const rest = count - differences.length;
  return [
    h("p", {}, `${count}件の違いがあります。`), h("ol", {}, ...differences.map((text) => h("li", {}, text))), rest ? h("p", {}, `ほか${rest}件`) : "",
    h("div", { class: "actions" }, h("button", { type: "button", class: "main", onclick: () => read(file, { anyway, take: true }) }, "取り込む")),
  ];
}

form.addEventListener("change", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(() => take(false));
});
$("#register").addEventListener("click", () => told(() => save(`${path}/register`)));
$("#word").addEventListener("change", ({ target }) => target.files.length && read(target.files[0]));
show();
await told(look);
document.body.dataset.ready = "yes";
