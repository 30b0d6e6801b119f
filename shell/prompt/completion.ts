/**
 * What a tab does to the line, and what it shows below it.
 *
 * @module
 */

import type { CompletionJson, CompletionsJson } from "@skymap/lib/client";
import type { Paint } from "../paint.ts";
import { oneLine } from "../printable.ts";
import { type EditBuffer, replace } from "./edit_buffer.ts";
import { cutToWidth, textWidth } from "./text_width.ts";

/** Types of words behind which a blank follows in any case. */
const ENDED: ReadonlySet<string> = new Set(["command", "verb", "option"]);

/** What a tab came to. */
export interface Completed {
  /** The line, with what all suggestions begin with. */
  readonly buffer: EditBuffer;
  /** Suggestions to choose from; none when the word is whole. */
  readonly choices: readonly CompletionJson[];
}

function commonStart(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = first.length;
  for (const text of others) {
    while (!text.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}

/** Puts what was found into the line, as far as it is clear. */
export function complete(
  buffer: EditBuffer,
  { start, end, suggestions }: CompletionsJson,
): Completed {
  const [only] = suggestions;
  if (only === undefined) return { buffer, choices: [] };
  if (suggestions.length === 1) {
    const isLast = end >= buffer.text.length;
    const blank = isLast && ENDED.has(only.type) ? " " : "";
    return {
      buffer: replace(buffer, start, end, only.text + blank),
      choices: [],
    };
  }
  const typed = buffer.text.slice(start, buffer.cursor);
  const begun = suggestions.map(({ text }) => text)
    .filter((text) => text.startsWith(typed));
  // Others hold what is typed somewhere; they cannot be begun together.
  const shared = begun.length === suggestions.length ? commonStart(begun) : "";
  return {
    buffer: shared.length > typed.length
      ? replace(buffer, start, buffer.cursor, shared)
      : buffer,
    choices: suggestions,
  };
}

/** How much room there is for choices. */
export interface Room {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Rows that may be used. */
  readonly rows: number;
}

function inColumns(
  texts: readonly string[],
  { columns, rows }: Room,
): readonly string[] {
  const width = Math.min(Math.max(...texts.map(textWidth)) + 2, columns);
  const across = Math.max(Math.floor(columns / width), 1);
  const down = Math.ceil(texts.length / across);
  const shown = down > rows ? rows - 1 : down;
  const lines = Array.from(
    { length: shown },
    (_, row) =>
      Array.from({ length: across }, (_, column) => {
        const text = texts[column * (down > rows ? shown : down) + row] ?? "";
        return text + " ".repeat(Math.max(width - textWidth(text), 0));
      }).join("").trimEnd(),
  );
  return down > rows
    ? [...lines, `and ${texts.length - shown * across} more`]
    : lines;
}

/** The rows that show choices: with their help when there is room for it. */
export function renderChoices(
  choices: readonly CompletionJson[],
  room: Room,
  paint: Paint,
): readonly string[] {
  const { columns, rows } = room;
  if (choices.length === 0 || rows < 1) return [];
  const texts = choices.map(({ text }) => oneLine(text));
  const hasHelp = choices.some(({ help }) => help !== undefined);
  const widest = Math.max(...texts.map(textWidth));
  if (!hasHelp || choices.length > rows || widest + 12 > columns) {
    return inColumns(texts, room).map((line) => cutToWidth(line, columns - 1));
  }
  return choices.map(({ help = "" }, at) => {
    const text = texts[at] ?? "";
    const space = " ".repeat(widest - textWidth(text) + 2);
    const told = cutToWidth(oneLine(help), columns - widest - 3);
    return help === "" ? text : text + space + paint.dim(told);
  });
}
