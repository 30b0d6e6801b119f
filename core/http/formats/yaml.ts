/**
 * Answers as YAML.
 *
 * @module
 */

import { stringify } from "yaml";
import {
  type AnswerFormat,
  ANY_SHAPE,
  failureRecord,
} from "./answer_format.ts";

function document(text: string): string {
  return `---\n${stringify(JSON.parse(text), { lineWidth: 0 })}`;
}

/**
 * A document for each record. The coverage is a comment at the end; a failure is
 * a last document of type `error`.
 */
export const YAML_FORMAT: AnswerFormat = {
  name: "yaml",
  mediaType: "application/yaml",
  shapes: ANY_SHAPE,
  tellsFailure: false,
  writer: () => ({
    head: () => "",
    record: document,
    end: (coverage) =>
      coverage === undefined ? "" : `# coverage: ${JSON.stringify(coverage)}\n`,
    failed: (problem) => document(failureRecord(problem)),
  }),
};
