/**
 * A search that cannot be parsed, with the place where it goes wrong.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** Characters of a line that a frame shows at most. */
const FRAME_CHARS = 76;

/** Line and column of an offset, both from 1. */
export function placeOf(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return {
    line: before.split("\n").length,
    column: offset - start + 1,
  };
}

/** The line of an offset, with a caret under it; long lines are cut. */
export function frameOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const line = text.slice(start, next === -1 ? text.length : next);
  const column = offset - start;
  const from = line.length <= FRAME_CHARS
    ? 0
    : Math.max(0, column - FRAME_CHARS / 2);
  // Control characters would move the caret away from its column.
  const shown = line.slice(from, from + FRAME_CHARS).replace(/\p{Cc}/gu, " ");
  const lead = from > 0 ? "…" : "";
  const tail = from + FRAME_CHARS < line.length ? "…" : "";
  const indent = " ".repeat(column - from + lead.length);
  return `  ${lead}${shown}${tail}\n  ${indent}^`;
}

/** What a {@linkcode QuerySyntaxError} knows. */
export interface SyntaxProblem {
  /** The search. */
  readonly text: string;
  /** Where it goes wrong, from 0. */
  readonly offset: number;
  /** What stands there and why it is wrong. */
  readonly problem: string;
  /** What could stand there. */
  readonly expected?: readonly string[];
  /** The nearest valid word. */
  readonly suggestion?: string;
}

/** A search that cannot be parsed. */
export class QuerySyntaxError extends SkymapError {
  /** Line of the fault, from 1. */
  readonly line: number;
  /** Column of the fault, from 1. */
  readonly column: number;
  /** The line, with a caret under the column. */
  readonly frame: string;

  /** Makes an error; its message ends with the frame. */
  constructor(problem: SyntaxProblem) {
    const { text, offset, expected = [], suggestion } = problem;
    const { line, column } = placeOf(text, offset);
    const frame = frameOf(text, offset);
    const wanted = expected.length === 0
      ? ""
      : `, expected ${expected.join(", ")}`;
    const hint = suggestion === undefined
      ? ""
      : `; did you mean "${suggestion}"?`;
    const place = line === 1
      ? `column ${column}`
      : `line ${line}, column ${column}`;
    super(
      "query_syntax",
      `Cannot parse search at ${place}: ${problem.problem}${wanted}${hint}\n${frame}`,
      {
        details: {
          line,
          column,
          frame,
          expected,
          ...(suggestion !== undefined && { suggestion }),
        },
      },
    );
    this.name = "QuerySyntaxError";
    this.line = line;
    this.column = column;
    this.frame = frame;
  }
}
