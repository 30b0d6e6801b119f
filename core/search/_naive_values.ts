/**
 * Nodes as JSON documents, and what stands in them.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import { containerName, type MemoryNode } from "../index/_memory_index.ts";
import type { PathItem } from "../query/ast.ts";

/** A node whose containers have names of their own. */
export interface NamedNode extends MemoryNode {
  readonly accountName?: string;
  readonly regionName?: string;
}

function container(
  id: string | undefined,
  name: string | undefined,
): Json | undefined {
  return id === undefined || id === ""
    ? undefined
    : { reported: { id, name: name ?? containerName(id) } };
}

const documents = new WeakMap<MemoryNode, Json>();

/** A node as paths see it. */
export function documentOf(node: MemoryNode): Json {
  const known = documents.get(node);
  if (known !== undefined) return known;
  const document = makeDocument(node);
  documents.set(node, document);
  return document;
}

function makeDocument(node: NamedNode): Json {
  const parts: Record<string, Json | undefined> = {
    type: "node",
    id: node.id,
    kinds: node.kinds,
    reported: node.reported,
    desired: node.desired,
    metadata: node.metadata,
    ancestors: Object.fromEntries(
      Object.entries({
        cloud: node.cloud === undefined || node.cloud === ""
          ? undefined
          : { reported: { id: node.cloud, name: node.cloud } },
        account: container(node.account, node.accountName),
        region: container(node.region, node.regionName),
        zone: node.zone === undefined
          ? undefined
          : { reported: { id: node.zone, name: node.zone } },
      }).filter(([, value]) => value !== undefined),
    ) as Json,
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  ) as Json;
}

/** Values at a path; `[*]` goes through arrays only. */
export function valuesAt(
  value: Json | undefined,
  items: readonly PathItem[],
): (Json | undefined)[] {
  let found: (Json | undefined)[] = [value];
  for (const item of items) {
    found = found.flatMap((each): (Json | undefined)[] => {
      if ("key" in item) {
        return [
          isObject(each) && Object.hasOwn(each, item.key)
            ? each[item.key] as Json
            : undefined,
        ];
      }
      if (item.index === "*") return Array.isArray(each) ? each : [];
      return [Array.isArray(each) ? each[item.index] : undefined];
    });
  }
  return found;
}
