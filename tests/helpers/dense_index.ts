/**
 * An index on disk whose graph is dense and whose documents are large, so that
 * searches can be asked that would run for minutes or fill any memory.
 *
 * @module
 */

import { IndexReader } from "../../core/index/reader.ts";
import { SearchIndex } from "../../core/index/search_index.ts";
import { KindRegistry } from "../../core/model/kind_registry.ts";
import { Searcher } from "../../core/search/searcher.ts";

/** How large the graph is, and what its engine may use. */
export interface DenseOptions {
  /** Nodes in all. */
  readonly nodes: number;
  /** Nodes of which each has an edge to each other. */
  readonly connected: number;
  /** Characters of each document, about. */
  readonly chars: number;
  /** Memory of the engine in bytes. */
  readonly memoryBytes?: number;
  /** Bytes of disk that the engine may use beside the index. */
  readonly spillBytes?: number;
}

/** A dense index, and what asks it. */
export interface DenseIndex extends AsyncDisposable {
  /** Directory of the index alone. */
  readonly directory: string;
  /** Reads it. */
  readonly reader: IndexReader;
  /** Searches it. */
  readonly searcher: Searcher;
}

/** Makes a dense index in a new directory. */
export async function denseIndex(
  { nodes, connected, chars, ...settings }: DenseOptions,
): Promise<DenseIndex> {
  const directory = await Deno.makeTempDir({ prefix: "skymap-dense-" });
  const index = await SearchIndex.build({
    ...settings,
    directory,
    graph: "main",
    record: "test",
  }, async (file) => {
    const connection = await file.connect();
    try {
      await connection.run(
        `insert into node by name
         select hash('k' || i) as nid, 'k' || i as id, 'instance' as kind,
           ['instance', 'resource'] as kinds, 1 as sid, 'n' || i as name,
           i % 1000 as instance_cores,
           concat('{"name":"n', i, '","text":"', repeat(md5(i::varchar), ${
          Math.ceil(chars / 32)
        }), '"}') as reported, ' n ' as txt, 'c' as cloud, 'a' as account,
           'a' as account_name, 'r' as region, 'r' as region_name,
           1 as valid_from
         from range(${nodes}) t(i)`,
      );
      for (const table of ["edge_out", "edge_in"]) {
        await connection.run(
          `insert into ${table} by name
           select hash('k' || i) as src, hash('k' || j) as dst,
             'default' as type, 1 as sid, 1 as valid_from
           from range(${connected}) t(i), range(${connected}) u(j)
           where i <> j`,
        );
      }
    } finally {
      connection.closeSync();
    }
  });
  const reader = new IndexReader(index);
  return {
    directory,
    reader,
    searcher: new Searcher({ reader, registry: new KindRegistry() }),
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      index[Symbol.dispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}
