/**
 * The command `uniq`.
 *
 * @module
 */

import { hashText } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";
import { Batch, type Batches } from "../batch.ts";
import type { Command } from "../command.ts";
import { elementsOf } from "../elements_of.ts";

async function* distinct(batches: Batches): Batches {
  const seen = new Set<string>();
  for await (const batch of batches) {
    const { values, texts } = batch;
    const fresh = texts.filter((_, at) => {
      const before = seen.size;
      seen.add(hashText(canonicalJson(values[at] ?? null)));
      return seen.size > before;
    });
    if (fresh.length > 0) yield Batch.ofTexts(fresh);
  }
}

/** Drops elements that came before. */
export const UNIQ: Command = {
  name: "uniq",
  group: "flow",
  brief: "Drops elements that came before",
  description:
    "Two elements are the same if they hold the same, in whatever order their " +
    "keys stand. It remembers a hash of each element, not the element.",
  position: "flow",
  forms: [{
    brief: "Drops elements that came before",
    parameters: [],
    prepare: () => ({
      output: "elements",
      keepsShape: true,
      run: (input) => {
        const flow = elementsOf(input);
        return { ...flow, batches: distinct(flow.batches) };
      },
    }),
  }],
  examples: [{
    line: "search is(instance) | jq .instance_type | uniq",
    says: "Every type of an instance once",
  }, { line: "json [1, 2, 1] | uniq", says: "Drops the second 1" }],
};
