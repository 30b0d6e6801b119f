/**
 * Text of a request to its lines.
 *
 * @module
 */

import type { SkymapError } from "@skymap/lib/errors";
import { SourceText } from "../query/source_text.ts";
import { LineParser, type LineStretch } from "./line_grammar.ts";
import { lineTokens, LONE } from "./line_tokens.ts";
import { usageError } from "./usage_error.ts";

/** A variable in front of a line. */
export interface Assignment {
  /** Its name. */
  readonly name: string;
  /** Its value, quotes included. */
  readonly value: SourceText;
  /** Where its name stands. */
  readonly place: SourceText;
}

/** A line that was read; what its commands mean is not known yet. */
export interface ParsedLine {
  /** All of it. */
  readonly source: SourceText;
  /** Variables in front of it, in their order. */
  readonly assignments: readonly Assignment[];
  /** Its commands with their arguments, between the pipes. */
  readonly stages: readonly SourceText[];
}

/** Characters of a request at most: core does nothing else while it reads them. */
const MAX_CHARS = 100_000;

let parser: LineParser | undefined;

function fault(
  source: SourceText,
  offset: number,
  problem: string,
): SkymapError {
  return usageError({ tried: "Cannot read line", source, offset, problem });
}

/**
 * Reads lines, which `;` separates. Blanks around a command are no part of it.
 *
 * @throws {SkymapError} `usage`, for a quote without an end, a `|` without a
 * command on either side, or nothing at all.
 */
export function parseLines(text: string): readonly ParsedLine[] {
  if (text.length > MAX_CHARS) {
    throw fault(
      SourceText.of(text.slice(0, 80)),
      0,
      `it has ${text.length} characters, at most ${MAX_CHARS} are read; ` +
        "what is longer belongs in a file or in several requests",
    );
  }
  const source = SourceText.of(text);
  const tokens = lineTokens(text);
  for (const { tokenType, image, startOffset } of tokens) {
    // A backtick protects a key of a path; alone it is a sign like others.
    if (tokenType !== LONE || image === "`") continue;
    throw fault(
      source,
      startOffset,
      image === "\\"
        ? "nothing follows the backslash, wanted the sign that it protects"
        : `the quote ${image} has no end, wanted another ${image}, or \\${image} for the sign itself`,
    );
  }
  parser ??= new LineParser();
  parser.input = tokens;
  const stretches = parser.lines();
  const [error] = parser.errors;
  if (error !== undefined) {
    const { startOffset } = error.token;
    throw fault(
      source,
      startOffset >= 0 ? startOffset : text.length,
      "nothing like this can stand here, wanted a command",
    );
  }
  if (stretches.length === 0) {
    throw fault(source, 0, 'it is empty, wanted a command such as "help"');
  }
  return stretches.map((line) => readLine(source, line));
}

function readLine(
  source: SourceText,
  { start, end, assignments, stages }: LineStretch,
): ParsedLine {
  for (const [at, stage] of stages.entries()) {
    if (stage.end > stage.start) continue;
    const isDoubled = source.text.slice(stage.start - 1, stage.start + 1) ===
      "||";
    throw fault(
      source,
      stage.start,
      stages.length === 1
        ? "no command follows the variables, wanted one"
        : `nothing stands ${
          at === 0 ? 'in front of "|"' : 'behind "|"'
        }, wanted a command${isDoubled ? '; a search says "or"' : ""}`,
    );
  }
  return {
    source: source.slice(start, end),
    assignments: assignments.map(({ name, start, value }) => ({
      name,
      value: source.slice(value.start, value.end),
      place: source.slice(start, start + name.length),
    })),
    stages: stages.map(({ start, end }) => source.slice(start, end)),
  };
}
