/**
 * Errors of searches that parse and cannot be answered.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { offsetOf } from "../query/positions.ts";
import type { SourceText } from "../query/source_text.ts";
import {
  cutMessage,
  locate,
  locatedMessage,
  suggestionText,
} from "../query/syntax_error.ts";

/** Characters of a problem at most: names may be as long as a search. */
const MAX_CHARS = 600;

/**
 * The error of a search.
 *
 * @param at A node of its tree, or an offset of its text.
 * @param suggestions What may have been meant, the nearest first.
 */
export function invalidQuery(
  text: string | SourceText,
  at: object | number | undefined,
  problem: string,
  suggestions: readonly string[] = [],
): SkymapError {
  const offset = typeof at === "object" ? offsetOf(at) : at;
  const said = problem.length > MAX_CHARS
    ? `${problem.slice(0, MAX_CHARS)}…`
    : problem;
  const sentence = said + suggestionText(suggestions);
  if (offset === undefined) {
    return new SkymapError("query_invalid", `Cannot search: ${sentence}`, {
      details: { suggestions },
    });
  }
  const location = locate(text, offset);
  return new SkymapError(
    "query_invalid",
    locatedMessage("Cannot search", location, sentence),
    { details: { ...location, suggestions } },
  );
}
