/**
 * Answers as a JSON array.
 *
 * @module
 */

import {
  type AnswerFormat,
  ANY_SHAPE,
  failureRecord,
} from "./answer_format.ts";

/** An array, closed only when the answer is whole. */
export const JSON_FORMAT: AnswerFormat = {
  name: "json",
  mediaType: "application/json",
  shapes: ANY_SHAPE,
  tellsFailure: false,
  writer: () => {
    let lead = "[\n";
    const next = () => {
      const now = lead;
      lead = ",\n";
      return now;
    };
    return {
      head: () => "",
      record: (text) => next() + text,
      end: () => lead === "[\n" ? "[]\n" : "\n]\n",
      failed: (problem) => `${next()}${failureRecord(problem)}\n`,
    };
  },
};
