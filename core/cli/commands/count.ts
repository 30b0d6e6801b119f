/**
 * `count`: how many there are.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import type { Path } from "../../query/ast.ts";
import { readPath } from "../../query/literals.ts";
import type { Arguments } from "../arguments.ts";
import { Batch, type Batches } from "../batch.ts";
import type { Command, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import { countedLines } from "../count_lines.ts";
import { readProperty, timeOfAge } from "../read_property.ts";

/** Counts elements; memory follows the number of different values. */
async function* counts(
  batches: Batches,
  path: Path | undefined,
  section: string,
): AsyncGenerator<Batch> {
  let all = 0;
  const byText = new Map<string, [value: Json, count: number]>();
  const time = path === undefined ? undefined : timeOfAge(path);
  for await (const batch of batches) {
    all += batch.length;
    if (path === undefined || time === undefined) continue;
    for (const element of batch.values) {
      const own = readProperty(element, path, section);
      const found = own.length === 0
        ? readProperty(element, time, section)
        : own;
      for (const value of found.length === 0 ? [null] : found) {
        const text = JSON.stringify(value);
        const known = byText.get(text);
        if (known === undefined) byText.set(text, [value, 1]);
        else known[1]++;
      }
    }
  }
  if (path !== undefined) yield* countedLines(byText.values());
  else yield Batch.ofValues([`total matched: ${all}`, "total unmatched: 0"]);
}

function prepare(args: Arguments): Stage {
  const text = args.get("property");
  const path = text === undefined ? undefined : readPath(text);
  if (text !== undefined && path === undefined) {
    throw args.fault(
      `"${text}" is no property, wanted such as "kind" or "tags.owner"`,
      "property",
    );
  }
  return {
    output: "elements",
    isFormat: true,
    search: {
      type: "count",
      ...(text !== undefined && { source: args.source("property") }),
    },
    run: (input, { section }) => {
      const flow = elementsOf(input);
      return {
        type: "elements",
        shape: "records",
        isSummary: true,
        batches: counts(flow.batches, path, section),
      };
    },
  };
}

/** Counts what comes. */
export const COUNT: Command = {
  name: "count",
  group: "search",
  brief: "Counts what comes, or each value of a property",
  description:
    `Gives a line for each value, the rarest first, then how many have a value
("total matched") and how many have none ("total unmatched").`,
  position: "flow",
  forms: [{
    brief: "Counts what comes, or each value of a property",
    parameters: [{
      name: "property",
      type: "property",
      help: "Property whose values are counted",
    }],
    prepare,
  }],
  examples: [
    { line: "search is(instance) | count", says: "Counts instances" },
    {
      line: "search is(instance) | count instance_status",
      says: "Counts instances by their status",
    },
  ],
};
