/**
 * Elements as tables, row by row: nothing waits for the last one.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type { Batches } from "../batch.ts";
import { csvLine } from "../formats/csv.ts";
import { peek } from "../peek.ts";
import {
  CHANGE,
  type Column,
  fieldColumns,
  fieldsOf,
  NODE_ID,
  nodeColumns,
} from "./columns.ts";
import type { ListOptions } from "./list_lines.ts";
import { plainText } from "./plain_text.ts";
import { cutText, textWidth } from "./text_width.ts";

/** Elements that are looked at to find columns and widths. */
const SAMPLE = 100;

/** A table: its columns, and rows as they come. */
export interface Table {
  readonly columns: readonly Column[];
  /** The first elements. */
  readonly sample: readonly Json[];
  readonly batches: Batches;
  /** Keys that elements have and no column shows. */
  readonly hidden: ReadonlySet<string>;
}

function columnsOf(
  sample: readonly Json[],
  options: ListOptions,
  isOfNodes: boolean,
): readonly Column[] {
  const { hasEdges, properties } = options;
  const [first] = sample;
  const isChange = isObject(first) && "change" in first &&
    "changed_at" in first;
  if (isChange) {
    const edges = sample.some((each) => isObject(each) && "from" in each);
    return [
      ...CHANGE,
      ...(edges ? [NODE_ID] : []),
      ...nodeColumns(properties, options),
    ];
  }
  if (isOfNodes || (isObject(first) && first["type"] === "node")) {
    return [
      ...(hasEdges ? [NODE_ID] : []),
      ...nodeColumns(properties, options),
    ];
  }
  return fieldColumns(sample);
}

/** Remembers keys that no column shows. */
async function* watched(
  batches: Batches,
  columns: readonly Column[],
  hidden: Set<string>,
): Batches {
  const known = new Set(columns.map(({ name }) => name));
  for await (const batch of batches) {
    for (const element of batch.values) {
      if (!isObject(element)) {
        if (!known.has("value")) hidden.add("value");
        continue;
      }
      for (const [name] of fieldsOf(element)) {
        if (!known.has(name)) hidden.add(name);
      }
    }
    yield batch;
  }
}

/** Finds the columns of a table in the first elements. */
export async function tableOf(
  batches: Batches,
  options: ListOptions,
  isOfNodes: boolean,
): Promise<Table> {
  const begun = await peek(batches);
  const sample = begun.first?.slice(0, SAMPLE).values ?? [];
  const hidden = new Set<string>();
  const columns = options.columns ?? columnsOf(sample, options, isOfNodes);
  const isOfFields = options.columns === undefined && !isOfNodes &&
    columns.every(({ path }) => path?.absolute !== true);
  return {
    columns,
    sample,
    batches: isOfFields
      ? watched(begun.batches, columns, hidden)
      : begun.batches,
    hidden,
  };
}

/** As comma-separated values. */
export async function* csvTable(
  { columns, batches }: Table,
): AsyncGenerator<string> {
  if (columns.length === 0) return;
  yield csvLine(columns.map(({ name }) => name));
  for await (const { values } of batches) {
    let text = "";
    for (const value of values) {
      text += csvLine(columns.map(({ read }) => read(value)));
    }
    yield text;
  }
}

/** A cell of Markdown: what would end it is escaped. */
function cell(value: Json | undefined): string {
  const text = value === undefined ? "null" : plainText(value);
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|");
}

const MIN_WIDTH = 3;
/** What stands between and around the cells of a row: `| a | b |`. */
const FRAME = 3;

/** Widths that fit: the widest columns give way first. */
function fit(widths: readonly number[], columns: number): readonly number[] {
  const room = columns - FRAME * widths.length - 1;
  const sum = (most: number) =>
    widths.reduce((all, width) => all + Math.min(width, most), 0);
  let most = Math.max(...widths);
  while (most > MIN_WIDTH && sum(most) > room) most--;
  return widths.map((width) => Math.min(width, most));
}

function row(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((text, at) =>
    text + " ".repeat(Math.max(0, (widths[at] ?? 0) - textWidth(text)))
  );
  return `| ${padded.join(" | ")} |\n`;
}

/**
 * As a table of Markdown. Widths are those of the first rows; with a terminal,
 * what is wider is cut, and the table is as wide as the terminal at most.
 */
export async function* markdownTable(
  { columns, sample, batches }: Table,
  terminalColumns: number | undefined,
): AsyncGenerator<string> {
  if (columns.length === 0) return;
  const heads = columns.map(({ name }) => cell(name));
  const first = sample.map((element) =>
    columns.map(({ read }) => cell(read(element)))
  );
  const wanted = heads.map((head, at) =>
    Math.max(
      MIN_WIDTH,
      textWidth(head),
      ...first.map((cells) => textWidth(cells[at] ?? "")),
    )
  );
  const widths = terminalColumns === undefined
    ? wanted
    : fit(wanted, terminalColumns);
  const cut = (cells: readonly string[]) =>
    terminalColumns === undefined
      ? cells
      : cells.map((text, at) => cutText(text, widths[at] ?? MIN_WIDTH));
  yield row(cut(heads), widths) +
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|\n`;
  for await (const { values } of batches) {
    let text = "";
    for (const element of values) {
      const cells = columns.map(({ read }) => cell(read(element)));
      text += row(cut(cells), widths);
    }
    yield text;
  }
}

/** `last_update` as people read it: `Last Update`. */
function display(name: string): string {
  return name.split(/[_\s]+/).map((word) =>
    word.slice(0, 1).toUpperCase() + word.slice(1)
  ).join(" ");
}

/** As lines of JSON: the columns, then each row by the names of its columns. */
export async function* jsonTable(
  { columns, batches }: Table,
  kindOf: (column: Column) => string,
): AsyncGenerator<string> {
  yield `${
    JSON.stringify({
      columns: columns.map((column) => ({
        name: column.name,
        kind: kindOf(column),
        display: display(column.name),
      })),
    })
  }\n`;
  for await (const { values } of batches) {
    let text = "";
    for (const element of values) {
      const id = isObject(element) ? element["id"] : undefined;
      const cells = columns.map(({ name, read }) =>
        [name, read(element) ?? null] as const
      );
      text += `${
        JSON.stringify({
          ...(typeof id === "string" && { id }),
          row: Object.fromEntries(cells),
        })
      }\n`;
    }
    yield text;
  }
}
