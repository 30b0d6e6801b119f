/**
 * What a stage wants of the one before it.
 *
 * @module
 */

import type { ElementFlow, Flow } from "./flow.ts";

/** The elements of a flow; that it has some was seen to before the line ran. */
export function elementsOf(input: Flow | undefined): ElementFlow {
  if (input?.type === "elements") return input;
  throw new TypeError(
    `Cannot go on: the input is ${input?.type ?? "missing"}, wanted elements`,
  );
}
