/**
 * What an answer can be written as.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import type { Problem } from "@skymap/lib/errors";

/** What kind of records an answer has. */
export type AnswerShape = "nodes" | "graph" | "rows" | "records";

/** Writes one answer, record by record, from its first character to its last. */
export interface AnswerWriter {
  /** Before the first record. */
  head(): string;
  /** One record, given as its JSON text. */
  record(text: string): string;
  /** Behind the last record of a whole answer. */
  end(coverage: CoverageJson | undefined): string;
  /** In place of the end: the answer is not whole, and does not look so. */
  failed(problem: Problem): string;
}

/** What a writer may want to know. */
export interface WriterOptions {
  /** What kind of records come. */
  readonly shape: AnswerShape;
  /** For tables: paths of the columns. */
  readonly columns?: readonly string[];
}

/** A form that answers can be written in. */
export interface AnswerFormat {
  /** Its name as the query parameter `format`. */
  readonly name: string;
  /** Its media type, without parameters. */
  readonly mediaType: string;
  /** What it can hold. */
  readonly shapes: readonly AnswerShape[];
  /**
   * Whether every reader tells a failure from a record. Where not, the connection
   * is broken off behind it, so that no program takes the answer for whole.
   */
  readonly tellsFailure: boolean;
  /** Makes the writer of one answer. */
  readonly writer: (options: WriterOptions) => AnswerWriter;
}

/** Every shape, for forms that hold anything. */
export const ANY_SHAPE: readonly AnswerShape[] = [
  "nodes",
  "graph",
  "rows",
  "records",
];

/** A failure as a record that no node, edge or row can be taken for. */
export function failureRecord(problem: Problem): string {
  return JSON.stringify({ ...problem, type: "error" });
}
