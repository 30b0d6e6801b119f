/**
 * JSON values, and one text for each value.
 *
 * @module
 */

/** Anything that JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is an object and neither an array nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object's keys are in order already, so that no copy is needed. */
function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) {
    if ((keys[at - 1] ?? "") > (keys[at] ?? "")) return false;
  }
  return true;
}

/** The value with every object's keys in order; shares what is in order. */
export function sortKeys(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let copy: Json[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const sorted = sortKeys(value[at] as Json);
      if (sorted !== value[at]) (copy ??= [...value])[at] = sorted;
    }
    return copy ?? value;
  }
  const from = value as JsonObject;
  const keys = Object.keys(from);
  if (!isSorted(keys)) {
    // Entries, not assignment: a key named "__proto__" must stay a key.
    return Object.fromEntries(
      keys.sort().map((key) => [key, sortKeys(from[key] as Json)]),
    );
  }
  let changed: [string, Json][] | undefined;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] as string;
    const sorted = sortKeys(from[key] as Json);
    if (sorted !== from[key]) {
      changed ??= keys.map((name) => [name, from[name] as Json]);
      changed[at] = [key, sorted];
    }
  }
  return changed === undefined ? from : Object.fromEntries(changed);
}

/** The one text of a value: keys sorted by code unit, no white space. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(sortKeys(value));
}
