/** Runs of a list that weigh at most so much each, or are one thing alone. */
export function* slices<T>(
  list: readonly T[],
  weigh: (item: T) => number,
  max: number,
): Generator<readonly T[]> {
  let from = 0;
  let sum = 0;
  for (const [at, item] of list.entries()) {
    const weight = weigh(item);
    if (at > from && sum + weight > max) {
      yield list.slice(from, at);
      from = at;
      sum = 0;
    }
    sum += weight;
  }
  if (from < list.length) yield list.slice(from);
}
