/**
 * Paths as the index's JSON functions take them. They are always bound.
 *
 * @module
 */

import type { PathItem } from "../query/ast.ts";

/** A path without `[*]` as JSON pointer; any key is safe in it. */
export function jsonPointer(items: readonly PathItem[]): string {
  return items.map((item) =>
    "key" in item
      ? `/${item.key.replaceAll("~", "~0").replaceAll("/", "~1")}`
      : `/${item.index}`
  ).join("");
}

/** A path with `[*]`; it gives a list. */
export function jsonWildcard(items: readonly PathItem[]): string {
  return items.reduce((path, item) => {
    if (!("key" in item)) return `${path}[${item.index}]`;
    const key = item.key.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    return `${path}."${key}"`;
  }, "$");
}

/** Whether a step stands for each element of an array. */
export function isEach(item: PathItem): boolean {
  return "index" in item && item.index === "*";
}

/** Splits a path behind its last `[*]`; `list` is empty without one. */
export function splitAtLast(items: readonly PathItem[]): {
  readonly list: readonly PathItem[];
  readonly rest: readonly PathItem[];
} {
  const at = items.findLastIndex(isEach) + 1;
  return { list: items.slice(0, at), rest: items.slice(at) };
}
