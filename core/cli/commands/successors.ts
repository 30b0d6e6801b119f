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
  example: {
    line: "search is(account) | successors",
    says: "Lists what accounts hold directly",
  },
});
