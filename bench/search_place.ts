/**
 * Where the index of the search benchmarks lies.
 *
 * @module
 */

import { type IndexPlace, SearchIndex } from "../core/index/search_index.ts";

/** The place of the index below a data directory, as core has it. */
export function indexPlace(dataDir: string): IndexPlace {
  return {
    directory: `${dataDir}/index/main`,
    graph: "main",
    record: "bench",
  };
}

/** Opens the index that `search_fill.ts` made. */
export async function openIndex(dataDir: string): Promise<SearchIndex> {
  const found = await SearchIndex.open(indexPlace(dataDir));
  if ("reason" in found) throw new Error(found.reason);
  return found.index;
}
