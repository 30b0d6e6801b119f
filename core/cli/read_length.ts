/**
 * How many elements are wanted: `5`, `-5` or nothing.
 *
 * @module
 */

import type { Arguments } from "./arguments.ts";
import type { Parameter } from "./command.ts";

/** What `head` and `tail` pass on when nobody says how many. */
const DEFAULT_LENGTH = 100;

/** The argument that says how many. */
export const LENGTH: Parameter = {
  name: "n",
  type: "number",
  help: "How many; a dash in front of it is allowed",
  default: String(DEFAULT_LENGTH),
};

/**
 * Reads how many.
 *
 * @throws {SkymapError} `usage`
 */
export function readLength(args: Arguments): number {
  const length = Math.abs(args.number("n") ?? DEFAULT_LENGTH);
  if (Number.isSafeInteger(length)) return length;
  throw args.fault(
    `"${args.get("n")}" is no count, wanted a whole number`,
    "n",
  );
}
