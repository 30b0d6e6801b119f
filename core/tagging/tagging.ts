/**
 * Changes tags where they belong: in the cloud, by a worker that can reach the
 * account. What it then has comes back into the graph at once.
 *
 * @module
 */

import type { NodeJson, TagAnswer, TagChange } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { mapConcurrent } from "@skymap/lib/plugin";
import type { TagUpdate, TagUpdates } from "../graph/mod.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import { readTagResult } from "./read_result.ts";
import {
  joinChanges,
  type KindsOfTags,
  type TagBatch,
  type TagPlan,
  tagPlan,
} from "./tag_batches.ts";

/** The graph whose resources are tagged. */
export interface TaggedGraph {
  /** Nodes that are there; ids that are none are left out. */
  nodes(ids: readonly string[]): Promise<readonly NodeJson[]>;
  /** Its kinds. */
  readonly model: KindsOfTags;
  /** Takes tags over. */
  updateTags(
    updates: readonly TagUpdate[],
    signal: AbortSignal,
  ): Promise<TagUpdates>;
}

/** Batches that are under way at a time. */
const SIDE_BY_SIDE = 8;

/** Nodes that are read at a time. */
const READ_AT_ONCE = 1_000;

/** Time for a batch that is waited for: clouds throttle who asks too much. */
const WAITED_MS = 600_000;

/** The same where nobody waits: all batches stand in the queue at once. */
const QUEUED_MS = 6 * 3_600_000;

/** For how long a worker is waited for that can do it: it may be starting. */
const REACH_MS = 15_000;

/** For how long nobody waits again for a worker that did not come. */
const MISSED_MS = 60_000;

const log = logger("core/tagging");

/** What is started ends by itself: it outlives who asked for it. */
const NEVER = new AbortController().signal;

/** Changes tags of resources. */
export class Tagging implements AsyncDisposable {
  readonly #tasks: Pick<TaskQueue, "submit" | "cancel">;
  readonly #now: () => number;

  /** What is being written into a graph. */
  readonly #taking = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();

  /** By place, until when nobody waits for a worker that did not come. */
  readonly #missed = new Map<string, number>();

  /** Takes what gives work to workers, and what time it is in milliseconds. */
  constructor(
    tasks: Pick<TaskQueue, "submit" | "cancel">,
    now: () => number = Date.now,
  ) {
    this.#tasks = tasks;
    this.#now = now;
  }

  /**
   * Changes tags of nodes; gives what became of each of them, in the order in
   * which they are named first. What fails fails alone.
   */
  async change(
    graph: TaggedGraph,
    changes: readonly TagChange[],
    signal: AbortSignal,
  ): Promise<readonly TagAnswer[]> {
    const joined = joinChanges(changes);
    const { batches, refused } = await this.#plan(graph, joined);
    const answers = new Map<string, TagAnswer>(
      [...refused].map(([id, error]) => [id, { id, error }]),
    );
    await mapConcurrent(batches, async (batch) => {
      const submitted = await this.#submit(graph, batch, {
        signal,
        timeoutMs: WAITED_MS,
        isWaited: true,
      });
      for (const answer of await submitted()) answers.set(answer.id, answer);
    }, { limit: SIDE_BY_SIDE, signal });
    signal.throwIfAborted();
    return [...joined.keys()].flatMap((id) => answers.get(id) ?? []);
  }

  /**
   * Has tags of nodes changed and does not wait for it: resolves when workers are
   * asked to. Gives those that cannot be; what fails later is logged.
   */
  async start(
    graph: TaggedGraph,
    changes: readonly TagChange[],
  ): Promise<readonly TagAnswer[]> {
    const joined = joinChanges(changes);
    const { batches, refused } = await this.#plan(graph, joined);
    for (const batch of batches) {
      const submitted = await this.#submit(graph, batch, {
        signal: NEVER,
        timeoutMs: QUEUED_MS,
        isWaited: false,
      });
      void submitted().then(logFailures);
    }
    return [...refused].map(([id, error]) => ({ id, error }));
  }

  async #plan(
    graph: TaggedGraph,
    changes: ReturnType<typeof joinChanges>,
  ): Promise<TagPlan> {
    const ids = [...changes.keys()];
    const nodes: NodeJson[] = [];
    for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
      nodes.push(...await graph.nodes(ids.slice(at, at + READ_AT_ONCE)));
    }
    return tagPlan(changes, nodes, graph.model);
  }

  /** Gives a batch to a worker; then gives what waits for it, and never fails. */
  async #submit(
    graph: TaggedGraph,
    batch: TagBatch,
    { signal, timeoutMs, isWaited }: {
      readonly signal: AbortSignal;
      readonly timeoutMs: number;
      readonly isWaited: boolean;
    },
  ): Promise<() => Promise<readonly TagAnswer[]>> {
    signal.throwIfAborted();
    const { account, changes, cloud } = batch;
    const place = JSON.stringify([cloud, account]);
    const isMissed = (this.#missed.get(place) ?? -Infinity) > this.#now();
    const { id, result } = await this.#tasks.submit(
      "tag",
      { cloud, account },
      { changes } as unknown as JsonObject,
      {
        timeoutMs,
        ...(isWaited && { reachMs: isMissed ? 0 : REACH_MS }),
      },
    );
    const cancel = () => void this.#tasks.cancel(id, "Nobody waits any more");
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    return async () => {
      try {
        const outcomes = readTagResult(await result);
        this.#missed.delete(place);
        const stop = this.#stop.signal;
        stop.throwIfAborted();
        const either = AbortSignal.any([signal, stop]);
        const taken = this.#take(graph, batch, outcomes, either);
        this.#taking.add(taken);
        return await taken.finally(() => this.#taking.delete(taken));
      } catch (thrown) {
        if (!signal.aborted && isUnreached(thrown)) {
          this.#missed.set(place, this.#now() + MISSED_MS);
        }
        const code = isSkymapError(thrown) ? thrown.code : "task_failed";
        const error = { code, message: messageOf(thrown) };
        return changes.map(({ resource: { node: id } }) => ({ id, error }));
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    };
  }

  /** Ends when nothing is written any more; the next collect finds the rest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(stopping());
    await Promise.allSettled(this.#taking);
  }

  /** Takes over what a worker answered. */
  async #take(
    graph: TaggedGraph,
    { changes }: TagBatch,
    outcomes: ReturnType<typeof readTagResult>,
    signal: AbortSignal,
  ): Promise<readonly TagAnswer[]> {
    const updates: TagUpdate[] = [];
    for (const { resource, update, remove } of changes) {
      const { node: id } = resource;
      const before = new Map(Object.entries(tagsOf(resource.reported)));
      // What was asked for counts, also where it changed nothing.
      for (const name of Object.keys(update)) before.delete(name);
      for (const name of remove) before.set(name, "");
      const { tags, reported } = outcomes.get(id) ?? {};
      if (tags === undefined) continue;
      updates.push({
        id,
        tags,
        before: Object.fromEntries(before),
        ...(reported !== undefined && { reported }),
      });
    }
    const { refused } = await graph.updateTags(updates, signal);
    return changes.map(({ resource }): TagAnswer => {
      const { id: name, kind, node: id } = resource;
      const { error, tags } = outcomes.get(id) ?? {};
      const problem = refused.get(id);
      if (error !== undefined) return { id, error };
      if (tags === undefined) {
        const message =
          `Cannot tag ${kind} "${name}": the worker did not say ` +
          "what became of it";
        return { id, error: { code: "task_failed", message } };
      }
      if (problem === undefined) return { id, tags };
      const message = `Cannot keep tags of ${kind} "${name}": they are set, ` +
        `but ${problem}`;
      return { id, error: { code: "node_invalid", message } };
    });
  }
}

function tagsOf({ tags }: JsonObject): Readonly<Record<string, string>> {
  return isObject(tags) ? tags as Record<string, string> : {};
}

function stopping(): SkymapError {
  return new SkymapError(
    "unavailable",
    "Cannot keep tags: core is stopping; the next collect finds them",
  );
}

/** Whether there was no worker that can do a task. */
function isUnreached(thrown: unknown): boolean {
  return isSkymapError(thrown, "task_failed") &&
    thrown.details["attempts"] === 0;
}

function logFailures(answers: readonly TagAnswer[]): void {
  for (const answer of answers) {
    if (!("error" in answer)) continue;
    const { code, message } = answer.error;
    log.warn("{message}", { message, code, node: answer.id });
  }
}
