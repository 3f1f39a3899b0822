// The minutes as this page knows them: a row of blocks, changed only by what the server says was changed.

import { convertPlaces, difference } from "./texts.js";

export const WORD = 6; // from, to (units of the text), start, end (ms), doubt (percent), flags
export const LAYERED = 1, RETYPED = 2, ACCEPTED = 4;
const SENTENCE = 4; // from, to, start, end

/** Emits "change" (detail: {removed, put, after, own}), "front", "reset". */
export class Model extends EventTarget {
  #asides = new Map();

  constructor(sheet) {
    super();
    this.load(sheet);
  }

  load(sheet) {
    Object.assign(this, { number: sheet.number, base: sheet.base, front: sheet.front, frontVersion: sheet.frontVersion });
    this.durationMs = sheet.durationMs;
    this.warnings = sheet.warnings;
    this.entries = sheet.entries.map((entry) => this.#prepared(entry));
    this.#index();
    this.dispatchEvent(new Event("reset"));
  }

  get(id) {
    return this.entries[this.places.get(id)];
  }

  /** What is known of a block beside its edits (open comments, who is at it); it outlives the block's entries. */
  aside(id) {
    if (!this.#asides.has(id)) this.#asides.set(id, {});
    return this.#asides.get(id);
  }

  /** The block that follows (or precedes, by -1), of any kind. */
  beside(id, by = 1) {
    return this.entries[this.places.get(id) + by];
  }

  /** Repeat an edit that the server has entered. */
  apply(event) {
    for (const change of event.changes) {
      if (change.front) {
        this.front = change.front;
        this.frontVersion = event.number;
        this.dispatchEvent(new Event("front"));
        continue;
      }
      const start = change.after === null ? 0 : this.places.get(change.after) + 1;
      const put = change.put.map((entry) => this.#prepared(entry));
      const removed = this.entries.splice(start, change.removed.length, ...put);
      const same = removed.length === put.length && removed.every((entry, i) => entry.id === put[i].id);
      this.byTime = null;
      if (!same) this.#index();
      this.dispatchEvent(new CustomEvent("change", { detail: { after: change.after, removed, put, same, start } }));
    }
    this.number = event.number;
  }

  /** While a turn is typed in, before the server has answered: its words move with the text. */
  typed(entry, text) {
    const change = difference(entry.shown, text);
    if (!change) return;
    const end = change.at + change.removed.length;
    const by = change.inserted.length - change.removed.length;
    const moved = (place, last) => (place > end || (place === end && (last || by < 0)) ? place + by : Math.min(place, change.at + change.inserted.length));
    for (const [row, step] of entry.words ? [[entry.words, WORD], [entry.sentences, SENTENCE]] : []) {
      for (let at = 0; at < row.length; at += step) {
        const touched = row[at] < end && row[at + 1] > change.at;
        row[at] = row[at] > change.at ? moved(row[at], false) : row[at];
        row[at + 1] = row[at + 1] >= change.at ? Math.max(row[at], moved(row[at + 1], true)) : row[at + 1];
        if (step === WORD && touched) row[at + 4] = 0;
      }
    }
    for (const mark of entry.marks ?? []) [mark.from, mark.to] = [moved(mark.from, false), Math.max(moved(mark.from, false), moved(mark.to, true))];
    entry.shown = text;
  }

  /** Turns whose speech is printed. */
  *printed() {
    for (const entry of this.entries) if (entry.kind === "speech" && !entry.within) yield entry;
  }

  /** Everything said at this time; the turn that began last comes first. */
  turnAt(ms) {
    let found = null;
    for (const entry of this.#timed()) {
      if (entry.start > ms) break;
      if (ms < entry.end || !found || found.end <= ms) found = entry;
    }
    return found;
  }

  /** Roles in the order of the form, then as they come up. */
  roles() {
    const roles = new Set(this.front.roster.map((role) => role.role));
    for (const entry of this.entries) if (entry.role) roles.add(entry.role);
    return [...roles];
  }

  *#timed() {
    this.byTime ??= this.entries.filter((entry) => entry.kind === "speech").sort((a, b) => a.start - b.start);
    yield* this.byTime;
  }

  #prepared(entry) {
    entry.aside = this.aside(entry.id);
    return prepared(entry);
  }

  #index() {
    this.places = new Map(this.entries.map((entry, place) => [entry.id, place]));
    this.byTime = null;
  }
}

/** shown: the text in the page, which may be ahead of text, the server's. */
function prepared(entry) {
  entry.shown = entry.text;
  if (entry.kind !== "speech") return entry;
  entry.words = convertPlaces(entry.text, entry.words, WORD, [0, 1]);
  entry.sentences = convertPlaces(entry.text, entry.sentences, SENTENCE, [0, 1]);
  if (entry.marks) {
    const places = convertPlaces(entry.text, entry.marks.flatMap((mark) => [mark.start, mark.end]), 1, [0]);
    entry.marks.forEach((mark, i) => Object.assign(mark, { from: places[2 * i], to: places[2 * i + 1] }));
  }
  return entry;
}

/** Position in entry.words of the word at a place of the text; -1 without words. Of silent words the one that shows. */
export function wordAtPlace(entry, place) {
  const { words } = entry;
  let found = -1;
  for (let at = 0; at < words.length; at += WORD) {
    if (words[at] > place && found >= 0) break;
    if (words[at + 1] > words[at] || found < 0) found = at;
    if (words[at + 1] > place) break;
  }
  return found;
}

/** Position of the word said at this time: of those that are written the last that has begun. */
export function wordAtTime(entry, ms) {
  const { words } = entry;
  let found = -1;
  for (let at = 0; at < words.length && words[at + 2] <= ms; at += WORD) if (words[at + 1] > words[at]) found = at;
  return found;
}

/** Position in entry.sentences of the sentence at a place of the text, or at a time. */
export function sentenceAt(entry, { place, ms }) {
  const row = entry.sentences;
  let found = 0;
  for (let at = 0; at < row.length; at += SENTENCE) {
    if (place !== undefined ? row[at] <= place : row[at + 2] <= ms) found = at;
  }
  return found;
}
