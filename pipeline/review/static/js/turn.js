// One block of the minutes as elements, and its text read back from what the browser made of it.

import { clock, h, spoken } from "./dom.js";

const LABELS = { heading: "見出し", decision: "決定", explanation: "説明", inaudible: "聞取不能" };
const NAMES = { heading: "議題の見出し", decision: "決定", explanation: "説明（印刷は1行）", inaudible: "聞き取れない箇所" };
const template = document.createElement("template");
template.innerHTML =
  '<section class="turn" tabindex="-1"><div class="side"><button class="check" type="button" data-do="confirm" aria-pressed="false">✓</button>' +
  '<button class="at num" type="button" data-do="play"></button></div>' +
  '<div class="who"><button class="role" type="button" data-do="role" aria-haspopup="menu"></button>' +
  '<span class="office"></span><span class="badges"></span></div>' +
  '<div class="text" contenteditable="plaintext-only" role="textbox" aria-multiline="true" spellcheck="false" lang="ja"></div>' +
  '<button class="more" type="button" data-do="more" aria-haspopup="menu">…</button></section>';

/** Whether the Tab key stops at the turn's buttons: only where somebody works, so that it goes from text to text. */
export function tabbable(element, on) {
  for (const button of element?.querySelectorAll("button") ?? []) button.tabIndex = on ? 0 : -1;
}

/** The element of a block; its parts are filled by `fill`. */
export function turnElement(entry, readOnly) {
  const element = template.content.firstElementChild.cloneNode(true);
  element.id = `t-${entry.id}`;
  element.dataset.id = entry.id;
  const text = element.querySelector(".text");
  if (readOnly || entry.kind === "inaudible") {
    text.removeAttribute("contenteditable");
    text.setAttribute("aria-readonly", "true");
    text.tabIndex = 0;
  }
  if (entry.kind !== "speech") {
    element.querySelector(".role").replaceWith(h("span", { class: "kind" }, LABELS[entry.kind]));
    text.removeAttribute("aria-multiline");
  }
  fill(element, entry, entry.shown);
  tabbable(element, false);
  return element;
}

/** Bring everything in the element up to the entry; text: what its text field shows (null leaves it alone). */
export function fill(element, entry, text) {
  const speech = entry.kind === "speech";
  const silent = speech && !entry.shown.trim();
  const kept = ["match", "playing"].filter((name) => element.classList.contains(name)); // not the entry's, but the page's
  element.className = ["turn", speech ? "speech" : `line ${entry.kind}`, ...kept].join(" ");
  for (const [name, on] of [
    ["confirmed", entry.confirmed], ["flagged", entry.flagged], ["inferred", entry.inferred],
    ["within", entry.within], ["silent", silent], ["withheld-block", entry.withheld],
  ]) element.classList.toggle(name, Boolean(on));
  const name = speech ? `${entry.role}の発言` : NAMES[entry.kind];
  element.setAttribute("aria-label", `${name} ${spoken(entry.start)}`);
  const at = element.querySelector(".at");
  at.textContent = clock(entry.start);
  at.setAttribute("aria-label", `${spoken(entry.start)}から再生`);
  const check = element.querySelector(".check");
  check.setAttribute("aria-pressed", String(entry.confirmed));
  check.setAttribute("aria-label", entry.confirmed ? `${name}は確認済み` : `${name}を確認済みにする`);
  element.querySelector(".more").setAttribute("aria-label", `${name}の操作`);
  if (speech) {
    const role = element.querySelector(".role");
    role.textContent = entry.role;
    role.setAttribute("aria-label", `役割 ${entry.role}${entry.flagged && !entry.confirmed ? "（要確認）" : ""}。変更する`);
  }
  element.querySelector(".office").textContent = entry.office ?? "";
  element.querySelector(".badges").replaceChildren(...badges(entry));
  const field = element.querySelector(".text");
  field.setAttribute("aria-label", name);
  if (text !== null) write(field, entry.kind === "inaudible" ? `【聞き取り不能 ${clock(entry.start)}】` : text);
}

/** Why a turn's role has to be looked at. */
export function unsure(entry) {
  return [`役割の確からしさ${Math.round(entry.confidence * 100)}％`, ...(entry.why ?? [])].join("。");
}

function badges(entry) {
  const found = [];
  const tag = (kind, text, title) => found.push(h("span", { class: `tag ${kind}`, title }, text));
  if (entry.flagged && !entry.confirmed) tag("warn", "要確認", unsure(entry));
  if (entry.inferred && !entry.confirmed) tag("warn", "推定", "決定を述べる言葉は見つからず、前後の発言から推定しました");
  if (entry.withheld) tag("withheld", entry.kind === "heading" ? "議題ごと非公開" : "非公開", entry.withheld.ground);
  else if (entry.marks) tag("withheld", "一部非公開", entry.marks.map((mark) => mark.ground).join("、"));
  const { comments, seat } = entry.aside;
  if (comments) tag("key", `コメント${comments}`, "");
  if (seat) tag("key", `${seat}が編集中`, "");
  return found;
}

/** Put a text into a field. The line break at its end is never counted: it gives an empty last line its height. */
export function write(field, text) {
  if (read(field) === text && field.childNodes.length === 2 && field.firstChild.nodeType === Node.TEXT_NODE) return;
  field.replaceChildren(document.createTextNode(text), document.createElement("br"));
}

/** The text in a field, whatever elements the browser put into it. */
export function read(field) {
  let text = "";
  const nodes = field.childNodes;
  for (let i = 0; i < nodes.length; i += 1) {
    const node = nodes[i];
    if (node.nodeType === Node.TEXT_NODE) text += node.data;
    else if (node.nodeName === "BR") text += i < nodes.length - 1 ? "\n" : "";
    else text += (text && !text.endsWith("\n") ? "\n" : "") + node.textContent;
  }
  return text;
}

/** Where in a field's text a place of the document lies. */
export function placeIn(field, node, offset) {
  const range = document.createRange();
  range.setStart(field, 0);
  range.setEnd(node, offset);
  const before = document.createElement("div");
  before.append(range.cloneContents(), document.createElement("br"));
  return read(before).length;
}

/** The selection as places in a field's text; null when it is elsewhere. */
export function selectionIn(field) {
  const selection = getSelection();
  if (!selection.rangeCount || !field.contains(selection.anchorNode) || !field.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  const start = placeIn(field, range.startContainer, range.startOffset);
  return { start, end: range.collapsed ? start : placeIn(field, range.endContainer, range.endOffset) };
}

/** A range over [start, end) of a field's text; places beyond its end are its end. */
export function rangeIn(field, start, end) {
  const range = document.createRange();
  const [from, to] = [pointIn(field, start), pointIn(field, end)];
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

function pointIn(field, place) {
  let left = place;
  for (const node of field.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (left <= node.data.length) return [node, left];
      left -= node.data.length;
    } else if (node.nodeName === "BR") {
      if (left === 0) return [field, Array.prototype.indexOf.call(field.childNodes, node)];
      left -= 1;
    }
  }
  return [field, field.childNodes.length];
}

/** Put the cursor (or a selection) at places of a field's text. */
export function select(field, start, end = start) {
  field.focus({ preventScroll: true });
  const range = rangeIn(field, start, end);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
