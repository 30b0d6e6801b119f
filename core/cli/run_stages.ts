/**
 * Stages that list runs.
 *
 * @module
 */

import type { RunFilter } from "../workflow/run_store.ts";
import type { Arguments } from "./arguments.ts";
import type { Stage } from "./command.ts";
import { recordFlow } from "./record_flow.ts";
import { readRunFilter } from "./run_filter.ts";
import { runRecord } from "./run_record.ts";

/**
 * Lists those of some runs that the options choose, the newest first.
 *
 * @throws {SkymapError} `usage`.
 */
export function runHistory(args: Arguments, which: RunFilter): Stage {
  const filter = readRunFilter(args);
  return {
    output: "elements",
    run: (_input, { services, clock }) =>
      recordFlow(async () => {
        const asked = { ...filter(clock.now()), ...which };
        return (await services.workflows.runs(asked)).map(runRecord);
      }),
  };
}

/** Lists those of some runs that go on, then those that wait. */
export function runsGoingOn(which: RunFilter): Stage {
  return {
    output: "elements",
    run: (_input, { services: { workflows } }) =>
      recordFlow(async () =>
        [
          ...await workflows.runs({ ...which, state: "running" }),
          ...await workflows.runs({ ...which, state: "waiting" }),
        ].map(runRecord)
      ),
  };
}
