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
  const sentence = cutMessage(problem) + suggestionText(suggestions);
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
