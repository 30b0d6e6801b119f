/**
 * `protect`: keeps nodes from being cleaned up.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { patchElements } from "../change/patch_elements.ts";

/** Keeps nodes from being cleaned up. */
export const PROTECT: Command = {
  name: "protect",
  group: "change",
  brief: "Keeps nodes from being cleaned up",
  description:
    `Sets \`/metadata.protected\` to true. \`clean\` leaves such nodes alone, and a
cleanup does not delete them, whether they were marked before or not. It holds
until it is undone or the node goes.

All nodes are protected, also when \`head\` follows. They are passed on as they are
then.`,
  position: "flow",
  forms: [{
    brief: "Keeps nodes from being cleaned up",
    parameters: [{ name: "--undo", help: "They are protected no more" }],
    prepare: (args) => {
      const value = args.has("--undo") ? null : true;
      const patches = [{ metadata: { protected: value } }];
      return {
        output: "elements",
        isChange: true,
        run: (input, context) =>
          patchElements(input, { name: "protect", patches }, context),
      };
    },
  }],
  examples: [
    {
      line: "search is(instance) and name =~ prod | protect",
      says: "Keeps instances from being cleaned up",
    },
    {
      line: "search /metadata.protected = true | protect --undo",
      says: "Protects nothing any more",
    },
  ],
};
