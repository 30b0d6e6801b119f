/**
 * One text for a plan: what is done, to which version of what, in which order.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { PlanItem } from "./plan.ts";

/**
 * The SHA-256 of a plan's steps, as 64 hexadecimal digits. Ages, costs and names
 * do not count: the same steps are the same plan.
 */
export function planHash(
  graph: string,
  items: readonly Pick<
    PlanItem,
    "position" | "action" | "wave" | "node" | "needs" | "circle"
  >[],
): string {
  const hash = createHash("sha256").update(JSON.stringify([graph]));
  for (const { position, action, wave, node, needs, circle } of items) {
    const { cloud, account, region, kind, id, version } = node;
    const text = [position, action, wave, circle, needs, [
      node.node,
      cloud,
      account,
      region,
      kind,
      id,
      version,
    ]];
    hash.update(JSON.stringify(text));
  }
  return hash.digest("hex");
}
