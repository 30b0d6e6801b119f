/**
 * How many elements a person is shown.
 *
 * @module
 */

import type { Batches } from "./batch.ts";
import type { Stage } from "./command.ts";
import type { Flow } from "./flow.ts";

/**
 * Counts the elements that a line shows: those that reach the command which gives
 * them their form, or the end of the line. What becomes of them behind that form
 * is not known, and nothing is counted then.
 */
export class ShownCount {
  #counted: { count: number } | undefined;

  /** How many were shown so far; undefined if that is not known. */
  get shown(): number | undefined {
    return this.#counted?.count;
  }

  /** What the next stage gets. */
  before(stage: Stage, input: Flow | undefined): Flow | undefined {
    if (stage.output === "file") return input && this.#counting(input);
    this.#counted = undefined;
    return stage.output === "text" && stage.isFormat === true
      ? input && this.#counting(input)
      : input;
  }

  /** What the last stage gives. */
  atEnd(flow: Flow): Flow {
    return this.#counting(flow);
  }

  /** The flow; elements are counted when they are taken from it. */
  #counting(flow: Flow): Flow {
    if (flow.type !== "elements" || flow.isSummary === true) return flow;
    const counted = { count: 0 };
    this.#counted = counted;
    return { ...flow, batches: counting(flow.batches, counted) };
  }
}

async function* counting(
  batches: Batches,
  counted: { count: number },
): Batches {
  for await (const batch of batches) {
    counted.count += batch.length;
    yield batch;
  }
}
