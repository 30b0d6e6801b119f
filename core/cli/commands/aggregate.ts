/**
 * `aggregate`: groups and sums.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { fusedOnly } from "../fused_only.ts";

/** Groups what a search finds, and sums. */
export const AGGREGATE: Command = {
  name: "aggregate",
  group: "search",
  brief: "Groups what a search finds, and sums",
  description:
    `Takes what stands in the brackets of \`aggregate(…)\` in a search: groups, a
colon, and functions (sum, count, min, max, avg, stddev, variance). The rows come in
the order of their functions; \`sort\` behind it names another one.`,
  position: "flow",
  forms: [{
    brief: "Groups what a search finds, and sums",
    parameters: [{
      name: "aggregation",
      type: "aggregation",
      isRequired: true,
      isRest: true,
      help: "Groups, a colon and functions, separated by commas",
    }],
    prepare: (args) =>
      fusedOnly(
        {
          output: "elements",
          search: { type: "aggregate", source: args.source("aggregation") },
        },
        "the graph does the sums, wanted it directly behind a search",
      ),
  }],
  examples: [
    {
      line:
        "search is(volume) | aggregate kind: sum(volume_size) as size, sum(1) as count",
      says: "Sums the sizes of volumes by kind",
    },
    {
      line:
        "search all | aggregate kind: sum(1) as count | sort count desc | head 3",
      says: "Shows the three most frequent kinds",
    },
  ],
};
