/**
 * The command line, as jobs need it.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";

/** How lines are run. */
export interface RunLineOptions {
  /** Variables of the lines, such as `graph`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who runs them. */
  readonly subject: string;
  /** Told what is not part of the output. */
  readonly note: (note: CliNote) => void;
  /** Stops them. */
  readonly signal: AbortSignal;
}

/** Runs lines of the command line; what they give is text, as it is made. */
export type RunLine = (
  line: string,
  options: RunLineOptions,
) => AsyncIterable<string>;

/**
 * Reads lines and prepares them, without running any.
 *
 * @throws {SkymapError} `usage` and errors of searches.
 */
export type CheckLine = (
  line: string,
  environment: Readonly<Record<string, string>>,
) => Promise<void>;
