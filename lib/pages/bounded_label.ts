/** What stands for all values that are too many. */
const OTHER = "other";

/**
 * Gives the values of a label: the first so many as they are, further ones as
 * `other`, for whoever sends them must not fill a memory with series.
 */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.size < most) known.add(value);
    return known.has(value) ? value : OTHER;
  };
}
