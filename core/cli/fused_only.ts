/**
 * Stages that are part of a search and nothing else.
 *
 * @module
 */

import type { Stage } from "./command.ts";

/** A stage that cannot work behind another command than a search. */
export function fusedOnly(
  stage: Omit<Stage, "run">,
  needsSearch: string,
): Stage {
  return {
    ...stage,
    needsSearch,
    run: () => {
      throw new TypeError(
        `A search was not made of this stage: ${needsSearch}`,
      );
    },
  };
}
