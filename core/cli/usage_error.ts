/**
 * What is wrong with a line, with a caret under the place.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { SourceText } from "../query/source_text.ts";
import {
  cutMessage,
  locate,
  locatedMessage,
  suggestionText,
} from "../query/syntax_error.ts";

/** What is wrong where. */
export interface UsageFault {
  /** What was tried, such as `Cannot run "head"`. */
  readonly tried: string;
  /** The text in which it is wrong. */
  readonly source: SourceText;
  /** Where in it. */
  readonly offset: number;
  /** What is there, and what was wanted. */
  readonly problem: string;
  /** What may have been meant. */
  readonly suggestions?: readonly string[];
}

/** An error of the code `usage` that shows the line. */
export function usageError(
  { tried, source, offset, problem, suggestions = [] }: UsageFault,
): SkymapError {
  const location = locate(source, offset);
  return new SkymapError(
    "usage",
    locatedMessage(
      tried,
      location,
      cutMessage(problem) + suggestionText(suggestions),
    ),
    { details: { ...location, suggestions } },
  );
}
