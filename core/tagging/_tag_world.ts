/**
 * A graph whose boxes have tags in a made-up cloud, and a worker for it.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import type { Failure, TagTask, TagTaskResult } from "@skymap/lib/plugin";
import type { TestDatabase } from "../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  TOY_MODEL,
  type ToyGraph,
  toyMessages,
} from "../graph/_toy_graph.ts";
import { Tagging } from "./tagging.ts";

/** A task as the worker got it. */
export interface DoneTask {
  readonly attrs: Readonly<Record<string, string>>;
  readonly changes: TagTask["changes"];
}

/** Boxes of two accounts, and what is done to them. */
export class TagWorld implements AsyncDisposable {
  readonly tagging: Tagging;
  /** Tasks, in the order in which they came. */
  readonly tasks: DoneTask[] = [];
  /** For how long each of them waits for a worker. */
  readonly reach: (number | undefined)[] = [];
  /** What time it is. */
  now = 0;
  /** Reasons of tasks that were cancelled. */
  readonly cancelled: string[] = [];
  /** Most tasks that were under way at a time. */
  atOnce = 0;
  /** By the provider's id, why a box cannot be tagged. */
  readonly denied = new Map<string, Failure>();
  /** Holds every task until it is resolved. */
  hold: Promise<unknown> = Promise.resolve();
  /** Answers in place of the worker. */
  instead: ((task: DoneTask) => Promise<Json>) | undefined;
  #running = 0;

  private constructor(readonly toy: ToyGraph) {
    this.tagging = new Tagging({
      submit: (name, attrs, payload, { reachMs } = {}) => {
        this.reach.push(reachMs);
        const task = {
          attrs,
          changes: (payload as unknown as TagTask).changes,
        };
        this.tasks.push(task);
        const ended = Promise.withResolvers<Json>();
        ended.promise.catch(() => {});
        this.#cancels.set(`task${this.tasks.length}`, (reason) =>
          ended.reject(
            new SkymapError(
              "task_failed",
              `Cannot do task "${name}": ${reason}`,
            ),
          ));
        this.#work(task).then(ended.resolve, ended.reject);
        return Promise.resolve({
          id: `task${this.tasks.length}`,
          result: ended.promise,
        });
      },
      cancel: (id, reason = "") => {
        this.cancelled.push(id);
        this.#cancels.get(id)?.(reason);
        return Promise.resolve();
      },
    }, () => this.now);
  }

  readonly #cancels = new Map<string, (reason: string) => void>();

  /** Opens a world of boxes, by account and id. */
  static async open(
    database: TestDatabase,
    accounts: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>,
  ): Promise<TagWorld> {
    const toy = await openToyGraph(database);
    const { plugin } = TOY_MODEL;
    await toy.graph.updateModel({
      plugin: {
        ...plugin,
        kinds: plugin.kinds.map((kind) =>
          kind.name === "toy_box" ? { ...kind, operations: ["tag"] } : kind
        ),
      },
    });
    const world = new TagWorld(toy);
    await world.collect(accounts);
    return world;
  }

  /** Merges what a collect finds. */
  collect(
    accounts: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>,
  ) {
    return mergeAll(
      this.toy,
      toyMessages(
        Object.entries(accounts).flatMap(([account, nodes]) => [
          {
            account,
            kind: "toy_account",
            nodes: { [account]: { name: `account ${account}` } },
          },
          { account, nodes },
          { account, kind: "toy_disk", nodes: { d1: { name: "disk" } } },
        ]),
      ),
    );
  }

  async #work(task: DoneTask): Promise<Json> {
    this.#running++;
    this.atOnce = Math.max(this.atOnce, this.#running);
    try {
      await this.hold;
      if (this.instead !== undefined) return await this.instead(task);
      return this.#answer(task) as unknown as Json;
    } finally {
      this.#running--;
    }
  }

  #answer({ changes }: DoneTask): TagTaskResult {
    return {
      results: changes.map(({ resource, update, remove }) => {
        const { id, node, reported } = resource;
        const error = this.denied.get(id);
        if (error !== undefined) return { node, error };
        const tags = { ...reported.tags as Record<string, string>, ...update };
        for (const name of remove) delete tags[name];
        return { node, tags };
      }),
    };
  }

  /** Closes the graph. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.tagging[Symbol.asyncDispose]();
    await this.toy.graph[Symbol.asyncDispose]();
  }
}
