/**
 * Answers as YAML.
 *
 * @module
 */

import {
  type AnswerFormat,
  ANY_SHAPE,
  failureRecord,
} from "./answer_format.ts";
import { jsonLine, yamlText } from "./yaml_text.ts";

function document(text: string): string {
  return `---\n${yamlText(JSON.parse(text))}`;
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
      coverage === undefined ? "" : `# coverage: ${jsonLine(coverage)}\n`,
    failed: (problem) => document(failureRecord(problem)),
  }),
};
