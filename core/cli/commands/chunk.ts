/**
 * The command `chunk`.
 *
 * @module
 */

import { Batch, type Batches } from "../batch.ts";
import type { Command } from "../command.ts";
import { elementsOf } from "../elements_of.ts";

const DEFAULT_SIZE = 100;
const MAX_SIZE = 100_000;

async function* chunks(batches: Batches, size: number): Batches {
  let open: string[] = [];
  for await (const { texts } of batches) {
    const whole: string[] = [];
    for (const text of texts) {
      open.push(text);
      if (open.length < size) continue;
      whole.push(`[${open.join(",")}]`);
      open = [];
    }
    if (whole.length > 0) yield Batch.ofTexts(whole);
  }
  if (open.length > 0) yield Batch.ofTexts([`[${open.join(",")}]`]);
}

/** Puts elements together into lists. */
export const CHUNK: Command = {
  name: "chunk",
  group: "flow",
  brief: "Puts elements together into lists",
  description:
    "For commands that are to see many elements at once, such as `http`. The " +
    "last list may be shorter. `flatten` takes lists apart again.",
  position: "flow",
  forms: [{
    brief: "Puts elements together into lists",
    parameters: [{
      name: "size",
      type: "number",
      help: "Elements of one list",
      default: String(DEFAULT_SIZE),
    }],
    prepare: (args) => {
      const size = args.number("size") ?? DEFAULT_SIZE;
      if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
        throw args.fault(
          `SIZE is ${size}, wanted a whole number from 1 to ${MAX_SIZE}`,
          "size",
        );
      }
      return {
        output: "elements",
        run: (input) => ({
          type: "elements",
          shape: "records",
          batches: chunks(elementsOf(input).batches, size),
        }),
      };
    },
  }],
  examples: [{
    line: "search is(instance) | chunk 50 | jq length",
    says: "How many elements each list has",
  }, {
    line: "json [1, 2, 3] | chunk 2",
    says: "A list of two values and one of the rest",
  }],
};
