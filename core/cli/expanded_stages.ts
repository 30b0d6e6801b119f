/**
 * Commands that stand for lines.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import type { SourceText } from "../query/source_text.ts";
import { type ParsedLine, parseLines } from "./parse_lines.ts";
import { usageError } from "./usage_error.ts";

/** A command and what it stands for. */
export interface Expansion {
  /** The line that it stands for. */
  readonly line: string;
  /** Its name. */
  readonly name: string;
  /** The call, as it was written. */
  readonly source: SourceText;
  /** Names of the commands whose lines it is part of. */
  readonly within: readonly string[];
}

/** Commands that stand for each other at most. */
const MAX_DEPTH = 10;

/**
 * The commands of the line. What is wrong with one points to the call, and shows
 * what that stands for.
 *
 * @throws {SkymapError} `usage`, if it is not one line, or stands for itself.
 */
export function expandedStages(
  { line, name, source, within }: Expansion,
): readonly SourceText[] {
  const fault = (problem: string) =>
    usageError({
      tried: `Cannot run "${name}"`,
      source,
      offset: 0,
      problem,
    });
  if (within.includes(name) || within.length >= MAX_DEPTH) {
    throw fault(
      `it stands for a line that calls it: ${[...within, name].join(" → ")}`,
    );
  }
  let lines: readonly ParsedLine[];
  try {
    lines = parseLines(line);
  } catch (error) {
    throw fault(`the line that it stands for is none: ${messageOf(error)}`);
  }
  const [first, ...more] = lines;
  if (first === undefined || more.length > 0 || first.assignments.length > 0) {
    throw fault(
      "it stands for several lines or for variables, wanted commands with | between",
    );
  }
  return first.stages.map(({ text }) =>
    source.replace([{ start: 0, end: source.text.length, text }])
  );
}
