/**
 * A search that cannot be parsed, with the place where it goes wrong.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { maskSecrets } from "./mask_secrets.ts";
import { SourceText } from "./source_text.ts";

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
function frameOf(text: string, offset: number): string {
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

/** Where a search goes wrong, for people and programs. */
export interface Location {
  /** Line of what was written, from 1. */
  readonly line: number;
  /** Column of what was written, from 1. */
  readonly column: number;
  /** The line, with a caret under the column. */
  readonly frame: string;
  /** The same in what a placeholder or template stands for. */
  readonly expanded?: string;
}

/** Where an offset of a search lies in what was written. */
export function locate(
  text: string | SourceText,
  offset: number,
): Location {
  const source = SourceText.of(text);
  const place = source.placeOf(offset);
  return {
    ...placeOf(source.original, place.offset),
    frame: frameOf(maskSecrets(source.original), place.offset),
    ...(place.isReplaced && {
      expanded: frameOf(maskSecrets(source.text), offset),
    }),
  };
}

/** Characters of a message beside its frame at most. */
const MESSAGE_CHARS = 400;

/** A text that names what people wrote, and stays readable. */
export function cutMessage(text: string): string {
  return text.length <= MESSAGE_CHARS
    ? text
    : `${text.slice(0, MESSAGE_CHARS)}…`;
}

/** A message with its place: `Cannot parse search at column 3: …` and a frame. */
export function locatedMessage(
  tried: string,
  { line, column, frame, expanded }: Location,
  problem: string,
): string {
  const place = line === 1
    ? `column ${column}`
    : `line ${line}, column ${column}`;
  const inner = expanded === undefined ? "" : `\nwhich stands for\n${expanded}`;
  return `${tried} at ${place}: ${problem}\n${frame}${inner}`;
}

/** `; did you mean "a" or "b"?`, or nothing. */
export function suggestionText(words: readonly string[]): string {
  if (words.length === 0) return "";
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.pop();
  const text = quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
  return `; did you mean ${text}?`;
}

/** What a {@linkcode QuerySyntaxError} knows. */
export interface SyntaxProblem {
  /** The search. */
  readonly text: string | SourceText;
  /** Where it goes wrong, from 0. */
  readonly offset: number;
  /** What stands there and why it is wrong. */
  readonly problem: string;
  /** What could stand there. */
  readonly expected?: readonly string[];
  /** The nearest valid word. */
  readonly suggestion?: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** A search that cannot be parsed. */
export class QuerySyntaxError extends SkymapError {
  /** Line of the fault, from 1. */
  readonly line: number;
  /** Column of the fault, from 1. */
  readonly column: number;
  /** The line, with a caret under the column. */
  readonly frame: string;
  /** What is wrong, without its place. */
  readonly problem: string;
  /** Where it is wrong in the text that was parsed, from 0. */
  readonly offset: number;

  /** Makes an error; its message ends with the frame. */
  constructor(fault: SyntaxProblem) {
    const { text, offset, problem, expected = [], suggestion, hint } = fault;
    const location = locate(text, offset);
    // The list of all that may stand there only hides what is meant.
    const wanted = expected.length === 0 || hint !== undefined
      ? ""
      : `, expected ${expected.join(", ")}`;
    const help = hint === undefined
      ? suggestionText(suggestion === undefined ? [] : [suggestion])
      : `; ${hint}`;
    super(
      "query_syntax",
      locatedMessage(
        "Cannot parse search",
        location,
        `${cutMessage(problem)}${wanted}${cutMessage(help)}`,
      ),
      {
        details: {
          ...location,
          expected,
          ...(suggestion !== undefined && { suggestion }),
          ...(hint !== undefined && { hint }),
        },
      },
    );
    this.name = "QuerySyntaxError";
    this.line = location.line;
    this.column = location.column;
    this.frame = location.frame;
    this.problem = problem;
    this.offset = offset;
  }
}
