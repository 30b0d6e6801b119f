/**
 * `predecessors`: one step against the edges.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { navigationCommand } from "../navigation_command.ts";

/** Goes on to what points to the nodes. */
export const PREDECESSORS: Command = navigationCommand({
  name: "predecessors",
  alias: "predecessor",
  brief: "Goes on to what points to the nodes",
  direction: "in",
  isFar: false,
  examples: [{
    line: "search is(volume) | predecessors",
    says: "Lists what volumes hang on",
  }, {
    line: "search is(volume) | predecessors --with-origin | count kind",
    says: "Counts volumes and what they hang on, by kind",
  }],
});
