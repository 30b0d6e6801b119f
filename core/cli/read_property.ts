/**
 * What an element holds at a path.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type { Path, PathItem } from "../query/ast.ts";

function step(value: Json | undefined, item: PathItem): Json | undefined {
  if ("key" in item) {
    return isObject(value) && Object.hasOwn(value, item.key)
      ? value[item.key] as Json
      : undefined;
  }
  return Array.isArray(value) && item.index !== "*"
    ? value[item.index] as Json | undefined
    : undefined;
}

function valuesAt(
  value: Json | undefined,
  items: readonly PathItem[],
): readonly Json[] {
  const [item, ...rest] = items;
  if (item === undefined) return value === undefined ? [] : [value];
  if ("index" in item && item.index === "*") {
    return Array.isArray(value)
      ? value.flatMap((each) => valuesAt(each, rest))
      : [];
  }
  return valuesAt(step(value, item), rest);
}

/** Containers of a node, which searches know by these names alone. */
export const CONTAINERS: readonly string[] = [
  "cloud",
  "account",
  "region",
  "zone",
];

/** Ages that searches know, with the time that each counts from. */
export const AGES: Readonly<Record<string, string>> = {
  age: "ctime",
  last_update: "mtime",
  last_access: "atime",
};

/** `account` is the name of the account, `account.id` its id. */
function containerItems(
  items: readonly PathItem[],
): readonly PathItem[] | undefined {
  const [first, ...rest] = items;
  if (first === undefined || !("key" in first)) return;
  if (!CONTAINERS.includes(first.key)) return;
  const name = rest.length === 0 ? [{ key: "name" }] : rest;
  return [{ key: "ancestors" }, first, { key: "reported" }, ...name];
}

/** The path of the time that an age counts from; of any other, the same. */
export function timeOfAge(path: Path): Path {
  const [first, more] = path.items;
  if (path.absolute || more !== undefined) return path;
  if (first === undefined || !("key" in first)) return path;
  const time = Object.hasOwn(AGES, first.key) ? AGES[first.key] : undefined;
  return time === undefined ? path : { ...path, items: [{ key: time }] };
}

/**
 * What an element holds at a path: each value of an array that is unfolded. A
 * relative path of a node begins in its section or names a container, one of a row
 * may name a group.
 */
export function readProperty(
  element: Json,
  { absolute, items }: Path,
  section: string,
): readonly Json[] {
  if (!isObject(element) || absolute) return valuesAt(element, items);
  const value = element as Json;
  if (element["type"] === "node") {
    const container = containerItems(items);
    if (container !== undefined) return valuesAt(value, container);
    if (section !== "") return valuesAt(step(value, { key: section }), items);
  }
  const found = valuesAt(value, items);
  return found.length > 0
    ? found
    : valuesAt(step(value, { key: "group" }), items);
}
