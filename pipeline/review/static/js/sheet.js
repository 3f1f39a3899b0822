// The column of turns: keeps the elements in step with the model and tells which of them can be seen.

import { $, composing, h } from "./dom.js";
import { cleaned } from "./texts.js";
import { fill, read, select, selectionIn, tabbable, turnElement, write } from "./turn.js";

const BATCH = 40; // turns that the browser leaves out of its work together while none of them is near

/** Emits "seen" (detail: element) and "unseen" as turns come into view and leave it. */
export class SheetView extends EventTarget {
  constructor(root, model, { readOnly = false } = {}) {
    super();
    this.root = root;
    this.model = model;
    this.readOnly = readOnly;
    this.visible = new Set();
    this.folded = new Set(model.entries.filter((entry) => entry.kind === "explanation").map((entry) => entry.id));
    this.#observer = new IntersectionObserver((changes) => this.#seen(changes), { root, rootMargin: "300px 0px" });
    this.place = 0; // of the cursor when the text was last left
    root.addEventListener("focusout", ({ target }) => target.matches(".text") && (this.place = selectionIn(target)?.start ?? 0));
    root.addEventListener("focusin", ({ target }) => this.#enter(target.closest(".turn")));
    model.addEventListener("change", (event) => this.#change(event.detail));
    model.addEventListener("reset", () => this.#all());
    this.#all();
  }

  #observer;
  #entered = null; // the turn in which the focus is or was

  element(id) {
    return document.getElementById(`t-${id}`);
  }

  field(id) {
    return $(".text", this.element(id) ?? document.createElement("div"));
  }

  /** The turn in which the cursor is, or that was last in hand. */
  get current() {
    const id = document.activeElement?.closest?.(".turn")?.dataset.id ?? this.last;
    return id && this.model.get(id) ? this.model.get(id) : null;
  }

  /** Show the turn; focus its text with the cursor at a place when one is given. */
  reveal(id, { place = null, end = place, focus = true, block = "center" } = {}) {
    const entry = this.model.get(id);
    if (entry?.within && this.folded.has(entry.within)) this.fold(entry.within, false);
    const element = this.element(id);
    if (!element) return;
    element.classList.add("match"); // whatever is filtered: this is what is wanted now
    this.#layOut(element);
    element.scrollIntoView({ block, behavior: "instant" });
    this.last = id;
    if (!focus) return;
    const field = $(".text", element);
    if (place === null) field.focus({ preventScroll: true });
    else select(field, place, end);
  }

  /** Whether a turn is among those that were asked for. */
  shows(id) {
    return !this.root.classList.contains("only") || this.element(id).classList.contains("match");
  }

  /** Show what is playing; the cursor stays where it is. */
  follow(id) {
    const { last } = this;
    this.reveal(id, { focus: false });
    this.last = last;
  }

  /** Whether most of a turn can be seen. */
  inView(id) {
    const [turn, pane] = [this.element(id)?.getBoundingClientRect(), this.root.getBoundingClientRect()];
    return Boolean(turn && turn.height && turn.top < pane.bottom - 60 && turn.bottom > pane.top + 20);
  }

  /** Show an explanation's turns, or no more. */
  fold(id, folded) {
    if (folded) this.folded.add(id);
    else this.folded.delete(id);
    for (const entry of this.model.entries) if (entry.within === id) this.element(entry.id).hidden = folded;
    this.refresh(id);
  }

  /** Show another text in a turn, as if it had been typed. */
  rewrite(id, text) {
    const entry = this.model.get(id);
    if (!entry) return;
    this.model.typed(entry, text);
    write(this.field(id), text);
    this.refresh(id);
  }

  /** Bring an element up to its entry without touching the text that is being typed. */
  refresh(id) {
    const [entry, element] = [this.model.get(id), this.element(id)];
    if (!entry || !element) return;
    fill(element, entry, null);
    this.#fold(entry, element);
  }

  /** What lies around a turn gets its true height, or a jump there would miss it. */
  #layOut(element) {
    const batch = element.parentElement;
    const near = [batch.previousElementSibling, batch, batch.nextElementSibling].filter(Boolean);
    for (const each of near) each.classList.add("near");
    requestAnimationFrame(() => requestAnimationFrame(() => near.forEach((each) => each.classList.remove("near"))));
  }

  #enter(element) {
    if (!element || element === this.#entered) return;
    tabbable(this.#entered, false);
    tabbable(element, true);
    this.#entered = element;
  }

  #all() {
    this.#observer.disconnect();
    this.visible.clear();
    const all = [];
    this.model.entries.forEach((entry, place) => {
      if (place % BATCH === 0) all.push(h("div", { class: "batch" }));
      all.at(-1).append(this.#made(entry));
    });
    this.root.replaceChildren(...this.root.querySelectorAll(":scope > .keep"), ...all);
  }

  #made(entry) {
    const typed = this.typedText?.(entry.id);
    if (typed !== undefined) this.model.typed(entry, typed); // not yet with the server, and not to be lost from view
    const element = turnElement(entry, this.readOnly);
    this.#fold(entry, element);
    this.#observer.observe(element);
    return element;
  }

  #fold(entry, element) {
    if (entry.within) element.hidden = this.folded.has(entry.within);
    if (entry.kind !== "explanation") return;
    const folded = this.folded.has(entry.id);
    const inside = this.model.entries.filter((each) => each.within === entry.id).length;
    const button = $(".unfold", element) ?? $(".who", element).insertBefore(document.createElement("button"), $(".badges", element));
    Object.assign(button, { type: "button", className: "unfold small", textContent: folded ? `▸ ${inside}件` : "▾ 隠す", title: folded ? "説明の発言を表示する" : "説明の発言を隠す" });
    button.dataset.do = "fold";
    if (element !== this.#entered) button.tabIndex = -1;
    button.setAttribute("aria-label", `説明の発言${inside}件`);
    button.setAttribute("aria-expanded", String(!folded));
  }

  /** Repeat in the page what was changed in the model. */
  #change({ after, removed, put, same }) {
    if (same) {
      put.forEach((entry) => this.#replaced(entry));
      return;
    }
    const focused = document.activeElement?.closest?.(".turn")?.dataset.id;
    const caret = focused ? selectionIn(this.field(focused)) : null;
    const kept = new Map();
    for (const entry of removed) {
      const element = this.element(entry.id);
      kept.set(entry.id, element);
      this.#observer.unobserve(element);
      this.visible.delete(element);
      element.remove();
    }
    let before = after === null ? null : this.element(after);
    for (const entry of put) {
      const element = this.#made(entry);
      if (before) before.after(element);
      else this.root.querySelector(".batch").prepend(element);
      before = element;
    }
    const explanation = put[0]?.within ?? put.find((entry) => entry.kind === "explanation")?.id;
    if (explanation && this.model.get(explanation)) this.refresh(explanation);
    if (focused && this.model.get(focused) && !document.activeElement?.closest?.(".turn") && caret)
      select(this.field(focused), Math.min(caret.start, this.model.get(focused).shown.length));
  }

  /** A turn of which something changed. What is being typed in it stays, and so does the cursor. */
  #replaced(entry) {
    const element = this.element(entry.id);
    const field = $(".text", element);
    const typed = this.typedText?.(entry.id);
    if (typed !== undefined) {
      this.model.typed(entry, typed);
      fill(element, entry, null);
    } else if (read(field) === entry.text || entry.kind === "inaudible") {
      fill(element, entry, null);
    } else {
      const caret = document.activeElement === field ? selectionIn(field) : null;
      fill(element, entry, entry.text);
      if (caret) select(field, Math.min(caret.start, entry.text.length));
    }
    this.#fold(entry, element);
    if (this.visible.has(element)) this.dispatchEvent(new CustomEvent("seen", { detail: element }));
  }

  #seen(changes) {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) this.visible.add(target);
      else this.visible.delete(target);
      this.dispatchEvent(new CustomEvent(isIntersecting ? "seen" : "unseen", { detail: target }));
    }
  }
}

/** Typing in the turns: tells every change of a text that no input method is still composing. */
export function listenToTyping(view, { typed, began }) {
  const handle = (event) => {
    const field = event.target.closest?.(".text");
    if (!field || event.isComposing) return;
    typed(field.closest(".turn").dataset.id, read(field), field);
  };
  view.root.addEventListener("input", handle);
  view.root.addEventListener("compositionstart", () => {
    view.composing = true;
    began({ composing: true });
  });
  view.root.addEventListener("compositionend", (event) => {
    view.composing = false;
    began({ composing: false });
    handle({ target: event.target, isComposing: false });
  });
  view.root.addEventListener("beforeinput", (event) => {
    if (event.inputType.startsWith("history")) event.preventDefault(); // undo is ours: it reaches further
    else if (!event.isComposing) began({ composing: false });
    const field = event.target.closest?.(".text");
    if (!field || !breaksLine(event)) return;
    event.preventDefault(); // the browser would make elements of lines
    insert(field, lined(field, event.data ?? "\n"), typed);
  });
  view.root.addEventListener("keydown", (event) => {
    const field = event.target.closest?.(".text");
    if (!field || event.key !== "Enter" || composing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (field.isContentEditable) insert(field, lined(field, "\n"), typed);
  });
  view.root.addEventListener("paste", (event) => {
    const field = event.target.closest?.(".text");
    if (!field?.isContentEditable) return;
    event.preventDefault();
    insert(field, lined(field, event.clipboardData.getData("text/plain")), typed);
  });
  view.root.addEventListener("drop", (event) => event.preventDefault());
}

/** Whether a change of the text brings a line's break with it: from a voice or a screen keyboard, which send no Enter. */
function breaksLine({ inputType, data, isComposing }) {
  return !isComposing && (/^insert(Paragraph|LineBreak)$/.test(inputType) || (inputType === "insertText" && /\n/.test(data ?? "")));
}

/** A text as the field may hold it: a heading or decision is one line. */
const lined = (field, text) => (field.hasAttribute("aria-multiline") ? text : text.replace(/\s+/g, " ").replace(/^ $/, ""));

/** Put a text where the cursor is, as if it had been typed. */
export function insert(field, text, typed) {
  const places = selectionIn(field);
  if (!places || !text) return;
  const before = read(field);
  const clean = cleaned(text);
  write(field, before.slice(0, places.start) + clean + before.slice(places.end));
  select(field, places.start + clean.length);
  typed(field.closest(".turn").dataset.id, read(field), field);
}
