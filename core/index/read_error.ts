/**
 * Says why an answer could not be read.
 *
 * @module
 */

import { messageOf, SkymapError } from "@skymap/lib/errors";
import { indexError } from "./open.ts";

/** The error of ours for what the engine threw. */
export function readError(error: unknown): SkymapError {
  if (error instanceof SkymapError) return error;
  const message = messageOf(error);
  if (/out of memory|could not allocate|max_temp_directory/i.test(message)) {
    return new SkymapError(
      "query_too_large",
      `Cannot answer the search: it needs more memory than the index is given (${
        reasonOf(message)
      })`,
      { cause: error },
    );
  }
  if (/max(imum)?[ _]expression[ _]depth|recursion depth/i.test(message)) {
    return new SkymapError(
      "query_too_large",
      "Cannot answer the search: its terms are nested too deep",
      { cause: error },
    );
  }
  if (/out of range error/i.test(message)) {
    return new SkymapError(
      "query_invalid",
      "Cannot answer the search: its numbers are too large to compute with",
      { cause: error },
    );
  }
  if (/invalid input error/i.test(message)) {
    return new SkymapError(
      "query_invalid",
      `Cannot answer the search: ${
        message.replace(/^.*invalid input error:\s*/i, "")
      }`,
      { cause: error },
    );
  }
  return indexError("answer the search", error);
}

/** What the engine lacks, without its advice on settings that are not ours. */
function reasonOf(message: string): string {
  const [first = message] = message.split("\n");
  return first.replace(/^out of memory error:\s*/i, "");
}
