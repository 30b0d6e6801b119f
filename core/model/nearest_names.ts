/**
 * How many letters have to be added, taken out, replaced or swapped with the
 * next one; at most `limit`.
 */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: readonly number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let to = 1; to <= right.length; to++) {
      const same = left[at - 1] === right[to - 1] ? 0 : 1;
      const isSwap = at > 1 && to > 1 && left[at - 1] === right[to - 2] &&
        left[at - 2] === right[to - 1];
      next.push(Math.min(
        (row[to] ?? 0) + 1,
        (next[to - 1] ?? 0) + 1,
        (row[to - 1] ?? 0) + same,
        isSwap ? (before[to - 2] ?? 0) + 1 : Infinity,
      ));
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}

/** Names that a misspelt one may mean, all equally near, at most three. */
export function nearestNames(
  name: string,
  names: readonly string[],
): readonly string[] {
  // Half of a short word is no misspelling of it.
  const limit = name.length <= 4 ? 1 : Math.max(2, Math.floor(name.length / 4));
  const scored: [number, string][] = [];
  for (const known of names) {
    const letters = distance(name, known, limit);
    // A part of a longer name is a guess too, but never the first.
    const score = letters > limit && name.length >= 3 && known.includes(name)
      ? limit + 0.5
      : letters;
    if (score < limit + 1) scored.push([score, known]);
  }
  const best = Math.min(...scored.map(([score]) => score));
  // Farther ones than the nearest are mere noise in a message.
  return scored
    .filter(([score]) => score === best)
    .sort(([, one], [, two]) => one < two ? -1 : 1)
    .slice(0, 3)
    .map(([, known]) => known);
}
