// Two moments of the minutes side by side; a turn can be brought back alone.

import { $, clock, h, toast } from "./dom.js";
import { request } from "./net.js";
import { compared, spliceOf } from "./texts.js";

const FIELDS = {
  name: "機関又は会議の名称", secretariat: "事務局（担当課）", date: "開催日", opens: "開会", closes: "閉会", closes_estimated: "閉会の推定",
  place: "場所", agenda: "議題", meeting_openness: "会議の公開", minutes_openness: "会議録の公開", roster: "出席者",
  handouts: "提出された資料等", withheld_names: "非公開の言葉",
};

/** Show what is different. now: the right side is how the minutes are now. */
export async function compareStates(app, { left, right, names, now }) {
  let found;
  try {
    found = await request(`/api/meetings/${app.meeting}/comparison?left=${left}&right=${right}`);
  } catch (error) {
    return toast(error.message, { bad: true });
  }
  const rows = [...Object.entries(found.fields).map(([name, pair]) => fieldRow(name, pair)), ...found.rows.map((row) => blockRow(app, row, now))];
  const close = h("button", { type: "button", class: "main", onclick: () => dialog.close() }, "閉じる");
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "compare-title" },
    h("div", { class: "compare-head" }, h("h2", { id: "compare-title" }, `違い ${rows.length}か所`), close),
    h("div", { class: "compare-body", tabindex: "0", role: "region", "aria-label": "違いの一覧" },
      h("table", { class: "compare" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "時刻"), h("th", { scope: "col" }, names[0]), h("th", { scope: "col" }, names[1]))),
        h("tbody", {}, ...rows)),
      rows.length ? null : h("p", { class: "nothing" }, "違いはありません。")));
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    dialog.remove();
    app.tools.open(app.tools.current);
  });
  document.body.append(dialog);
  dialog.showModal();
  $(".compare-body", dialog).focus();
}

function blockRow(app, { left, right }, now) {
  const block = left ?? right;
  const [before, after] = both(left, right);
  const put = now && left && right && left.kind === right.kind && !app.readOnly && (left.text !== right.text || left.role !== right.role);
  const back = put && h("button", { type: "button", class: "small", onclick: (event) => bringBack(app, left, event.currentTarget) }, "左に戻す");
  const show = h("button", { type: "button", class: "small quiet num", onclick: (event) => reveal(app, block, event.currentTarget) }, clock(block.start));
  return h("tr", {}, h("td", {}, show), h("td", {}, ...before), h("td", {}, ...after, back ? h("div", {}, back) : null));
}

/** What stands on both sides, with what is only on one of them marked. */
function both(left, right) {
  if (!left || !right) {
    const only = [h(left ? "del" : "ins", {}, role(left ?? right), (left ?? right).text || "（空）")];
    const missing = [h("span", { class: "faint" }, "（なし）")];
    return left ? [only, missing] : [missing, only];
  }
  const runs = compared(left.text, right.text);
  const side = (kind, tag, block, other) => [
    role(block) && (role(block) === role(other) ? role(block) : h(tag, {}, role(block))),
    ...runs.filter(([each]) => each === "same" || each === kind).map(([each, text]) => (each === "same" ? text : h(tag, {}, text))),
    ...notes(block, other)].filter(Boolean);
  return [side("gone", "del", left, right), side("new", "ins", right, left)];
}

const role = (block) => (block.role ? `${block.role}：` : "");

function notes(block, other) {
  const found = [];
  if (block.speaker !== other.speaker) found.push(`話者 ${block.speaker}`);
  if (block.within !== other.within) found.push(block.within ? "説明（印刷は1行）" : "全文を印刷");
  if (block.withheld !== other.withheld) found.push(block.withheld ? "非公開の印あり" : "非公開の印なし");
  return found.map((text) => h("span", { class: "tag" }, text));
}

function fieldRow(name, [left, right]) {
  return h("tr", {}, h("td", {}, FIELDS[name] ?? name), h("td", {}, h("del", {}, told(left))), h("td", {}, h("ins", {}, told(right))));
}

function told(value) {
  if (value === null || value === "") return "（空）";
  if (value === true || value === false) return value ? "はい" : "いいえ";
  if (Array.isArray(value)) return value.map(told).join("、") || "（空）";
  if (typeof value !== "object") return String(value);
  if (value.title !== undefined) return `${value.kind}(${value.number}) ${value.title}`;
  if (value.members !== undefined) return `${value.role}（${value.members.map((member) => member.office).join("、")}）`;
  return value.text ?? [value.state ?? "（空）", value.reason].filter(Boolean).join(" ");
}

async function bringBack(app, left, button) {
  const entry = app.model.get(left.id);
  if (!entry) return toast("その発言はもうありません。");
  const operations = [spliceOf(left.id, entry.shown, left.text)];
  if (left.role && left.role !== entry.role) operations.push({ op: "cast", ids: [left.id], role: left.role, speaker: left.speaker });
  const done = await app.structure.enter(operations.filter(Boolean), [left.id]);
  if (done) button.replaceWith(h("span", { class: "tag good" }, "左に戻しました"));
}

function reveal(app, block, button) {
  const entry = app.model.get(block.id) ?? app.model.turnAt(block.start);
  button.closest("dialog").close();
  if (entry) app.view.reveal(entry.id, { place: 0 });
}
