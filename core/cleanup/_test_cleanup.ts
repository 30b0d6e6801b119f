/**
 * Cleanups over a real graph, with a cloud that a test makes up.
 *
 * @module
 */

import type { CleanupPlanJson, ModelUpdate } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { nodeId } from "@skymap/lib/ids";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { DeleteOutcome, DeleteTask, EdgeType } from "@skymap/lib/plugin";
import { FakeClock } from "@skymap/lib/testing";
import {
  CLEANUP_SECTION,
  type CleanupConfig,
} from "../config/cleanup_section.ts";
import type { TestDatabase } from "../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  toyMessages,
  type ToyScope,
} from "../graph/_toy_graph.ts";
import type { Graph } from "../graph/mod.ts";
import { IndexReader } from "../index/reader.ts";
import { Searcher } from "../search/searcher.ts";
import type { Task } from "../tasks/task.ts";
import { Cleanup, type CleanupWitness } from "./cleanup.ts";

/** When tests run. */
export const NOW_MS: number = Date.UTC(2026, 0, 10);

/** Kinds of a cloud that can be deleted. */
const MODEL: ModelUpdate = {
  plugin: {
    name: "toy",
    version: "2.0.0",
    cloud: "toy",
    containers: { account: "toy_account", region: "toy_region" },
    kinds: [
      { name: "toy_account", bases: ["account"], operations: ["delete"] },
      { name: "toy_region", bases: ["region"] },
      {
        name: "toy_type",
        bases: ["instance_type"],
      },
      {
        name: "toy_net",
        bases: ["network"],
        operations: ["delete"],
        deletedAfter: ["toy_box"],
      },
      { name: "toy_box", bases: ["instance"], operations: ["delete", "tag"] },
      {
        name: "toy_ring",
        bases: ["security_group"],
        operations: ["delete", "detach"],
      },
      { name: "toy_rock", bases: ["resource"] },
    ],
  },
};

/** What a test made up was asked to do. */
export interface AskedTask {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly ids: readonly string[];
  readonly dryRun: boolean;
}

/** A scope, with what hangs on what: as `kind id < kind id`. */
export interface PutScope extends ToyScope {
  readonly hanging?: readonly string[];
}

/** A graph, cleanups of it, and a cloud. */
export class CleanupWorld implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly asked: AskedTask[] = [];
  readonly #database: TestDatabase;
  readonly #stack: AsyncDisposableStack;
  readonly graph: Graph;
  readonly searcher: Searcher;
  config: CleanupConfig;
  /** Who sees what is begun, from the next restart on. */
  witness: CleanupWitness | undefined;
  /** What becomes of a resource. Default: it is deleted. */
  outcome: (
    id: string,
    task: AskedTask,
  ) => Partial<DeleteOutcome> | Promise<Partial<DeleteOutcome>> = () => ({});
  /** Names of tasks that the worker can do. */
  able: readonly string[] = ["delete", "detach"];
  /** Whether it begins at once what it is asked. */
  isFree = true;
  /** What waits for it, with what fails it. */
  readonly waiting = new Map<string, (error: Error) => void>();
  cleanup: Cleanup;

  private constructor(
    database: TestDatabase,
    clock: FakeClock,
    stack: AsyncDisposableStack,
    graph: Graph,
    searcher: Searcher,
    config: CleanupConfig,
  ) {
    this.clock = clock;
    this.#database = database;
    this.#stack = stack;
    this.graph = graph;
    this.searcher = searcher;
    this.config = config;
    // Set by `open`, before anybody can use it.
    this.cleanup = undefined as unknown as Cleanup;
  }

  /** Opens an empty graph; everything may be deleted in account `a1`. */
  static async open(
    database: TestDatabase,
    config: Partial<CleanupConfig> = {},
  ): Promise<CleanupWorld> {
    await using stack = new AsyncDisposableStack();
    const clock = new FakeClock(NOW_MS);
    const { graph } = await openToyGraph(database, {
      now: () => new Date(clock.now()),
    });
    stack.use(graph);
    await graph.updateModel(MODEL);
    const reader = stack.use(new IndexReader(graph.index));
    const searcher = new Searcher({ reader, registry: graph.model });
    const world = new CleanupWorld(
      database,
      clock,
      stack.move(),
      graph,
      searcher,
      {
        ...CLEANUP_SECTION.parse({}),
        graph: graph.name,
        enabled: true,
        dry_run: false,
        accounts: ["a1"],
        max_share: 1,
        max_share_per_kind: 1,
        max_share_per_account: 1,
        ...config,
      },
    );
    await world.restart();
    return world;
  }

  /** Cleanups as a core has them that is started now. */
  async restart(): Promise<void> {
    await this.cleanup?.[Symbol.asyncDispose]();
    this.cleanup = await Cleanup.open({
      db: this.#database.db.system,
      clock: this.clock,
      graph: () => ({ graph: this.graph, searcher: this.searcher }),
      tasks: {
        submit: (name, attrs, payload) => {
          if (this.isFree) {
            const result = this.#do(name, attrs, payload);
            return Promise.resolve({ id: "task", result });
          }
          const { promise, reject } = Promise.withResolvers<Json>();
          this.waiting.set(`task${this.waiting.size}`, reject);
          const id = [...this.waiting.keys()].at(-1) ?? "";
          return Promise.resolve({ id, result: promise });
        },
        list: () => [...this.waiting.keys()].map((id) => ({ id }) as Task),
        cancel: (id, reason = "") => {
          this.waiting.get(id)?.(new SkymapError("task_failed", reason));
          this.waiting.delete(id);
          return Promise.resolve();
        },
      },
      subscribers: {
        list: () => [{
          id: "worker",
          worker: "worker",
          subscriptions: {},
          parallel_tasks: 1,
          seen: NOW_MS,
          capabilities: this.able.map((name) => ({
            name,
            filter: { cloud: ["toy"] },
          })),
        }],
      },
      config: () => this.config,
      ...(this.witness !== undefined && { witness: this.witness }),
    });
  }

  async #do(
    name: string,
    attrs: Readonly<Record<string, string>>,
    payload: JsonObject,
  ): Promise<Json> {
    const { resources, dry_run } = payload as unknown as DeleteTask;
    const task: AskedTask = {
      name,
      attrs,
      ids: resources.map(({ id }) => id),
      dryRun: dry_run,
    };
    this.asked.push(task);
    const results: unknown[] = [];
    for (const { node, id } of resources) {
      const outcome = dry_run ? "would_be_done" : "done";
      results.push({ node, outcome, ...await this.outcome(id, task) });
    }
    return { results } as unknown as Json;
  }

  /** Merges scopes. */
  async put(...scopes: readonly PutScope[]): Promise<void> {
    const all = scopes.map(({ hanging = [], ...scope }): ToyScope => ({
      ...scope,
      edges: [
        ...scope.edges ?? [],
        ...hanging.map((edge) => {
          const [from = "", to = ""] = edge.split(" < ");
          return {
            from: idOf(from),
            to: idOf(to),
            edge_type: "delete" as EdgeType,
          };
        }),
      ],
    }));
    await mergeAll({ graph: this.graph }, toyMessages(all));
  }

  /** Marks nodes, each as `kind id`. */
  async mark(...names: readonly string[]): Promise<void> {
    await this.patch(names, { desired: { clean: true } });
  }

  /** Changes sections of nodes. */
  async patch(names: readonly string[], patch: JsonObject): Promise<void> {
    const { signal } = new AbortController();
    const { missing } = await this.graph.updateNodes(
      names.map((name) => ({ id: idOf(name), ...patch })),
      { signal },
    );
    if (missing.length > 0) throw new Error(`No nodes: ${names.join(", ")}`);
  }

  /** A node's metadata. */
  async metadata(name: string): Promise<JsonObject> {
    return (await this.graph.node(idOf(name)))?.metadata ?? {};
  }

  /** Makes a plan. */
  plan(search?: string): Promise<CleanupPlanJson> {
    return this.cleanup.plan("toy", {
      by: "ada",
      signal: new AbortController().signal,
      ...(search !== undefined && { search }),
    });
  }

  /** Applies a plan to its end. */
  async apply(
    id: string,
    options: Partial<Parameters<Cleanup["apply"]>[1]> = {},
  ): Promise<CleanupPlanJson> {
    const started = await this.cleanup.apply(id, { by: "ada", ...options });
    return await started.ended;
  }

  /** The steps of a plan, each as `action kind id: state`. */
  async steps(id: string): Promise<readonly string[]> {
    const items = await Array.fromAsync(this.cleanup.items(id));
    return items.map(({ wave, action, kind, id, state, reason }) =>
      `${wave} ${action} ${kind} ${id}: ${state}` +
      (reason === undefined ? "" : `, ${reason}`)
    );
  }

  /** What is blocked, each as `kind id: reason: message`. */
  async blocked(id: string): Promise<readonly string[]> {
    const all = await Array.fromAsync(this.cleanup.blocked(id));
    return all.map(({ kind, id, reason, message }) =>
      `${kind} ${id}: ${reason}: ${message}`
    );
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cleanup[Symbol.asyncDispose]();
    await this.#stack.disposeAsync();
  }
}

/** Node id of `kind id` or `kind id account`. */
export function idOf(name: string): string {
  const [kind = "", id = "", account = "a1"] = name.split(" ");
  return nodeId({ cloud: "toy", account, region: "", kind, id });
}
