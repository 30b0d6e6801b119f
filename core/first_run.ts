/**
 * The very first collect, which does not wait for the hour.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { Subscribers } from "./events/subscribers.ts";
import type { WorkflowEngine } from "./workflow/engine.ts";

/** The workflow that is run first. */
const WORKFLOW = "collect_and_cleanup";

/** The step that must have a subscriber, or the run would pass over it. */
const STEP = "collect";

const log = logger("core");

/**
 * Starts a run as soon as somebody can collect, when there never was one.
 * Metrics, when they come later, show what the graph holds by themselves.
 */
export async function startFirstRun(
  engine: WorkflowEngine,
  subscribers: Subscribers,
): Promise<Disposable | undefined> {
  // Jobs may have run before there was anybody who could collect.
  if ((await engine.runs({ limit: 1, ofJobs: false })).length > 0) return;
  const look = () => {
    if (subscribers.for(STEP).length === 0) return;
    watch[Symbol.dispose]();
    engine.run(WORKFLOW, "first start").catch((error) =>
      log.error("Cannot start the first run: {reason}", {
        reason: messageOf(error),
      })
    );
  };
  const watch = subscribers.onChange(look);
  look();
  return watch;
}
