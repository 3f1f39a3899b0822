// Texts as the browser counts them (UTF-16 units) and as the server does (characters), and what changed between two.

const ASTRAL = /[\ud800-\udbff]/;

/** How many characters lie before a unit. */
export function toPoints(text, units) {
  return ASTRAL.test(text) ? Array.from(text.slice(0, units)).length : units;
}

/** How many units the first characters take. */
export function toUnits(text, points) {
  return ASTRAL.test(text) ? Array.from(text).slice(0, points).join("").length : points;
}

/** The places of a row of numbers, at every step-th position beginning at each offset, from characters to units. */
export function convertPlaces(text, row, step, offsets) {
  if (!ASTRAL.test(text)) return row;
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  const found = row.slice();
  for (let at = 0; at < row.length; at += step) for (const offset of offsets) found[at + offset] = units[row[at + offset]];
  return found;
}

/** {at, removed, inserted} that makes after out of before; null when they are equal. Never cuts a surrogate pair. */
export function difference(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  if (start && /[\ud800-\udbff]/.test(before[start - 1])) start -= 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (end && /[\udc00-\udfff]/.test(before[before.length - end])) end -= 1;
  return { at: start, removed: before.slice(start, before.length - end), inserted: after.slice(start, after.length - end) };
}

/** The same as an operation of the journal. */
export function spliceOf(id, before, after) {
  const found = difference(before, after);
  return found && { op: "splice", id, at: toPoints(before, found.at), removed: found.removed, inserted: found.inserted };
}

/** What was typed or pasted, as a text of the minutes may hold it. */
export function cleaned(text) {
  return text.replace(/\r\n?/g, "\n").replace(/\t/g, "　").replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "");
}

/** Runs of two texts as [kind, text], kind "same", "gone" or "new": character by character, by the shortest edit. */
export function compared(before, after) {
  const change = difference(before, after);
  if (!change) return [["same", before]];
  const head = before.slice(0, change.at);
  const tail = before.slice(change.at + change.removed.length);
  const middle = change.removed.length * change.inserted.length > 4e6 ? [["gone", change.removed], ["new", change.inserted]] : shortest(change.removed, change.inserted);
  return [["same", head], ...middle, ["same", tail]].filter(([, text]) => text);
}

function shortest(before, after) {
  const [a, b] = [Array.from(before), Array.from(after)];
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
  const runs = [];
  const put = (kind, character) => (runs.at(-1)?.[0] === kind ? (runs.at(-1)[1] += character) : runs.push([kind, character]));
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { put("same", a[i]); i += 1; j += 1; }
    else if (j >= b.length || (i < a.length && length[(i + 1) * width + j] >= length[i * width + j + 1])) put("gone", a[i++]);
    else put("new", b[j++]);
  }
  return runs;
}
