/**
 * Commands that set names of one section.
 *
 * @module
 */

import type { Command, Example } from "../command.ts";
import { patchElements } from "./patch_elements.ts";
import { readSectionPatches } from "./read_section_patch.ts";

/** What such a command is. */
export interface SectionCommand {
  readonly name: string;
  readonly section: "desired" | "metadata";
  readonly brief: string;
  readonly examples: readonly Example[];
}

/** Makes the command. */
export function sectionCommand(
  { name, section, brief, examples }: SectionCommand,
): Command {
  return {
    name,
    group: "change",
    brief,
    description:
      `Takes nodes, or their ids, and merges values into their section \`${section}\`.
A collect replaces what is reported and keeps this section; it goes when the node
goes. What changed is part of the history.

A value is JSON or a text: \`5\` and \`true\` are what they look like, \`"5"\` in
quotes of its own (\`'n="5"'\`) is a text. \`null\` takes the name away. A name
with dots leads into objects; a part with dots in it stands in backticks. What is
so already is not written again.

All nodes are changed, also when \`head\` follows. They are passed on as they are
then.`,
    position: "flow",
    forms: [{
      brief,
      parameters: [{
        name: "value",
        type: "assignment",
        isRequired: true,
        isRepeated: true,
        help: "name=value; the value is JSON or a text, null takes it away",
      }],
      prepare: (args) => {
        const patches = readSectionPatches(args, "value")
          .map((patch) => ({ [section]: patch }));
        return {
          output: "elements",
          isChange: true,
          run: (input, context) =>
            patchElements(input, { name, patches }, context),
        };
      },
    }],
    examples,
  };
}
