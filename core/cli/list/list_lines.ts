/**
 * Elements as text: one line each.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type { Batches } from "../batch.ts";
import {
  CHANGE,
  type Column,
  type ColumnOptions,
  edgeText,
  fieldsOf,
  NODE_ID,
  nodeColumns,
} from "./columns.ts";
import { plainText } from "./plain_text.ts";
import type { Path } from "../../query/ast.ts";

/** What is left out of a text: an answer need not say what it does not know. */
function isShown(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

function pairs(
  entries: Iterable<readonly [string, Json | undefined]>,
): string {
  let text = "";
  for (const [name, value] of entries) {
    if (!isShown(value)) continue;
    text += `${text === "" ? "" : ", "}${name}=${plainText(value)}`;
  }
  return text;
}

function columnsText(element: Json, columns: readonly Column[]): string {
  let text = "";
  for (const { name, read } of columns) {
    const value = read(element);
    if (!isShown(value)) continue;
    text += `${text === "" ? "" : ", "}${name}=${plainText(value)}`;
  }
  return text;
}

/** Why a node may not be up to date. */
const STALE: Column = {
  name: "stale",
  read: (element) => {
    const stale = isObject(element) ? element["stale"] : undefined;
    return isObject(stale) ? stale["reason"] as Json : undefined;
  },
};

/** How the elements of a list are told. */
export interface ListOptions extends ColumnOptions {
  /** Properties that the search is about. */
  readonly properties: readonly Path[];
  /** Columns that were asked for; none for those of each element. */
  readonly columns: readonly Column[] | undefined;
  /** Whether edges come between nodes, which need their id then. */
  readonly hasEdges: boolean;
}

/** Makes the line of an element. */
function lineMaker(options: ListOptions): (element: Json) => string {
  const { columns, hasEdges, properties } = options;
  const own = [...nodeColumns(properties, options), STALE];
  const node = hasEdges ? [NODE_ID, ...own] : own;
  const change = [...CHANGE, ...own];
  return (element) => {
    if (!isObject(element)) return plainText(element);
    const isChange = "change" in element && "changed_at" in element;
    if (element["type"] === "edge" && "from" in element) {
      const edge = plainText(edgeText(element));
      return isChange ? `${columnsText(element, CHANGE)}, ${edge}` : edge;
    }
    if (columns !== undefined) return columnsText(element, columns);
    if (element["type"] === "node" && "reported" in element) {
      return columnsText(element, isChange ? change : node);
    }
    return pairs(fieldsOf(element));
  };
}

/** The lines of elements. */
export async function* listLines(
  batches: Batches,
  options: ListOptions,
): AsyncGenerator<string> {
  const lineOf = lineMaker(options);
  for await (const { values } of batches) {
    let text = "";
    for (const value of values) text += `${lineOf(value)}\n`;
    if (text !== "") yield text;
  }
}
