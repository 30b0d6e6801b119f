/**
 * A zoo in memory and what answers searches of it, for tests.
 *
 * @module
 */

import {
  type MemoryIndex,
  memoryIndex,
  type MemoryNode,
  type MemoryScope,
} from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_search.ts";
import { PropertySearch } from "./property_search.ts";
import { Searcher } from "./searcher.ts";

const registry = zooRegistry();

/** A node of the zoo; its kind is in `reported`. */
export function zooNode(
  id: string,
  reported: MemoryNode["reported"],
  rest: Partial<MemoryNode> = {},
): MemoryNode {
  return {
    id,
    kinds: registry.kindsOf(String(reported["kind"])),
    reported: { id: `r-${id}`, ...reported },
    cloud: "zoo",
    account: "dev",
    region: "eu",
    ...rest,
  };
}

/** A scope of the zoo, listed in 2026. */
export function zooScope(
  sid: number,
  kind: string,
  rest: Partial<MemoryScope> = {},
): MemoryScope {
  return {
    sid,
    cloud: "zoo",
    account: "dev",
    region: "eu",
    kind,
    status: "complete",
    lastSuccess: `2026-01-0${sid}T00:00:00Z`,
    ...rest,
  };
}

/** What answers searches of a zoo. */
export interface ZooSearch extends AsyncDisposable {
  readonly index: MemoryIndex;
  /** Its kinds. */
  readonly registry: typeof registry;
  readonly searcher: Searcher;
  readonly properties: PropertySearch;
}

/** Fills an index in memory. */
export async function zooSearch(
  graph: Parameters<MemoryIndex["add"]>[0],
): Promise<ZooSearch> {
  const index = await memoryIndex();
  await index.add(graph);
  const reader = new IndexReader(index);
  const parts = { reader, registry, nowMs: () => Date.UTC(2026, 0, 10) };
  return {
    index,
    registry,
    searcher: new Searcher(parts),
    properties: new PropertySearch(parts),
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await index[Symbol.asyncDispose]();
    },
  };
}
