// Stretches of time [start, end): joined, measured, cut.

/** In order, those that touch (up to a gap) as one. */
export function joined(spans, gap = 1) {
  const found = [];
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && start <= last[1] + gap) last[1] = Math.max(last[1], end);
    else if (end > start) found.push([start, end]);
  }
  return found;
}

/** How much of [start, end) the spans (joined) cover. */
export function covered(spans, start, end) {
  let low = 0, high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][1] <= start) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  for (; low < spans.length && spans[low][0] < end; low += 1) sum += Math.min(end, spans[low][1]) - Math.max(start, spans[low][0]);
  return sum;
}
