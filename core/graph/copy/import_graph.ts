/**
 * Makes a graph out of an export.
 *
 * @module
 */

import { countStrays } from "../../index/present_rows.ts";
import type { Graph, GraphOptions } from "../graph.ts";
import { openGraph } from "../open_graph.ts";
import { importFault } from "./check_line.ts";
import { fillRecord } from "./fill_record.ts";
import { importRecord } from "./import_record.ts";

/** How a graph is imported: the record has to be empty. */
export interface ImportOptions extends GraphOptions {
  /** Gives it up; what was written is no graph. */
  readonly signal: AbortSignal;
}

/**
 * Writes lines into an empty record and opens what they make. The graph is whole
 * when this resolves; if it rejects, the record is of no use.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function importGraph(
  options: ImportOptions,
  lines: AsyncIterable<string>,
): Promise<Graph> {
  const { session, signal } = options;
  const head = await importRecord(session, lines, signal);
  let graph: Graph;
  try {
    graph = await openGraph(options);
  } catch (error) {
    signal.throwIfAborted();
    // The checksum fits: somebody made it so.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) {
      throw error;
    }
    throw importFault("its history cannot be read", error);
  }
  try {
    const connection = await graph.index.connect();
    try {
      const { nodes, edges } = await fillRecord(session, connection, signal);
      if (nodes !== head.nodes || edges !== head.edges) {
        throw importFault(
          `its history has ${nodes} nodes and ${edges} edges, its head says ` +
            `${head.nodes} and ${head.edges}`,
        );
      }
      const strays = await countStrays(connection);
      if (strays > 0) {
        throw importFault(
          `${strays} nodes are of scopes that it says nothing of`,
        );
      }
    } finally {
      connection.closeSync();
    }
    return graph;
  } catch (error) {
    await graph[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
}
