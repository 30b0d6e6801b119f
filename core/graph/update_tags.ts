/**
 * Takes over tags that were changed in a cloud, so that nobody has to wait for
 * the next collect. What that one finds alike it does not write again.
 *
 * @module
 */

import {
  canonicalJson,
  isObject,
  type Json,
  type JsonObject,
} from "@skymap/lib/json";
import type { PatchedNode } from "../index/patched_nodes.ts";
import type { NodeChecks } from "../model/check_node.ts";
import { changedPaths } from "./changed_paths.ts";
import { cleanText } from "./clean_text.ts";
import {
  contentHash,
  type ScopeContent,
  scopeContent,
} from "./content_hash.ts";
import type { GraphParts } from "./graph_parts.ts";
import { mergePatch } from "./merge_patch.ts";
import { type PatchedNodes, patchPresent } from "./patch_present.ts";
import type { NodeWrite } from "./scope_changes.ts";
import { scopeParent } from "./scope_parent.ts";

type Tags = Readonly<Record<string, string>>;

/** Tags that a resource has now. */
export interface TagUpdate {
  /** Id of the node. */
  readonly id: string;
  /** All of its tags. */
  readonly tags: Tags;
  /**
   * Tags that it had before: what did not change since is as the graph has it, for
   * others may have changed that. Default: the tags are all that it has.
   */
  readonly before?: Tags | undefined;
  /** What else of `reported` follows from them, as a patch. Default: nothing. */
  readonly reported?: JsonObject;
}

/** What became of the nodes. */
export interface TagUpdates extends PatchedNodes {
  /** Those that would not fit their kind any more, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Writes tags into `reported` of nodes, those of one node once. */
export async function updateTags(
  parts: GraphParts,
  checks: NodeChecks,
  updates: readonly TagUpdate[],
  signal: AbortSignal,
): Promise<TagUpdates> {
  const wanted = new Map(updates.map((update) => [update.id, update]));
  const refused = new Map<string, string>();
  const patched = await patchPresent(parts, [...wanted.keys()], (node) => {
    const update = wanted.get(node.id);
    if (update === undefined) return undefined;
    const before = JSON.parse(node.reported) as JsonObject;
    const tags = tagsAfter(before["tags"], update);
    const { tags: shown, ...patch } = update.reported ?? {};
    const isNone = shown !== undefined && Object.keys(tags).length === 0;
    const checked = checks.of(node.scope.kind)?.(
      withoutKind(
        // How none are shown counts when there are none.
        mergePatch(
          { ...before, tags },
          isNone ? { ...patch, tags: shown } : patch,
        ),
      ),
    );
    if (checked === undefined || "fault" in checked) {
      const { path, problem } = checked?.fault ??
        { path: "its kind", problem: "is not known any more" };
      refused.set(node.id, `${path} ${problem}`);
      return undefined;
    }
    return tagged(parts, node, before, checked.reported);
  }, signal);
  const unchanged = patched.unchanged.filter((id) => !refused.has(id));
  return { ...patched, unchanged, refused };
}

/** The tags that a node has after an update. */
function tagsAfter(now: Json | undefined, { tags, before }: TagUpdate): Tags {
  if (before === undefined) return tags;
  const after = new Map(Object.entries(isObject(now) ? now as Tags : {}));
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(tags, name)) after.delete(name);
  }
  for (const [name, value] of Object.entries(tags)) {
    const isSame = Object.hasOwn(before, name) && before[name] === value;
    if (!isSame) after.set(name, value);
  }
  return Object.fromEntries(after);
}

function withoutKind({ kind: _kind, ...content }: JsonObject): JsonObject {
  return content;
}

/** The node as it is now; undefined when nothing is new. */
function tagged(
  { model }: GraphParts,
  node: PatchedNode,
  before: JsonObject,
  now: JsonObject,
): NodeWrite | undefined {
  const { value, text } = cleanText(now);
  const changed = changedPaths(before, value, "reported");
  if (changed.length === 0) return undefined;
  const { accountName, id, regionName, scope, zone } = node;
  const content = {
    fingerprint: model.fingerprint(scope.kind),
    accountName,
    regionName,
    parent: scopeParent(model, scope),
  };
  return {
    id,
    hash: nextHash(content, node, before, value) ??
      // No collect has that one: the next writes what it finds.
      contentHash(node.hash, { id, zone: undefined }, text),
    zone,
    text,
    reported: value,
    ...node.sections,
    mode: "next",
    changed,
  };
}

/**
 * The hash with which the next collect sends the node; undefined when it cannot
 * be told from what is stored, for what was sent was brought into another form.
 */
function nextHash(
  content: ScopeContent,
  { hash, zone }: Pick<PatchedNode, "hash" | "zone">,
  before: JsonObject,
  now: JsonObject,
): string | undefined {
  const scope = scopeContent(content);
  const place = { id: String(before.id), zone: zone ?? undefined };
  const sent = (reported: JsonObject, hasId: boolean): string => {
    const { id, ...rest } = withoutKind(reported);
    return contentHash(
      scope,
      place,
      canonicalJson(hasId && id !== undefined ? { ...rest, id } : rest),
    );
  };
  // The id stands in both places, but plugins may send it in one alone.
  const hasId = [false, true].find((each) => sent(before, each) === hash);
  return hasId === undefined ? undefined : sent(now, hasId);
}
