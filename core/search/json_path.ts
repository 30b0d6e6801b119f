/**
 * Paths as the index's JSON functions take them. They are always bound.
 *
 * @module
 */

import type { PathItem } from "../query/ast.ts";

/** A path without `[*]` as JSON pointer; numbers in it are keys or indexes. */
function jsonPointer(items: readonly PathItem[]): string {
  return items.map((item) =>
    "key" in item
      ? `/${item.key.replaceAll("~", "~0").replaceAll("/", "~1")}`
      : `/${item.index}`
  ).join("");
}

/** A path in which keys and indexes differ, with or without `[*]`. */
function jsonPath(items: readonly PathItem[]): string {
  return items.reduce((path, item) => {
    if (!("key" in item)) return `${path}[${item.index}]`;
    const key = item.key.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    return `${path}."${key}"`;
  }, "$");
}

/** Whether a JSON pointer could take an index for a key, or a key for an index. */
function isNumbered(item: PathItem): boolean {
  return !("key" in item) || /^\d+$/.test(item.key);
}

/**
 * Whether only a JSON pointer can name a key: a path would take `*` for any key,
 * even in quotes, and refuses the empty one.
 */
function isOddKey(item: PathItem): boolean {
  return "key" in item && (item.key === "*" || item.key === "");
}

/** What binds a path and gives its place. */
type Bind = (path: string) => string;

/** The arguments of a JSON function that say where a value is. */
export function jsonPlace(
  document: string,
  items: readonly PathItem[],
  bind: Bind,
): string {
  if (!items.some(isNumbered)) {
    return `${document}, ${bind(jsonPointer(items))}`;
  }
  const odd = items.findLastIndex(isOddKey);
  if (odd === -1) return `${document}, ${bind(jsonPath(items))}`;
  const outer = odd === 0
    ? document
    : `json_extract(${jsonPlace(document, items.slice(0, odd), bind)})`;
  const inner = `${outer}, ${bind(jsonPointer(items.slice(odd, odd + 1)))}`;
  const rest = items.slice(odd + 1);
  return rest.length === 0
    ? inner
    : `json_extract(${inner}), ${bind(jsonPath(rest))}`;
}

/**
 * SQL of the list of what a path with `[*]` leads to, as JSON or as texts.
 *
 * @param name Makes a name for a variable.
 */
export function jsonList(
  document: string,
  items: readonly PathItem[],
  bind: Bind,
  name: (prefix: string) => string,
  read: "json_extract" | "json_extract_string" = "json_extract",
): string {
  const odd = items.findLastIndex(isOddKey);
  if (odd === -1) return `${read}(${document}, ${bind(jsonPath(items))})`;
  const tail = bind(jsonPath(items.slice(odd + 1)));
  const { list, rest } = splitAtLast(items.slice(0, odd + 1));
  if (list.length === 0) {
    return `${read}(json_extract(${jsonPlace(document, rest, bind)}), ${tail})`;
  }
  const element = name("y");
  return `flatten(list_transform(${
    jsonList(document, list, bind, name)
  }, lambda ${element}: ${read}(json_extract(${
    jsonPlace(element, rest, bind)
  }), ${tail})))`;
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
