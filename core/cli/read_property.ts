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

/**
 * What an element holds at a path: each value of an array that is unfolded. A
 * relative path of a node begins in its section, one of a row may name a group.
 */
export function readProperty(
  element: Json,
  { absolute, items }: Path,
  section: string,
): readonly Json[] {
  if (!isObject(element) || absolute) return valuesAt(element, items);
  const value = element as Json;
  if (element["type"] === "node" && section !== "") {
    return valuesAt(step(value, { key: section }), items);
  }
  const found = valuesAt(value, items);
  return found.length > 0
    ? found
    : valuesAt(step(value, { key: "group" }), items);
}
