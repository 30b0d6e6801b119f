import type { Json } from "@skymap/lib/json";
import { Batch } from "./batch.ts";
import type { ElementFlow } from "./flow.ts";

async function* batches(
  make: () => Promise<readonly object[]> | readonly object[],
): AsyncGenerator<Batch> {
  yield Batch.ofValues(await make() as readonly Json[]);
}

/** A few records that are made at once, when they are asked for. */
export function recordFlow(
  make: () => Promise<readonly object[]> | readonly object[],
): ElementFlow {
  return { type: "elements", shape: "records", batches: batches(make) };
}
