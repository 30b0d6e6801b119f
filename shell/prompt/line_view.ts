/**
 * How the line that is being typed looks on the terminal.
 *
 * @module
 */

import { graphemes, graphemeWidth, textWidth } from "./text_width.ts";

/** What is shown. */
export interface LineView {
  /** What stands before the first row. */
  readonly prompt: string;
  /** What stands before each further line of the text. */
  readonly more: string;
  /** Colours what stands before a line. */
  readonly paint: (text: string) => string;
  /** The text. */
  readonly text: string;
  /** Offset of the cursor. */
  readonly cursor: number;
  /** Rows below it; each fits the width. */
  readonly below: readonly string[];
}

/** A view as text for the terminal. */
export interface DrawnLine {
  /** What is written, from the first column of the first row on. */
  readonly output: string;
  /** How many rows the cursor stands below the first one afterwards. */
  readonly cursorRow: number;
}

/** Lays a text out in rows, and remembers where the cursor comes to be. */
class Layout {
  readonly #columns: number;
  readonly rows: string[] = [""];
  column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get row(): number {
    return this.rows.length - 1;
  }

  #add(text: string, width: number): void {
    this.rows[this.row] += text;
    this.column += width;
  }

  write(grapheme: string): void {
    const width = graphemeWidth(grapheme);
    if (this.column + width > this.#columns) this.newLine();
    this.#add(grapheme, width);
  }

  /** Writes what fits into the row, with colours. */
  mark(text: string, paint: (text: string) => string): void {
    this.#add(paint(text), textWidth(text));
  }

  newLine(): void {
    this.rows.push("");
    this.column = 0;
  }
}

/** Control characters, and what turns the direction of writing. */
// deno-lint-ignore no-control-regex -- control characters are what it finds
const STEERING = /^[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** What stands for a grapheme: `^[` for a control character that was pasted. */
function signsOf(grapheme: string): string | readonly string[] {
  if (!STEERING.test(grapheme)) return [grapheme];
  const code = grapheme.charCodeAt(0);
  return code < 32 ? `^${String.fromCharCode(code + 64)}` : "^?";
}

/**
 * Draws a view for a terminal of a size. Of a text that is higher than the
 * terminal the rows around the cursor are shown.
 */
export function drawLine(
  view: LineView,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): DrawnLine {
  const layout = new Layout(Math.max(columns, 1));
  const { prompt, more, paint, text, cursor, below } = view;
  layout.mark(prompt, paint);
  let place = { row: 0, column: layout.column };
  let at = 0;
  for (const each of graphemes(text)) {
    if (at <= cursor) place = { row: layout.row, column: layout.column };
    if (each === "\n") {
      layout.newLine();
      layout.mark(more, paint);
    } else {
      for (const sign of signsOf(each)) layout.write(sign);
    }
    at += each.length;
  }
  // Behind the last column the cursor stands in the next row.
  if (layout.column >= columns) layout.newLine();
  if (cursor >= at) place = { row: layout.row, column: layout.column };
  if (place.column >= columns) place = { row: place.row + 1, column: 0 };
  const height = Math.max(rows - below.length, 1);
  const first = Math.max(
    Math.min(place.row - Math.floor(height / 2), layout.rows.length - height),
    0,
  );
  const shown = [...layout.rows.slice(first, first + height), ...below];
  const cursorRow = place.row - first;
  const up = shown.length - 1 - cursorRow;
  let output = shown.join("\r\n") + (up > 0 ? `\x1b[${up}A\r` : "\r");
  if (place.column > 0) output += `\x1b[${place.column}C`;
  return { output, cursorRow };
}

/** Takes a drawn line off the terminal, the cursor to its first row. */
export function eraseLine({ cursorRow }: Pick<DrawnLine, "cursorRow">): string {
  return (cursorRow > 0 ? `\x1b[${cursorRow}A` : "") + "\r\x1b[J";
}
