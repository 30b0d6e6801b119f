/**
 * Answers as one JSON text a line.
 *
 * @module
 */

import {
  type AnswerFormat,
  ANY_SHAPE,
  failureRecord,
} from "./answer_format.ts";

/** Lines; the last one is the coverage, or why the answer was cut. */
export const NDJSON_FORMAT: AnswerFormat = {
  name: "ndjson",
  mediaType: "application/x-ndjson",
  shapes: ANY_SHAPE,
  tellsFailure: true,
  writer: () => ({
    head: () => "",
    record: (text) => `${text}\n`,
    end: (coverage) =>
      coverage === undefined ? "" : `${JSON.stringify(coverage)}\n`,
    failed: (problem) => `${failureRecord(problem)}\n`,
  }),
};
