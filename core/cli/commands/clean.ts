/**
 * `clean`: marks nodes to be deleted by the next cleanup.
 *
 * @module
 */

import { markPatch } from "../../cleanup/mark_patch.ts";
import type { Command, Parameter } from "../command.ts";
import { patchElements } from "../change/patch_elements.ts";

const UNDO: Parameter = {
  name: "--undo",
  help: "Takes the mark and its reason away",
};

/** Marks nodes for the cleanup. */
export const CLEAN: Command = {
  name: "clean",
  group: "change",
  brief: "Marks nodes to be cleaned up",
  description:
    `Sets \`/desired.clean\` to true; nothing is deleted at once. The reason is kept
as \`/metadata.clean_reason\` as long as the mark is.

Nodes that are protected are left alone and counted; see \`protect\`. All nodes are
marked, also when \`head\` follows. They are passed on as they are then.

Nodes of the past are refused, for they may be in use again:
\`search … | jq ./id | clean\` marks what was found all the same.`,
  position: "flow",
  forms: [{
    brief: "Marks nodes to be cleaned up",
    parameters: [UNDO, {
      name: "reason",
      type: "text",
      isRest: true,
      help: "Why, for those who look at the mark",
    }],
    prepare: (args) => {
      const reason = args.get("reason")?.trim() ?? "";
      const isUndo = args.has("--undo");
      if (isUndo && reason !== "") {
        throw args.fault(
          "a reason is given for what is undone, wanted one or the other",
          "reason",
        );
      }
      const text = reason.replace(/^(["'])([^]*)\1$/, "$2");
      const patch = isUndo
        ? { desired: { clean: null }, metadata: { clean_reason: null } }
        : markPatch(text);
      return {
        output: "elements",
        isChange: true,
        needsPresent: !isUndo,
        run: (input, context) =>
          patchElements(input, {
            name: "clean",
            patches: [patch],
            skipProtected: !isUndo,
          }, context),
      };
    },
  }],
  examples: [
    {
      line: "search is(volume) and volume_status = available | " +
        "clean nobody uses it",
      says: "Marks volumes that hang on no instance",
    },
    {
      line: "search /desired.clean = true | clean --undo",
      says: "Takes every mark away",
    },
  ],
};
