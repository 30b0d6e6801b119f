/**
 * Makes a plan out of a graph as it is now.
 *
 * @module
 */

import { PHANTOM_KIND } from "@skymap/lib/resource";
import {
  type HangingRow,
  type LiveCount,
  type MarksAnswer,
  readMarkedNodes,
} from "../index/marked_nodes.ts";
import type { SearchIndex } from "../index/search_index.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { CleanupConfig } from "../config/cleanup_section.ts";
import { Belts, type Protection } from "./belts.ts";
import { computePlan } from "./compute_plan.ts";
import type { ComputedPlan } from "./plan.ts";
import { ScopeObstacles } from "./scope_obstacle.ts";

/** A graph, as far as plans go. */
export interface PlannedGraph {
  /** Where its nodes are looked up. */
  readonly index: SearchIndex;
  /** Its kinds. */
  readonly model: KindRegistry;
}

/** What is planned. */
export interface MakePlanOptions {
  /** What the configuration says. */
  readonly config: Protection & Pick<CleanupConfig, "max_age" | "unseen_kinds">;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Ids of the only marked nodes that count. Default: all. */
  readonly only?: readonly string[];
}

/** A plan, and what it was made of. */
export interface MadePlan
  extends ComputedPlan, Pick<MarksAnswer, "sequence" | "deleted"> {
  /** Kinds that were taken as absent, sorted. */
  readonly unseen: readonly string[];
  /** What there is. */
  readonly live: readonly LiveCount[];
}

/** Kinds of nodes that may have a price. */
function pricedKinds(model: KindRegistry): readonly string[] {
  return model.owners([["ondemand_cost"]]);
}

/** Whether nodes of a kind are resources that somebody could delete. */
export function isResource(
  model: Pick<KindRegistry, "kindsOf">,
  kind: string,
): boolean {
  const kinds = model.kindsOf(kind);
  return kinds.length > 0 && !kinds.includes(PHANTOM_KIND);
}

function whyNot({ isMarked, isProtected, deletedBy }: HangingRow): string {
  if (deletedBy !== null) {
    return `was listed again after plan ${deletedBy.slice(0, 8)} deleted it`;
  }
  if (isProtected) return "is protected";
  return isMarked ? "is marked, but not part of this plan" : "is not marked";
}

/** Reads what is marked and makes a plan of it. */
export async function makePlan(
  { index, model }: PlannedGraph,
  { config, nowMs, only }: MakePlanOptions,
): Promise<MadePlan> {
  const belts = new Belts(config, model);
  const { marks, others, edges, members, scopes, live, sequence, deleted } =
    await readMarkedNodes(index, {
      tagNames: belts.tagNames,
      pricedKinds: pricedKinds(model),
      ...(only !== undefined && { only }),
    });
  const unlisted = new ScopeObstacles(scopes, model, { ...config, nowMs });
  const detachable = new Map<string, boolean>();
  const plan = computePlan({
    marks,
    others: others.map((row) => ({ ...row, why: whyNot(row) })),
    edges,
    members,
    obstacle: (node) => belts.obstacle(node) ?? unlisted.of(node),
    canDetach: (kind) => {
      let can = detachable.get(kind);
      if (can === undefined) {
        can = model.declaration(kind)?.operations?.includes("detach") ?? false;
        detachable.set(kind, can);
      }
      return can;
    },
  });
  return { ...plan, unseen: unlisted.unseen, live, sequence, deleted };
}
