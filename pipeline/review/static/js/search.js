// Finding a text in all of the minutes, whatever its width or case.

/** A text with its characters made alike, and for each of its units the place in the original. */
function alike(text, exact) {
  if (exact) return { text, places: null };
  let made = "";
  const places = [];
  let at = 0;
  for (const character of text) {
    const plain = character.normalize("NFKC").toLowerCase();
    for (let i = 0; i < plain.length; i += 1) places.push(at);
    made += plain;
    at += character.length;
  }
  places.push(at);
  return { text: made, places };
}

/** [from, to] of everything in text that is like wanted, in order, not overlapping. */
export function places(text, wanted, exact = false) {
  const needle = alike(wanted, exact).text;
  if (!needle) return [];
  const hay = alike(text, exact);
  const found = [];
  for (let at = hay.text.indexOf(needle); at >= 0; at = hay.text.indexOf(needle, at + needle.length)) {
    const end = at + needle.length;
    const [from, to] = hay.places ? [hay.places[at], hay.places[end]] : [at, end];
    // part of a character that stands for several, like ㈱, is not found
    if (!hay.places || ((at === 0 || hay.places[at - 1] !== from) && (end === hay.text.length || hay.places[end - 1] !== to))) found.push([from, to]);
  }
  return found;
}
