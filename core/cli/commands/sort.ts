/**
 * `sort`: puts what a search finds in an order.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { fusedOnly } from "../fused_only.ts";

/** Puts what a search finds in an order. */
export const SORT: Command = {
  name: "sort",
  group: "search",
  brief: "Puts what a search finds in an order",
  description:
    `Adds keys to the order of the search before it. Behind \`aggregate\` it sorts
the rows, by the names of their groups and functions. A plain stream has no end
to wait for and is not sorted.`,
  position: "flow",
  forms: [{
    brief: "Puts what a search finds in an order",
    parameters: [{
      name: "properties",
      type: "order",
      isRequired: true,
      isRest: true,
      help: "Properties, each followed by asc or desc, separated by commas",
    }],
    prepare: (args) =>
      fusedOnly(
        {
          output: "same",
          keepsShape: true,
          search: { type: "sort", source: args.source("properties") },
        },
        "a stream is not sorted, for its end may be far; wanted it directly behind a search",
      ),
  }],
  examples: [{
    line: "search is(volume) | sort volume_size desc, name",
    says: "Lists volumes, the largest first",
  }, {
    line: "search is(instance) | sort age | head 3",
    says: "Lists the three youngest instances",
  }],
};
