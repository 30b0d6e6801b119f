/**
 * The command `flatten`.
 *
 * @module
 */

import { Batch, type Batches } from "../batch.ts";
import type { Command } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import { splitArray } from "../split_array.ts";

async function* flat(batches: Batches): Batches {
  for await (const { texts } of batches) {
    const found = texts.flatMap(splitArray);
    if (found.length > 0) yield Batch.ofTexts(found);
  }
}

/** Takes lists apart. */
export const FLATTEN: Command = {
  name: "flatten",
  group: "flow",
  brief: "Takes lists apart into their elements",
  description:
    "The reverse of `chunk`. What is no list passes as it is; lists within a " +
    "list stay lists.",
  position: "flow",
  forms: [{
    brief: "Takes lists apart into their elements",
    parameters: [],
    prepare: () => ({
      output: "elements",
      run: (input) => ({
        type: "elements",
        shape: "records",
        batches: flat(elementsOf(input).batches),
      }),
    }),
  }],
  examples: [{
    line: "json [[1, 2], 3] | flatten",
    says: "1, 2 and 3 on lines of their own",
  }, {
    line: "search is(instance) | chunk 10 | flatten | count",
    says: "Takes apart what chunk made",
  }],
};
