/**
 * Which changes of tags go to a worker together.
 *
 * @module
 */

import type { NodeJson, TagChange } from "@skymap/lib/client";
import type { Failure, TagTask } from "@skymap/lib/plugin";
import type { KindRegistry } from "../model/kind_registry.ts";

/** Changes of one account that are one task. */
export interface TagBatch {
  readonly cloud: string;
  readonly account: string;
  readonly changes: TagTask["changes"];
}

/** What is done, and what cannot be. */
export interface TagPlan {
  readonly batches: readonly TagBatch[];
  /** By id of the node, why its tags cannot be changed. */
  readonly refused: ReadonlyMap<string, Failure>;
}

/** What is known of kinds. */
export type KindsOfTags = Pick<KindRegistry, "resolve">;

/** Changes of one task at most: a worker is to answer soon. */
const AT_ONCE = 50;

/** The changes of each node as one: what comes later counts. */
export function joinChanges(
  changes: readonly TagChange[],
): ReadonlyMap<string, Required<TagChange>> {
  const joined = new Map<string, Required<TagChange>>();
  for (const { id, update = {}, remove = [] } of changes) {
    const before = joined.get(id) ?? { update: {}, remove: [] };
    const kept = Object.entries(before.update)
      .filter(([name]) => !remove.includes(name));
    const gone = new Set([...before.remove, ...remove]);
    for (const name of Object.keys(update)) gone.delete(name);
    joined.set(id, {
      id,
      update: { ...Object.fromEntries(kept), ...update },
      remove: [...gone],
    });
  }
  return joined;
}

function refusalOf(
  { id, update, remove }: Required<TagChange>,
  node: NodeJson | undefined,
  kinds: KindsOfTags,
): Failure | undefined {
  if (node === undefined) {
    return {
      code: "node_unknown",
      message: `Cannot tag "${id}": there is no such node, or it is gone`,
    };
  }
  const { kind, id: own, name = own } = node.reported;
  const { operations = [] } = kinds.resolve(String(kind))?.declaration ?? {};
  if (!operations.includes("tag")) {
    return {
      code: "not_taggable",
      message: `Cannot tag ${kind} "${name}": no plugin can change tags of ` +
        "its kind",
    };
  }
  if (Object.keys(update).length === 0 && remove.length === 0) {
    return {
      code: "nothing_to_do",
      message: `Cannot tag ${kind} "${name}": no tag is named, wanted one`,
    };
  }
}

function changeOf(
  { id, update, remove }: Required<TagChange>,
  { ancestors, reported }: NodeJson,
): TagTask["changes"][number] {
  return {
    resource: {
      node: id,
      kind: String(reported.kind),
      id: String(reported.id),
      region: ancestors.region?.reported.id ?? "",
      reported,
    },
    update,
    remove,
  };
}

/** Sorts changes by account, so many together. */
export function tagPlan(
  changes: ReadonlyMap<string, Required<TagChange>>,
  nodes: readonly NodeJson[],
  kinds: KindsOfTags,
): TagPlan {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const refused = new Map<string, Failure>();
  const accounts = new Map<string, TagTask["changes"][number][]>();
  for (const change of changes.values()) {
    const node = nodeOf.get(change.id);
    const refusal = refusalOf(change, node, kinds);
    if (refusal !== undefined) refused.set(change.id, refusal);
    if (refusal !== undefined || node === undefined) continue;
    const { account, cloud } = node.ancestors;
    const key = JSON.stringify([
      cloud?.reported.id ?? "",
      account?.reported.id ?? "",
    ]);
    const known = accounts.get(key);
    if (known === undefined) accounts.set(key, [changeOf(change, node)]);
    else known.push(changeOf(change, node));
  }
  const batches: TagBatch[] = [];
  for (const [key, each] of accounts) {
    const [cloud, account] = JSON.parse(key) as [string, string];
    for (let at = 0; at < each.length; at += AT_ONCE) {
      batches.push({ cloud, account, changes: each.slice(at, at + AT_ONCE) });
    }
  }
  return { batches, refused };
}
