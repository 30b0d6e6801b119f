/**
 * Text as elements, for commands that work on elements.
 *
 * @module
 */

import { Batch } from "./batch.ts";
import type { ElementFlow, TextFlow } from "./flow.ts";

async function* batches(chunks: AsyncIterable<string>): AsyncGenerator<Batch> {
  let open = "";
  for await (const chunk of chunks) {
    const lines = (open + chunk).split("\n");
    open = lines.pop() ?? "";
    if (lines.length > 0) yield Batch.ofValues(lines);
  }
  if (open !== "") yield Batch.ofValues([open]);
}

/** Every line of a text is an element. */
export function textElements({ chunks }: TextFlow): ElementFlow {
  return {
    type: "elements",
    shape: "records",
    // The first lines of a table are no elements.
    isSummary: true,
    batches: batches(chunks),
  };
}
