/**
 * The graphs of this core: opened once each, made, copied and removed.
 *
 * @module
 */

import type { GraphChangeJson } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import { checkGraphName, type Database, type GraphDraft } from "./db/mod.ts";
import { type Graph, importGraph, openGraph } from "./graph/mod.ts";
import { GraphChanges } from "./graph_changes.ts";

/** The graph that exists from the first start on. */
const DEFAULT_GRAPH = "main";

const log = logger("core/graph");

/** How a graph is made. */
export interface MakeOptions {
  /** Whether it may take the place of one that is there. Default: no. */
  readonly force?: boolean;
  /** Gives it up; then nothing of it is left. */
  readonly signal: AbortSignal;
}

/** What graphs are opened with. */
export interface GraphsOptions {
  readonly database: Database;
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** Gives the time. Default: the clock. */
  readonly now?: () => Date;
}

/** Every open graph by its name. */
export class Graphs implements AsyncDisposable {
  readonly #options: GraphsOptions;
  readonly #changes: GraphChanges;
  readonly #graphs = new Map<string, Graph>();
  /** Names of graphs that are being made or removed. */
  readonly #busy = new Set<string>();
  #onClose: (graph: Graph) => Promise<void> = () => Promise.resolve();

  private constructor(options: GraphsOptions) {
    this.#options = options;
    this.#changes = new GraphChanges(options.database.system);
  }

  /** Opens every graph of the database, and the default one. */
  static async open(
    database: Database,
    dataDir: string,
    signal: AbortSignal,
    now: () => Date = () => new Date(),
  ): Promise<Graphs> {
    const graphs = new Graphs({ database, dataDir, signal, now });
    for (const place of await database.places.leftOver()) {
      await graphs.#removePlace(place);
    }
    try {
      const names = new Set([DEFAULT_GRAPH, ...await database.graphs()]);
      await graphs.#changes.keep([...names]);
      for (const name of names) {
        const place = database.places.of(name);
        const graph = await openGraph({
          ...graphs.#optionsOf(name, place),
          session: await database.graph(name),
          signal,
        });
        graphs.#graphs.set(name, graph);
        // A core that was killed may have changed it and told nobody.
        await graph.touch();
      }
      return graphs;
    } catch (error) {
      await graphs[Symbol.asyncDispose]();
      throw error;
    }
  }

  #optionsOf(name: string, place: string) {
    return {
      name,
      indexDirectory: `${this.#options.dataDir}/index/${place}`,
      ...(this.#options.now !== undefined && { now: this.#options.now }),
      onNotice: (notice: string) => log.warn("{notice}", { notice }),
      onChange: (change: GraphChangeJson) => this.#changes.tell(change),
    };
  }

  /** Called with a graph that is about to be closed, while core goes on. */
  onClose(close: (graph: Graph) => Promise<void>): void {
    this.#onClose = close;
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

  /**
   * Makes an empty graph.
   *
   * @throws {SkymapError} `body_invalid` or `conflict`
   */
  async create(name: string): Promise<void> {
    await this.#make(name, {}, (options) => openGraph(options));
  }

  /**
   * Makes a graph out of the lines of an export, all of it or nothing. Until it
   * is whole, the graph that it takes the place of is there as it was.
   *
   * @throws {SkymapError} `body_invalid` or `conflict`
   */
  async import(
    name: string,
    lines: AsyncIterable<string>,
    { force = false, signal }: MakeOptions,
  ): Promise<void> {
    const until = AbortSignal.any([signal, this.#options.signal]);
    await this.#make(
      name,
      { force },
      (options) => importGraph({ ...options, signal: until }, lines),
    );
  }

  /**
   * Makes a graph that is as another one is now, with its history and snapshots.
   *
   * @throws {SkymapError} `graph_unknown`, `body_invalid` or `conflict`
   */
  async copy(from: string, to: string, options: MakeOptions): Promise<void> {
    const lines = this.get(from).export(options.signal);
    if (from === to) {
      throw new SkymapError(
        "conflict",
        `Cannot copy graph "${from}" to itself: wanted another name`,
      );
    }
    await this.import(to, trimmed(lines), options);
  }

  /**
   * Makes a graph out of an export that has no name until the next start of core;
   * it is closed.
   *
   * @throws {SkymapError} `body_invalid`
   */
  async makeDraft(
    name: string,
    lines: AsyncIterable<string>,
    signal: AbortSignal,
  ): Promise<GraphDraft> {
    const { database } = this.#options;
    const draft = await database.places.draft(name);
    try {
      const { onChange: _onChange, ...options } = this.#optionsOf(
        name,
        draft.place,
      );
      const graph = await importGraph({
        ...options,
        session: await database.draft(draft),
        signal: AbortSignal.any([signal, this.#options.signal]),
      }, lines);
      await graph[Symbol.asyncDispose]();
      return draft;
    } catch (error) {
      await this.#removePlace(draft.place);
      throw error;
    }
  }

  /** Removes a draft that nobody wants. */
  async dropDraft({ place }: GraphDraft): Promise<void> {
    await this.#removePlace(place);
  }

  async #make(
    name: string,
    { force = false }: { readonly force?: boolean },
    open: (options: Parameters<typeof openGraph>[0]) => Promise<Graph>,
  ): Promise<void> {
    checkGraphName(name);
    using _turn = this.#take(name);
    const before = this.#graphs.get(name);
    if (before !== undefined && !force) {
      const { nodes } = await before.size();
      throw new SkymapError(
        "conflict",
        `Cannot make graph "${name}": there is one of that name with ${nodes} ` +
          "nodes, wanted another name, or force to replace it",
      );
    }
    const { database } = this.#options;
    const { places } = database;
    const draft = await places.draft(name);
    let graph: Graph | undefined;
    let replaced: string | undefined;
    try {
      graph = await open({
        ...this.#optionsOf(name, draft.place),
        session: await database.draft(draft),
      });
      replaced = await places.keep(draft, before === undefined);
    } catch (error) {
      await graph?.[Symbol.asyncDispose]().catch(() => {});
      await this.#removePlace(draft.place);
      throw error;
    }
    this.#graphs.set(name, graph);
    if (before !== undefined) await this.#close(before);
    // After the last word of the one before, which is about something else.
    await graph.touch();
    if (replaced !== undefined) await this.#removePlace(replaced);
  }

  /**
   * Removes a graph, with its history and snapshots.
   *
   * @throws {SkymapError} `graph_unknown`, or `conflict` for the default graph.
   */
  async remove(name: string): Promise<void> {
    const graph = this.get(name);
    if (name === DEFAULT_GRAPH) {
      throw new SkymapError(
        "conflict",
        `Cannot remove graph "${name}": it is the one that collects go to`,
      );
    }
    using _turn = this.#take(name);
    const place = await this.#options.database.places.forget(name);
    this.#graphs.delete(name);
    await this.#close(graph);
    await this.#changes.forget(name).catch((error) =>
      log.warn("Cannot forget the changes of graph {name}: {reason}", {
        name,
        reason: messageOf(error),
      })
    );
    await this.#removePlace(place);
  }

  /** Lets nobody else make or remove a graph of that name. */
  #take(name: string): Disposable {
    if (this.#busy.has(name)) {
      throw new SkymapError(
        "conflict",
        `Cannot change graph "${name}": it is being made or removed`,
      );
    }
    this.#busy.add(name);
    return { [Symbol.dispose]: () => void this.#busy.delete(name) };
  }

  async #close(graph: Graph): Promise<void> {
    await this.#onClose(graph);
    await graph[Symbol.asyncDispose]().catch((error) =>
      log.warn("Cannot close graph {name}: {reason}", {
        name: graph.name,
        reason: messageOf(error),
      })
    );
  }

  /** Removes what no graph lies in; if that fails, the next start does it. */
  async #removePlace(place: string): Promise<void> {
    const { database, dataDir } = this.#options;
    try {
      await Deno.remove(`${dataDir}/index/${place}`, { recursive: true })
        .catch((error) => {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        });
      await database.removePlace(place);
    } catch (error) {
      log.warn("Cannot remove what is left of graph {place}: {reason}", {
        place,
        reason: messageOf(error),
      });
    }
  }

  /** Closes them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const graph of this.#graphs.values()) {
      await graph[Symbol.asyncDispose]();
    }
  }
}

async function* trimmed(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield text.slice(0, -1);
}
