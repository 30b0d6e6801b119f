/**
 * The command `jq`.
 *
 * @module
 */

import { isObject } from "@skymap/lib/json";
import type { Batches } from "../batch.ts";
import type { Command, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import type { ElementFlow } from "../flow.ts";
import { filterElements, filterFault } from "../jq/filter_elements.ts";
import { rewritePaths } from "../jq/rewrite_paths.ts";
import type { LineContext } from "../line_context.ts";
import { peek } from "../peek.ts";
import { unquote } from "../words.ts";

/** Sections that are one key of a node. */
const SECTION = /^[A-Za-z_]\w*$/;

/** Whether elements have sections: nodes and edges, now or as they were. */
async function haveSections(
  { shape, batches }: ElementFlow,
): Promise<{ readonly batches: Batches; readonly is: boolean }> {
  if (shape === "nodes" || shape === "graph") return { batches, is: true };
  if (shape === "rows") return { batches, is: false };
  const begun = await peek(batches);
  const first = begun.first?.values[0];
  return {
    batches: begun.batches,
    is: isObject(first) && "change" in first && "changed_at" in first,
  };
}

async function* run(
  flow: ElementFlow,
  filter: string,
  context: LineContext,
): Batches {
  const { batches, is } = await haveSections(flow);
  const section = is && SECTION.test(context.section) ? context.section : "";
  yield* filterElements(batches, rewritePaths(filter, section), context);
}

function stage(filter: string, rewrites: boolean): Stage {
  return {
    output: "elements",
    isFormat: true,
    run: (input, context) => ({
      type: "elements",
      shape: "records",
      batches: rewrites
        ? run(elementsOf(input), filter, context)
        : filterElements(elementsOf(input).batches, filter, context),
    }),
  };
}

/** Each element through a filter of jq. */
export const JQ: Command = {
  name: "jq",
  group: "flow",
  brief: "Sends each element through a filter of jq",
  description:
    `The filter is the language of [jq](https://jqlang.org) 1.7, run by its own
engine, in a process that can reach nothing. Each element goes through it alone;
it may give none, one or many results.

Paths are meant as searches mean them: \`.name\` is \`.reported.name\` of a node
(or what the variable \`section\` names), \`./metadata.cleaned\` begins at the node
itself. Only what begins at the element is a path of it: behind a \`|\`, and in
\`map(…)\` or a \`def\`, a dot means something else and stays as it is; behind
\`select(…) |\` and updates it is still the element. \`{name, kind}\` is short for
\`{name: .name, kind: .kind}\` there too. Rows and other values have no
sections: their paths stay as they are.

Put the filter in quotes if it holds \`|\` or \`;\`.`,
  position: "flow",
  forms: [{
    brief: "Sends each element through a filter",
    parameters: [{
      name: "--no-rewrite",
      help: "Leaves paths as they are: .reported.name",
    }, {
      name: "filter",
      type: "text",
      isRequired: true,
      isRest: true,
      help: "A filter of jq",
    }],
    prepare: async (args) => {
      const filter = unquote(args.must("filter"));
      const rewrites = !args.has("--no-rewrite");
      const fault = await filterFault(
        rewrites ? rewritePaths(filter, "") : filter,
      );
      if (fault !== undefined) {
        throw args.fault(
          `${fault.replaceAll(/\s*\n\s*/g, " ")}, wanted a filter of jq`,
          "filter",
        );
      }
      return stage(filter, rewrites);
    },
  }],
  examples: [{
    line: "search is(instance) limit 3 | jq .name",
    says: "Names of instances",
  }, {
    line:
      "search is(volume) limit 3 | jq '{name, size: .volume_size, id: ./id}'",
    says: "Some properties of volumes, and the id of the node",
  }, {
    line: "search is(instance) | jq 'select(.instance_cores > 4) | ./id'",
    says: "Ids of nodes that pass a condition of jq",
  }],
};
