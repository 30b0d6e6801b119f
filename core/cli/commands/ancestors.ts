/**
 * `ancestors`: all steps against the edges.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { navigationCommand } from "../navigation_command.ts";

/** Goes on to all that leads to the nodes. */
export const ANCESTORS: Command = navigationCommand({
  name: "ancestors",
  alias: "ancestor",
  brief: "Goes on to all that leads to the nodes",
  direction: "in",
  isFar: true,
  examples: [{
    line: "search is(volume) | head 1 | ancestors",
    says: "Lists all that leads to a volume",
  }, {
    line: "search is(volume) | ancestors | count kind",
    says: "Counts what leads to volumes, by kind",
  }],
});
