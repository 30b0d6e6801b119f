/**
 * Answers as a table.
 *
 * @module
 */

import type { NodeJson } from "@skymap/lib/client";
import { isObject } from "@skymap/lib/json";
import type { AnswerFormat } from "./answer_format.ts";

/** Columns of nodes, unless others are asked for. */
const NODE_COLUMNS: readonly string[] = [
  "kind",
  "id",
  "name",
  "cloud",
  "account",
  "region",
  "zone",
];

const CONTAINERS: readonly string[] = ["cloud", "account", "region", "zone"];

/** Texts that spreadsheets would run as formulas. */
const FORMULA = /^[=+\-@\t\r]/;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** A text as it may stand in a cell: whoever names a resource runs nothing. */
function harmless(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string"
    ? harmless(value)
    : JSON.stringify(value);
  return /[",\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** A line of a table; what is undefined or null is an empty cell. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value at `a.b.0` below an object. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce(step, value);
}

/** Reads a path: of the node from a slash on, else of what it reports. */
function nodeValue(node: NodeJson, column: string): unknown {
  if (column.startsWith("/")) return at(node, column.slice(1).split("."));
  if (CONTAINERS.includes(column)) {
    return at(node, ["ancestors", column, "reported", "name"]);
  }
  return at(node.reported, column.split("."));
}

/** A row of an aggregation or of any other records, without nesting. */
function flat(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).flatMap(([key, value]) =>
    key === "group" && isObject(value)
      ? Object.entries(value)
      : [[key, value] as [string, unknown]]
  );
}

/** Lines with a head; a failure leaves a quote open, so that no reader takes it. */
export const CSV_FORMAT: AnswerFormat = {
  name: "csv",
  mediaType: "text/csv",
  shapes: ["nodes", "rows"],
  tellsFailure: false,
  writer: ({ shape, columns }) => {
    let known = columns ?? (shape === "nodes" ? NODE_COLUMNS : undefined);
    return {
      head: () => known === undefined ? "" : csvLine(known),
      record: (text) => {
        const value: Record<string, unknown> = JSON.parse(text);
        if (shape === "nodes") {
          const node = value as unknown as NodeJson;
          return csvLine(
            (known ?? []).map((column) => nodeValue(node, column)),
          );
        }
        const fields = new Map(flat(value));
        const names = known ?? [...fields.keys()];
        const head = known === undefined ? csvLine(names) : "";
        known = names;
        return head + csvLine(names.map((name) => fields.get(name)));
      },
      end: () => "",
      failed: ({ code, detail }) =>
        `"error: ${code}: ${detail.replaceAll('"', "'")}\r\n`,
    };
  },
};
