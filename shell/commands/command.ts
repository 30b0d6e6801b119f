/**
 * What a command of the shell is, and what it runs with.
 *
 * @module
 */

import type { CoreClient } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";

/** What a line runs with. */
export interface LineContext {
  /** The way to core. */
  readonly client: CoreClient;
  /** Graph to search. */
  readonly graph: string;
  /** Section of relative paths. */
  readonly section: string;
  /** Print records as JSON. */
  readonly json: boolean;
  /** State of the graph to search. Default: the present. */
  readonly at?: string | undefined;
  /** Fail when an answer is not complete. Default: no. */
  readonly requireComplete?: boolean;
  /** Count what there is without the limit. Default: no. */
  readonly count?: boolean;
  /** Print answers of searches in another form. */
  readonly format?: string | undefined;
  /** Stops searches after this time. */
  readonly timeout?: string | undefined;
  /** Prints a line of the answer. */
  readonly print: (line: string) => void;
  /** Prints bytes of the answer as they are. */
  readonly write: (bytes: Uint8Array) => void;
  /** Prints a line about the answer. */
  readonly note: (line: string) => void;
  /** Stops the line, in core too. */
  readonly signal: AbortSignal;
}

/** One command of the shell. */
export interface Command {
  /** How it is written. */
  readonly usage: string;
  /** What it does. */
  readonly help: string;
  /** Does it; `rest` is the line without the command's name. */
  readonly run: (rest: string, context: LineContext) => Promise<void>;
}

/** The first word of a text, and what follows. */
export function firstWord(text: string): readonly [string, string] {
  const [, word = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return [word, rest.trim()];
}

/**
 * A search that must not be missing.
 *
 * @throws {SkymapError} `usage`
 */
export function wantSearch(verb: string, text: string): string {
  if (text !== "") return text;
  throw new SkymapError(
    "usage",
    `Cannot ${verb}: nothing is asked for; try "${verb} is(instance) limit 5"`,
  );
}

/** The error of words that a command does not take. */
export function usageError(
  words: string,
  { usage }: Pick<Command, "usage">,
): SkymapError {
  return new SkymapError(
    "usage",
    `Cannot run "${words.trim()}": wanted ${usage}`,
  );
}
