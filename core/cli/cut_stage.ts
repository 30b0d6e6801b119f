/**
 * Stages that pass on the first elements only.
 *
 * @module
 */

import type { Limit } from "../query/ast.ts";
import type { Batch, Batches } from "./batch.ts";
import type { Stage } from "./command.ts";
import { elementsOf } from "./elements_of.ts";
import type { SearchStep } from "./search_step.ts";

async function* cut(
  batches: Batches,
  { offset, length }: Limit,
): AsyncGenerator<Batch> {
  let skip = offset;
  let left = length;
  if (left === 0) return;
  for await (const batch of batches) {
    const some = batch.slice(skip, skip + left);
    skip = Math.max(0, skip - batch.length);
    left -= some.length;
    if (some.length > 0) yield some;
    // What comes behind it is never asked for.
    if (left === 0) return;
  }
}

/** Passes on a stretch, within the search or behind any other command. */
export function cutStage(search: SearchStep, limit: Limit): Stage {
  return {
    output: "same",
    keepsShape: true,
    search,
    run: (input) => {
      const flow = elementsOf(input);
      return { ...flow, batches: cut(flow.batches, limit) };
    },
  };
}
