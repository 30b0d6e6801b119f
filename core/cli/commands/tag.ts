/**
 * `tag`: changes tags of resources, in their clouds.
 *
 * @module
 */

import type { Command, Form, Parameter } from "../command.ts";
import { tagElements } from "../change/tag_elements.ts";
import { templateArgument } from "../template_argument.ts";

const NOWAIT: Parameter = {
  name: "--nowait",
  help: "Hands the work to workers and goes on",
};

const NAME: Parameter = {
  name: "name",
  type: "text",
  isRequired: true,
  help: "Name of the tag",
};

const UPDATE: Form = {
  verb: "update",
  brief: "Sets a tag",
  parameters: [NOWAIT, NAME, {
    name: "value",
    type: "text",
    isRequired: true,
    help: "What it is set to: a text with properties in braces",
  }],
  prepare: (args) => {
    const value = templateArgument(args, {
      command: "tag update",
      name: "value",
      text: args.must("value"),
    });
    const tag = args.must("name");
    if (tag === "") throw args.fault("it is empty, wanted a name", "name");
    const isWaited = !args.has("--nowait");
    return {
      output: "elements",
      isChange: true,
      needsPresent: true,
      run: (input, context) =>
        tagElements(input, { tag, value, isWaited }, context),
    };
  },
};

const DELETE: Form = {
  verb: "delete",
  brief: "Takes a tag away",
  parameters: [NOWAIT, NAME],
  prepare: (args) => {
    const tag = args.must("name");
    if (tag === "") throw args.fault("it is empty, wanted a name", "name");
    const isWaited = !args.has("--nowait");
    return {
      output: "elements",
      isChange: true,
      needsPresent: true,
      run: (input, context) => tagElements(input, { tag, isWaited }, context),
    };
  },
};

/** Changes tags of resources. */
export const TAG: Command = {
  name: "tag",
  aliases: ["tags"],
  group: "change",
  brief: "Sets or takes away tags of resources, in their clouds",
  description:
    `Takes nodes, or their ids. A worker that can reach the account changes the tag,
and what the resource then has is in the graph at once. Tags that are not there
are no error for \`delete\`.

The value is a template as in \`format\`, filled with what the graph has of each
resource now: \`{name}\`, \`{/ancestors.account.reported.name}\`. Where a resource
has no such property it is not tagged.

What fails is told by resource, with the permission that is missing where it is
known, and the rest goes on; the line fails at its end then. All resources are
tagged, also when \`head\` follows. They are passed on as they are then.

Nodes of the past are refused: \`search … | jq ./id | tag …\` means them all the
same.`,
  position: "flow",
  forms: [UPDATE, DELETE],
  examples: [
    {
      line: "search is(volume) and tags.owner = null | tag update owner lukas",
      says: "Names the owner of volumes that have none",
      needs: "a cloud whose tags can be changed",
    },
    {
      line: "search is(instance) | " +
        "tag update costs '{/ancestors.account.reported.name}-{name}'",
      says: "Sets a tag to what other properties say",
      needs: "a cloud whose tags can be changed",
    },
    {
      line: "search has_key(tags, tmp) | tag delete --nowait tmp",
      says: "Takes a tag away everywhere, without waiting for it",
      needs: "a cloud whose tags can be changed",
    },
  ],
};
