/** A group as the value of a label: a missing one is the empty text. */
export function labelValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
