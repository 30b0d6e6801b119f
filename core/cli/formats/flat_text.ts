/**
 * Values as text for people: a line for each property.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import { edgeText } from "../list/columns.ts";
import { plainText } from "../list/plain_text.ts";

function* lines(value: Json, path: string): Generator<string> {
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, each] of value.entries()) {
      yield* lines(each, `${path}[${at}]`);
    }
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, each] of Object.entries(value)) {
      yield* lines(each as Json, path === "" ? key : `${path}.${key}`);
    }
  } else {
    const text = plainText(value);
    yield path === "" ? `${text}\n` : `${plainText(path)}: ${text}\n`;
  }
}

/** `tags.owner: me`: every property of an element; of a node those of a section. */
export function flatText(element: Json, section: string): string {
  if (!isObject(element)) return [...lines(element, "")].join("");
  if (element["type"] === "edge" && "from" in element) {
    return `${plainText(edgeText(element))}\n`;
  }
  const isNode = element["type"] === "node" && "reported" in element;
  const shown = isNode && section !== "" ? element[section] ?? {} : element;
  return [...lines(shown as Json, "")].join("");
}
