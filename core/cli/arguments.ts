/**
 * The arguments of one command, as its parameters read them.
 *
 * @module
 */

import type { SkymapError } from "@skymap/lib/errors";
import type { SourceText } from "../query/source_text.ts";

/** The arguments of one command within a line. */
export interface Arguments {
  /** Whether a flag was given. */
  has(name: string): boolean;
  /** Value of an option or argument, quotes taken off; undefined if left out. */
  get(name: string): string | undefined;
  /** Values of one that may be repeated, in their order. */
  all(name: string): readonly string[];
  /** Value of one that is required. */
  must(name: string): string;
  /** Value of one whose type is `number`. */
  number(name: string): number | undefined;
  /** Value of one whose type is `duration`, in milliseconds. */
  duration(name: string): number | undefined;
  /** Where the value of an option or argument begins within the line. */
  offsetOf(name: string): number;
  /**
   * An option or argument as it was written, quotes included: errors in it point
   * into the line. Empty, behind the command, if it was left out.
   */
  source(name: string): SourceText;
  /** The word that called the command: its name or an alias. */
  readonly word: string;
  /** The text of all arguments as it was written, quotes included. */
  readonly text: string;
  /**
   * An error that shows the line with a caret under the argument; `usage` is its
   * code. The message says what is wrong and what was wanted. Of one that is
   * given several times `at` is the number that is wrong, from 0.
   */
  fault(message: string, name?: string, at?: number): SkymapError;
}
