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
  output = "";
  row = 0;
  column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(grapheme: string): void {
    const width = graphemeWidth(grapheme);
    if (this.column + width > this.#columns) this.newLine();
    this.output += grapheme;
    this.column += width;
  }

  /** Writes what fits into the row, with colours. */
  mark(text: string, paint: (text: string) => string): void {
    this.output += paint(text);
    this.column += textWidth(text);
  }

  newLine(): void {
    this.output += "\r\n";
    this.row++;
    this.column = 0;
  }
}

/** What stands for a grapheme: `^[` for a control character that was pasted. */
function shown(grapheme: string): string | readonly string[] {
  const code = grapheme.charCodeAt(0);
  if (code >= 32 && (code < 127 || code > 159)) return [grapheme];
  return code < 32 ? `^${String.fromCharCode(code + 64)}` : "^?";
}

/** Draws a view for a terminal of so many columns. */
export function drawLine(view: LineView, columns: number): DrawnLine {
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
      for (const sign of shown(each)) layout.write(sign);
    }
    at += each.length;
  }
  // Behind the last column the cursor stands in the next row.
  if (layout.column >= columns) layout.newLine();
  if (cursor >= at) place = { row: layout.row, column: layout.column };
  if (place.column >= columns) place = { row: place.row + 1, column: 0 };
  let { output, row } = layout;
  for (const line of below) {
    output += `\r\n${line}`;
    row++;
  }
  const up = row - place.row;
  output += up > 0 ? `\x1b[${up}A\r` : "\r";
  if (place.column > 0) output += `\x1b[${place.column}C`;
  return { output, cursorRow: place.row };
}

/** Takes a drawn line off the terminal, the cursor to its first row. */
export function eraseLine({ cursorRow }: Pick<DrawnLine, "cursorRow">): string {
  return (cursorRow > 0 ? `\x1b[${cursorRow}A` : "") + "\r\x1b[J";
}
