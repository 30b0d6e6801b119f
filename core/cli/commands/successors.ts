/**
 * `successors`: one step along the edges.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { navigationCommand } from "../navigation_command.ts";

/** Goes on to what the nodes point to. */
export const SUCCESSORS: Command = navigationCommand({
  name: "successors",
  alias: "successor",
  brief: "Goes on to what the nodes point to",
  direction: "out",
  isFar: false,
  examples: [{
    line: "search is(account) | successors",
    says: "Lists what accounts hold directly",
  }, {
    line: "search is(volume) | successors delete | count kind",
    says: "Counts what edges of the type delete lead to, by kind",
  }],
});
