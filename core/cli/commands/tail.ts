/**
 * `tail`: the last elements.
 *
 * @module
 */

import type { Batch, Batches } from "../batch.ts";
import type { Command } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import { LENGTH, readLength } from "../read_length.ts";

/** The last elements; no more batches are held than hold them. */
async function* lastOf(
  batches: Batches,
  length: number,
): AsyncGenerator<Batch> {
  const held: Batch[] = [];
  let count = 0;
  for await (const batch of batches) {
    held.push(batch);
    count += batch.length;
    for (;;) {
      const [first] = held;
      if (first === undefined || count - first.length < length) break;
      held.shift();
      count -= first.length;
    }
  }
  let skip = Math.max(0, count - length);
  for (const batch of held) {
    const some = batch.slice(skip);
    skip = Math.max(0, skip - batch.length);
    if (some.length > 0) yield some;
  }
}

/** Passes on the last elements. */
export const TAIL: Command = {
  name: "tail",
  group: "search",
  brief: "Passes on the last elements",
  description:
    `Behind a search it is part of the search. Behind any other command it holds no
more than it passes on.`,
  position: "flow",
  forms: [{
    brief: "Passes on the last elements",
    parameters: [LENGTH],
    prepare: (args) => {
      const length = readLength(args);
      return {
        output: "same",
        keepsShape: true,
        search: { type: "tail", length },
        run: (input) => {
          const flow = elementsOf(input);
          return { ...flow, batches: lastOf(flow.batches, length) };
        },
      };
    },
  }],
  examples: [{
    line: "search is(instance) | sort name | tail 3",
    says: "Lists the last three instances by name",
  }, {
    line: "json [1, 2, 3] | tail 2",
    says: "Passes on the last two values",
  }],
};
