/**
 * `head`: the first elements.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { cutStage } from "../cut_stage.ts";
import { LENGTH, readLength } from "../read_length.ts";

/** Passes on the first elements. */
export const HEAD: Command = {
  name: "head",
  group: "search",
  brief: "Passes on the first elements",
  description: "Works behind a search and behind any other command.",
  position: "flow",
  forms: [{
    brief: "Passes on the first elements",
    parameters: [LENGTH],
    prepare: (args) => {
      const length = readLength(args);
      return cutStage({ type: "head", length }, { offset: 0, length });
    },
  }],
  examples: [{
    line: "search is(instance) | head 5",
    says: "Lists the first five instances",
  }, {
    line: "json [1, 2, 3] | head 2",
    says: "Passes on the first two values",
  }],
};
