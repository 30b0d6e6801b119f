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
import { yamlText } from "./yaml_text.ts";

/** A comment of one line: what YAML takes for an end of line is escaped. */
function comment(name: string, value: unknown): string {
  const json = JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `# ${name}: ${json}\n`;
}

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
      coverage === undefined ? "" : comment("coverage", coverage),
    failed: (problem) => document(failureRecord(problem)),
  }),
};
