import type { Json } from "@skymap/lib/json";
import { Batch, type Batches } from "./batch.ts";
import type { ElementFlow } from "./flow.ts";

async function* batches(records: readonly object[]): Batches {
  yield Batch.ofValues(await Promise.resolve(records as readonly Json[]));
}

/** A few records, made before the first is given: what fails gives nothing. */
export async function recordFlow(
  make: () => Promise<readonly object[]> | readonly object[],
): Promise<ElementFlow> {
  const records = await make();
  return { type: "elements", shape: "records", batches: batches(records) };
}
