/**
 * What a client of the gateway may call.
 *
 * @module
 */

import { Refusal } from "./rpc.ts";

/** Methods that the engine carries out for a signed-in session. */
export const FORWARDED: ReadonlySet<string> = new Set([
  "query",
  "live",
  "kill",
  "let",
  "unset",
]);

/** Methods that would leave a session without its user: the engine's owner. */
export const DROPPING: ReadonlySet<string> = new Set([
  "invalidate",
  "reset",
  "detach",
]);

/** Why the gateway closes a socket; 4000 and above are ours. */
export const CLOSE = {
  goingAway: 1001,
  unsupported: 1003,
  policy: 1008,
  tooBig: 1009,
  tryLater: 1013,
  sessionEnded: 4000,
  tokenExpired: 4001,
  notSignedIn: 4002,
} as const;

/**
 * Refuses `USE`: the engine would make a namespace or database of that name for
 * anybody. The word is looked for everywhere, strings and comments included,
 * because a second reading of the language would be a second place to err.
 */
export function checkQuery(sql: unknown): void {
  if (typeof sql !== "string") {
    throw new Refusal("Validation", "Cannot query: wanted a text");
  }
  if (/\buse\b/i.test(sql)) {
    throw new Refusal(
      "NotAllowed",
      'Cannot query: the word "USE" is refused here, wanted it in a bound value',
    );
  }
}
