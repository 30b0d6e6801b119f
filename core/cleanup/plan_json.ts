/**
 * Plans as they are stored and shown.
 *
 * @module
 */

import type {
  CleanupBlockedJson,
  CleanupGroupJson,
  CleanupItemJson,
  CleanupItemState,
  CleanupPlanJson,
  CleanupResourceJson,
} from "@skymap/lib/client";
import type { CrossedLimit } from "./limits.ts";
import type { MadePlan } from "./make_plan.ts";
import {
  BLOCK_REASONS,
  type BlockedNode,
  type MarkedNode,
  type PlanItem,
  type PlanResource,
} from "./plan.ts";
import { planHash } from "./plan_hash.ts";

/** Waves whose steps are counted one by one. */
const SHOWN_WAVES = 20;

/** Every state of a step, in the order of reports. */
export const ITEM_STATES: readonly CleanupItemState[] = [
  "pending",
  "done",
  "gone",
  "changed",
  "refused",
  "failed",
  "skipped",
];

/** What a plan has beside its steps. */
export interface PlanHead {
  readonly id: string;
  readonly graph: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly by: string;
  readonly run?: string;
  readonly search?: string;
  readonly belts: CleanupPlanJson["belts"];
  readonly crossed: readonly CrossedLimit[];
}

function timeOf(ms: number | null): { created_at?: string } {
  return ms === null ? {} : { created_at: new Date(ms).toISOString() };
}

function resourceJson(
  { node, kind, id, name, cloud, account, accountName, region }: PlanResource,
): CleanupResourceJson {
  const where = { cloud, account, account_name: accountName, region };
  return { node, kind, id, name, ...where };
}

/** A step that nobody has done yet. */
export function itemJson(item: PlanItem): CleanupItemJson {
  const { position, action, wave, node, needs, circle } = item;
  return {
    position,
    action,
    wave,
    ...resourceJson(node),
    ...timeOf(node.createdAt),
    ...(node.cost !== null && { cost: node.cost }),
    version: node.version,
    needs,
    ...(circle !== null && { circle }),
    state: "pending",
  };
}

/** A step as it was planned, for its hash. */
export function plannedItem(
  item: CleanupItemJson,
): Parameters<typeof planHash>[1][number] {
  const { position, action, wave, needs, circle = null, account_name } = item;
  const node: MarkedNode = {
    ...item,
    accountName: account_name,
    createdAt: null,
    cost: null,
    isProtected: false,
    tags: {},
  };
  return { position, action, wave, needs, circle, node };
}

/** What is marked and stays. */
export function blockedJson(
  { node, reason, message, by }: BlockedNode,
): CleanupBlockedJson {
  return {
    ...resourceJson(node),
    ...timeOf(node.createdAt),
    reason,
    message,
    ...(by !== undefined && { by: resourceJson(by) }),
  };
}

/** How many steps are in each state. */
export function progressOf(
  items: Iterable<Pick<CleanupItemJson, "state">>,
): CleanupPlanJson["progress"] {
  const counts = Object.fromEntries(
    ITEM_STATES.map((state) => [state, 0]),
  ) as Record<CleanupItemState, number>;
  for (const { state } of items) counts[state]++;
  return counts;
}

/** By cloud, account and kind, the largest first. */
function groupsOf(
  { items, blocked }: Pick<MadePlan, "items" | "blocked">,
): readonly CleanupGroupJson[] {
  const groups = new Map<
    string,
    { -readonly [K in keyof CleanupGroupJson]: CleanupGroupJson[K] }
  >();
  const groupOf = ({ cloud, account, accountName, kind }: MarkedNode) => {
    const key = JSON.stringify([cloud, account, kind]);
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        kind,
        cloud,
        account,
        account_name: accountName,
        deleted: 0,
        blocked: 0,
      };
      groups.set(key, group);
    }
    return group;
  };
  for (const { node, action } of items) {
    if (action !== "delete") continue;
    const group = groupOf(node);
    group.deleted++;
    if (node.cost !== null) group.cost = (group.cost ?? 0) + node.cost;
    const { created_at } = timeOf(node.createdAt);
    if (created_at === undefined) continue;
    if (group.oldest === undefined || created_at < group.oldest) {
      group.oldest = created_at;
    }
  }
  for (const { node } of blocked) groupOf(node).blocked++;
  return [...groups.values()].sort((a, b) => b.deleted - a.deleted);
}

function reasonsOf(
  blocked: readonly BlockedNode[],
): CleanupPlanJson["reasons"] {
  return BLOCK_REASONS.flatMap((reason) => {
    const all = blocked.filter((each) => each.reason === reason);
    const [first] = all;
    if (first === undefined) return [];
    const { node: { kind, id }, message } = first;
    const example = `${kind} ${id}: ${message}`;
    return [{ reason, count: all.length, example }];
  });
}

/** A plan that is new. */
export function planJson(made: MadePlan, head: PlanHead): CleanupPlanJson {
  const { items, blocked, sequence, deleted, unseen } = made;
  const { id, graph, nowMs, by, run, search, belts, crossed } = head;
  const deletions = items.filter(({ action }) => action === "delete").length;
  const waves: number[] = [];
  for (const { wave } of items) waves[wave - 1] = (waves[wave - 1] ?? 0) + 1;
  const now = new Date(nowMs).toISOString();
  return {
    id,
    graph,
    state: "planned",
    hash: planHash(graph, items),
    sequence,
    created_at: now,
    checked_at: now,
    by,
    ...(run !== undefined && { run }),
    ...(search !== undefined && { search }),
    deletions,
    detachments: items.length - deletions,
    blocked: blocked.length,
    deleted_before: deleted,
    waves: waves.length,
    wave_steps: waves.slice(0, SHOWN_WAVES),
    groups: groupsOf(made),
    reasons: reasonsOf(blocked),
    crossed,
    ...(unseen.length > 0 && { unseen }),
    belts,
    raised: [],
    progress: progressOf(items.map(() => ({ state: "pending" }))),
  };
}
