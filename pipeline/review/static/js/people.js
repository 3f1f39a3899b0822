// The accounts of an office: who may log in, as what, and new passwords for those who forgot theirs.

import { $, h, toast } from "./dom.js";
import { ask } from "./menu.js";
import { post, request } from "./net.js";

const SHORTEST = 10;
const ranks = Object.fromEntries([...$("#ranks").content.children].map((option) => [option.value, option.textContent]));

async function load() {
  const people = await request("/api/people");
  $("#people").replaceChildren(...people.map(element));
  document.body.dataset.ready = "yes";
}

function element(person) {
  const button = (text, run) => h("button", { type: "button", class: "small", "aria-label": `${person.shown}：${text}`, onclick: run }, text);
  return h("tr", { "data-name": person.name },
    h("td", {}, person.shown),
    h("td", {}, person.name),
    h("td", {}, ranks[person.rank]),
    h("td", {}, person.enabled ? h("span", { class: "tag good" }, "使える") : h("span", { class: "tag" }, "停止中")),
    h("td", { class: "buttons" }, button("変える", () => change(person)), button("新しいパスワード", () => renew(person)),
      person.enabled ? button("停止する", () => put(person, { enabled: false })) : button("また使えるようにする", () => put(person, { enabled: true }))));
}

const field = (label, name, value, options = {}) => h("p", {}, h("label", {}, label, h("br"), h("input", { name, value, autocomplete: "off", maxlength: 64, ...options })));
const secret = (label) => field(`${label}（${SHORTEST}文字以上。本人に伝え、あとで本人が変えます）`, "password", "", { autocomplete: "new-password", required: true, minlength: SHORTEST, maxlength: 200 });

function rankField(chosen) {
  return h("p", {}, h("label", {}, "役割", h("br"), h("select", { name: "rank" }, ...Object.entries(ranks).map(([value, text]) => h("option", { value, selected: value === chosen }, text)))));
}

const CHOICES = (text) => [["cancel", "やめる"], ["ok", text, "main"]];

async function add() {
  const first = !$("#people").children.length;
  const answer = await ask("利用者を登録する", [
    field("利用者名（ログインに使います）", "name", "", { required: true }), field("表示する名前", "shown", "", { placeholder: "佐伯 一郎" }),
    rankField(first ? "administrator" : "clerk"), secret("最初のパスワード"),
  ], CHOICES("登録する"));
  if (!answer) return;
  const given = Object.fromEntries(answer.form);
  await tried(async () => {
    await post("/api/people", { ...given, enabled: true });
    if (first) location.assign("/login?next=/people"); // from now on everybody logs in
    else await load();
  }, `${given.shown || given.name}さんを登録しました。`);
}

async function change(person) {
  const answer = await ask(`${person.name} を変える`, [field("表示する名前", "shown", person.shown, { required: true }), rankField(person.rank)], CHOICES("変える"));
  if (answer) await put(person, Object.fromEntries(answer.form));
}

async function renew(person) {
  const answer = await ask(`${person.shown}さんの新しいパスワード`, [secret("新しいパスワード"), h("p", { class: "faint" }, "本人は、開いているすべての画面からログアウトします。")], CHOICES("変える"));
  if (answer) await put(person, { password: answer.form.get("password") });
}

async function put(person, changed) {
  const { name, ...rest } = { ...person, ...changed };
  await tried(async () => {
    await request(`/api/people/${encodeURIComponent(name)}`, { method: "PUT", body: rest });
    await load();
  }, "変えました。");
}

async function tried(work, done) {
  try {
    await work();
    toast(done);
  } catch (error) {
    toast(error.message, { bad: true });
    throw error;
  }
}

const quietly = (work) => work().catch(() => {});
$("#add").addEventListener("click", () => quietly(add));
load().catch((error) => toast(error.message, { bad: true }));
