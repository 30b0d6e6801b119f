/**
 * Colours of a terminal.
 *
 * @module
 */

/** Colours texts, or leaves them as they are. */
export interface Paint {
  /** What went wrong. */
  readonly red: (text: string) => string;
  /** What one should look at. */
  readonly yellow: (text: string) => string;
  /** What is beside the answer. */
  readonly dim: (text: string) => string;
  /** What stands out. */
  readonly bold: (text: string) => string;
}

function colour(on: number, off: number): (text: string) => string {
  return (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}

/** Leaves texts as they are. */
export const PLAIN: Paint = {
  red: (text) => text,
  yellow: (text) => text,
  dim: (text) => text,
  bold: (text) => text,
};

/** Colours them. */
export const COLOURED: Paint = {
  red: colour(31, 39),
  yellow: colour(33, 39),
  dim: colour(2, 22),
  bold: colour(1, 22),
};

/** What decides about colours. */
export interface ColourWish {
  /** Whether the stream is a terminal. */
  readonly isTerminal: boolean;
  /** Whether the person asked for none. */
  readonly noColor: boolean;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Whether a stream should be coloured: a flag first, then `NO_COLOR`, then
 * `FORCE_COLOR`, else only on a terminal that is not `dumb`.
 */
export function wantsColours(
  { isTerminal, noColor, env }: ColourWish,
): boolean {
  if (noColor || (env("NO_COLOR") ?? "") !== "") return false;
  const forced = env("FORCE_COLOR");
  if (forced !== undefined && forced !== "") return forced !== "0";
  return isTerminal && env("TERM") !== "dumb";
}
