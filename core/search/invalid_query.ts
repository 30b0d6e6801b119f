/**
 * Errors of searches that parse and cannot be answered.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { offsetOf } from "../query/positions.ts";
import { frameOf, placeOf } from "../query/syntax_error.ts";

/** The error of a search, with the place of a node of its tree if it is known. */
export function invalidQuery(
  text: string,
  node: object | undefined,
  problem: string,
  suggestions: readonly string[] = [],
): SkymapError {
  const offset = node === undefined ? undefined : offsetOf(node);
  const [nearest] = suggestions;
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  if (offset === undefined) {
    return new SkymapError(
      "query_invalid",
      `Cannot search: ${problem}${hint}`,
      {
        details: { suggestions },
      },
    );
  }
  const { line, column } = placeOf(text, offset);
  const frame = frameOf(text, offset);
  const place = line === 1
    ? `column ${column}`
    : `line ${line}, column ${column}`;
  return new SkymapError(
    "query_invalid",
    `Cannot search at ${place}: ${problem}${hint}\n${frame}`,
    { details: { line, column, frame, suggestions } },
  );
}
