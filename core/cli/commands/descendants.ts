/**
 * `descendants`: all steps along the edges.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { navigationCommand } from "../navigation_command.ts";

/** Goes on to all that the nodes lead to. */
export const DESCENDANTS: Command = navigationCommand({
  name: "descendants",
  alias: "descendant",
  brief: "Goes on to all that the nodes lead to",
  direction: "out",
  isFar: true,
  examples: [{
    line: "search is(account) | descendants --with-origin | count kind",
    says: "Counts what is in the accounts, by kind",
  }, {
    line: "search is(region) | head 1 | descendants | list kind, name",
    says: "Lists what is in a region",
  }],
});
