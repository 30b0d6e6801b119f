/**
 * The graphs of this core, opened once each.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { Database } from "./db/mod.ts";
import { type Graph, openGraph } from "./graph/mod.ts";

/** The graph that exists from the first start on. */
export const DEFAULT_GRAPH = "main";

const log = logger("core/graph");

/** Every open graph by its name. */
export class Graphs implements AsyncDisposable {
  readonly #graphs: ReadonlyMap<string, Graph>;

  private constructor(graphs: ReadonlyMap<string, Graph>) {
    this.#graphs = graphs;
  }

  /** Opens every graph of the database, and the default one. */
  static async open(
    database: Database,
    dataDir: string,
    signal: AbortSignal,
  ): Promise<Graphs> {
    const names = new Set([DEFAULT_GRAPH, ...await database.graphs()]);
    const graphs = new Map<string, Graph>();
    for (const name of names) {
      graphs.set(
        name,
        await openGraph({
          name,
          session: await database.graph(name),
          indexDirectory: `${dataDir}/index/${name}`,
          onNotice: (notice) => log.warn("{notice}", { notice }),
          signal,
        }),
      );
    }
    return new Graphs(graphs);
  }

  /** Names of the graphs, sorted. */
  names(): readonly string[] {
    return [...this.#graphs.keys()].sort();
  }

  /** Every graph. */
  all(): readonly Graph[] {
    return [...this.#graphs.values()];
  }

  /**
   * A graph by its name.
   *
   * @throws {SkymapError} `graph_unknown`
   */
  get(name: string): Graph {
    const graph = this.#graphs.get(name);
    if (graph !== undefined) return graph;
    throw new SkymapError(
      "graph_unknown",
      `Cannot find graph "${name}": there is ${this.names().join(", ")}`,
    );
  }

  /** Closes them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const graph of this.#graphs.values()) {
      await graph[Symbol.asyncDispose]();
    }
  }
}
