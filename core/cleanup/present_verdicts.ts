/**
 * Whether what was planned may still be done, by the graph as it is now.
 *
 * @module
 */

import type { CleanupItemJson } from "@skymap/lib/client";
import { describeResource } from "./compute_plan.ts";
import type { ComputedPlan } from "./plan.ts";

/**
 * Places of steps that may not be done any more, with the reason: they are
 * blocked by now, or something hangs on them that did not when they were planned.
 * What is in neither list of the present plan is left to a look at its node.
 */
export function presentVerdicts(
  items: readonly CleanupItemJson[],
  present: ComputedPlan,
): ReadonlyMap<number, string> {
  const blocked = new Map(
    present.blocked.map(({ node, message }) => [node.node, message]),
  );
  const nodeAt = new Map(items.map(({ position, node }) => [position, node]));
  const circles = new Map<string, number>();
  for (const { node, circle } of items) {
    if (circle !== undefined) circles.set(node, circle);
  }
  const now = new Map<string, readonly string[]>();
  const names = new Map<string, string>();
  for (const { action, node, needs } of present.items) {
    if (action !== "delete") continue;
    names.set(node.node, describeResource(node));
    now.set(
      node.node,
      needs.flatMap((at) => present.items[at]?.node.node ?? []),
    );
  }
  const verdicts = new Map<number, string>();
  for (const { position, node, needs } of items) {
    const message = blocked.get(node);
    if (message !== undefined) {
      verdicts.set(position, `by now ${message}`);
      continue;
    }
    const planned = new Set(needs.map((at) => nodeAt.get(at)));
    const circle = circles.get(node);
    const fresh = now.get(node)?.find((each) =>
      !planned.has(each) &&
      (circle === undefined || circles.get(each) !== circle)
    );
    if (fresh === undefined) continue;
    verdicts.set(
      position,
      `by now ${names.get(fresh) ?? fresh} hangs on it, which the plan did ` +
        "not know",
    );
  }
  return verdicts;
}
