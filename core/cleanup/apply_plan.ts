/**
 * Carries out a plan, wave by wave.
 *
 * @module
 */

import type {
  CleanupItemJson,
  CleanupItemState,
  CleanupPlanJson,
} from "@skymap/lib/client";
import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { type DeleteOutcome, mapConcurrent } from "@skymap/lib/plugin";
import type { CleanupConfig } from "../config/cleanup_section.ts";
import type { Clock } from "../events/clock.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import type { Graph } from "../graph/mod.ts";
import { readPlannedNodes } from "../index/marked_nodes.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import { fitOf } from "../tasks/task.ts";
import { describeResource } from "./compute_plan.ts";
import type { MadePlan } from "./make_plan.ts";
import { progressOf } from "./plan_json.ts";
import type { ItemChange, PlanStore } from "./plan_store.ts";
import { presentVerdicts } from "./present_verdicts.ts";

/** Tells how an apply goes. */
export type TellApply = (
  level: "info" | "warning" | "error",
  message: string,
) => void;

/** What a plan is carried out with. */
export interface ApplyPlanOptions {
  readonly plan: CleanupPlanJson;
  /** Its steps; those that are done are left alone. */
  readonly items: readonly CleanupItemJson[];
  /** What the graph says of what is left of them at the begin. */
  readonly present: MadePlan;
  /** The configuration that this was asked with. */
  readonly presentConfig: CleanupConfig;
  /** Asks the graph again, about some of them. */
  readonly look: (
    config: CleanupConfig,
    items: readonly CleanupItemJson[],
  ) => Promise<MadePlan>;
  readonly graph: Pick<Graph, "index" | "updateNodes">;
  readonly store: PlanStore;
  readonly tasks: Pick<TaskQueue, "submit" | "cancel" | "list">;
  readonly subscribers: Pick<Subscribers, "list">;
  readonly clock: Clock;
  /** What is configured, as of now. */
  readonly config: () => CleanupConfig;
  /** Whether everything is looked at and nothing is changed. */
  readonly isDryRun: boolean;
  /** Why no further step is begun, once there is a reason. */
  readonly stopReason: () => string | undefined;
  /** Is told after each batch. */
  readonly onProgress: (plan: CleanupPlanJson) => void;
  readonly tell: TellApply;
  /** Gives it up at once, for core stops; the plan stays as it is. */
  readonly signal: AbortSignal;
}

/** What became of a step. */
interface Ended {
  readonly state: Exclude<CleanupItemState, "pending">;
  readonly reason?: string;
}

/** Resources that one task is about. */
const BATCH = 20;

/** What the graph says of what is left counts for so long, in one wave. */
const LOOK_MS = 60_000;

/** Accounts that are worked on side by side. */
const ACCOUNTS = 8;

/**
 * A task waits for a worker, and for the provider to let go. It ends by itself
 * before: else what became of its other resources would not be told.
 */
const TASK_TIMEOUT_MS = 70 * 60_000;

/** For so long a worker is waited for that can do it: it may be starting. */
const WORKER_TIMEOUT_MS = 60_000;

/** Failures that are told one by one. */
const TOLD = 20;

/** Rows that are written at once. */
const PAGE = 500;

function isDone(state: CleanupItemState | undefined): boolean {
  return state === "done" || state === "gone";
}

/** A result, or the reason why nobody waits for it any more. */
async function orAborted<T>(
  result: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function shown(item: CleanupItemJson): string {
  return describeResource({ ...item, accountName: item.account_name });
}

/** Whether an answer has what its outcome has to have. */
function isOutcome(value: unknown): value is DeleteOutcome {
  if (!isObject(value) || typeof value.node !== "string") return false;
  switch (value.outcome) {
    case "changed":
      return Array.isArray(value.paths);
    case "refused":
      return typeof value.reason === "string";
    case "failed":
      return isObject(value.error);
    default:
      return true;
  }
}

/** What a worker says of each resource; what is no answer is left out. */
function outcomesOf(result: Json): ReadonlyMap<string, DeleteOutcome> {
  const list = isObject(result) && Array.isArray(result.results)
    ? result.results as unknown[]
    : [];
  return new Map(
    list.filter(isOutcome).map((each) => [each.node, each] as const),
  );
}

function endOf(
  outcome: DeleteOutcome | undefined,
  isDryRun: boolean,
): Ended {
  switch (outcome?.outcome) {
    case "done":
      return isDryRun
        ? {
          state: "failed",
          reason: "the worker says that it did it, though this is a dry run",
        }
        : { state: "done" };
    case "would_be_done":
      return isDryRun
        ? { state: "done" }
        : { state: "failed", reason: "the worker only looked at it" };
    case "gone":
      return { state: "gone" };
    case "changed":
      return {
        state: "changed",
        reason: `in its cloud it differs in ${
          outcome.paths.join(", ") || "what was reported of it"
        }`,
      };
    case "refused":
      return { state: "refused", reason: outcome.reason };
    case "failed": {
      const { code, message, permission } = outcome.error;
      const missing = permission === undefined ? "" : ` (needs ${permission})`;
      return { state: "failed", reason: `${code}: ${message}${missing}` };
    }
    default:
      return { state: "failed", reason: "the worker said nothing about it" };
  }
}

/** One time that a plan is carried out. */
class PlanRun {
  readonly #options: ApplyPlanOptions;
  readonly #items: ReadonlyMap<number, CleanupItemJson>;
  readonly #ended = new Map<number, Ended>();
  #verdicts: ReadonlyMap<number, string>;
  /** The configuration that these are of, and when they were. */
  #configText: string;
  #lookedMs: number;
  #looking: Promise<void> | undefined;
  readonly #circles = new Map<number, CleanupItemJson[]>();
  /** Why nothing of a circle is begun; undefined if all of it may be. */
  readonly #circleFaults = new Map<number, string | undefined>();
  readonly #saving = new SerialQueue();
  #plan: CleanupPlanJson;
  #told = 0;

  constructor(options: ApplyPlanOptions) {
    this.#options = options;
    const { clock, items, plan, present, presentConfig } = options;
    this.#plan = plan;
    this.#items = new Map(items.map((item) => [item.position, item]));
    for (const { position, state } of items) {
      if (isDone(state)) {
        this.#ended.set(position, { state: state as Ended["state"] });
      }
    }
    this.#verdicts = presentVerdicts(items, present);
    this.#configText = JSON.stringify(presentConfig);
    this.#lookedMs = clock.now();
    for (const item of items) {
      if (item.circle === undefined) continue;
      const known = this.#circles.get(item.circle);
      if (known === undefined) this.#circles.set(item.circle, [item]);
      else known.push(item);
    }
  }

  async run(): Promise<CleanupPlanJson> {
    const { items } = this.#options;
    const open = items.filter(({ position }) => !this.#ended.has(position));
    for (let at = 0; at < open.length;) {
      const wave = open[at]?.wave;
      const begin = at;
      while (at < open.length && open[at]?.wave === wave) at++;
      if (this.#stopReason() !== undefined) break;
      if (begin > 0) await this.#look();
      await this.#wave(open.slice(begin, at));
    }
    return await this.#finish();
  }

  /** Asks the graph and the configuration again what stands against the rest. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => this.#looking = undefined);
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    const { clock, config, isDryRun, items, look } = this.#options;
    const now = config();
    this.#configText = JSON.stringify(now);
    this.#lookedMs = clock.now();
    // In a dry run nothing is gone: all of it is still there.
    const open = items.filter(({ position }) =>
      isDryRun || !isDone(this.#ended.get(position)?.state)
    );
    this.#verdicts = presentVerdicts(items, await look(now, open));
    this.#circleFaults.clear();
  }

  #isLookOld(): boolean {
    const { clock, config } = this.#options;
    return this.#looking !== undefined ||
      Math.abs(clock.now() - this.#lookedMs) > LOOK_MS ||
      JSON.stringify(config()) !== this.#configText;
  }

  #stopReason(): string | undefined {
    const { stopReason, isDryRun, config } = this.#options;
    const reason = stopReason();
    if (reason !== undefined || isDryRun) return reason;
    const { enabled, dry_run } = config();
    if (!enabled) return "cleanups were turned off meanwhile";
    if (dry_run) return "cleanups were made dry runs meanwhile";
  }

  async #wave(items: readonly CleanupItemJson[]): Promise<void> {
    const groups = new Map<string, CleanupItemJson[]>();
    const given: [CleanupItemJson, Ended][] = [];
    for (const item of items) {
      const end = this.#obstacle(item);
      if (end !== undefined) {
        given.push([item, end]);
        continue;
      }
      const { cloud, account, action } = item;
      const key = JSON.stringify([cloud, account, action]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    await this.#end(given);
    await mapConcurrent(groups.values(), async (group) => {
      for (let at = 0; at < group.length; at += BATCH) {
        if (this.#stopReason() !== undefined) return;
        await this.#batch(group.slice(at, at + BATCH));
      }
    }, { limit: ACCOUNTS, signal: this.#options.signal });
  }

  /** Why a step is not begun, if it is not. */
  #obstacle(item: CleanupItemJson): Ended | undefined {
    const verdict = this.#verdicts.get(item.position);
    if (verdict !== undefined) return { state: "refused", reason: verdict };
    const reason = this.#missing(item) ?? this.#circleFault(item);
    return reason === undefined ? undefined : { state: "skipped", reason };
  }

  /** What is still there that has to go before. */
  #missing({ needs }: CleanupItemJson): string | undefined {
    const at = needs.find((at) => !isDone(this.#ended.get(at)?.state));
    if (at === undefined) return;
    const item = this.#items.get(at);
    return item === undefined
      ? "what hangs on it is still there"
      : `${shown(item)} hangs on it and is still there`;
  }

  #circleFault({ circle, action }: CleanupItemJson): string | undefined {
    if (circle === undefined) return;
    const members = this.#circles.get(circle) ?? [];
    if (action === "delete") {
      const held = members.find((each) =>
        each.action === "detach" &&
        !isDone(this.#ended.get(each.position)?.state)
      );
      return held && `${shown(held)} of its circle is not detached`;
    }
    if (!this.#circleFaults.has(circle)) {
      const inside = new Set(members.map(({ position }) => position));
      const fault = members.find((each) =>
        !this.#ended.has(each.position) &&
        (this.#verdicts.has(each.position) ||
          each.needs.some((at) =>
            !inside.has(at) && !isDone(this.#ended.get(at)?.state)
          ))
      );
      this.#circleFaults.set(
        circle,
        fault && `${shown(fault)} of its circle cannot be deleted`,
      );
    }
    return this.#circleFaults.get(circle);
  }

  async #batch(items: readonly CleanupItemJson[]): Promise<void> {
    const { graph, isDryRun, plan } = this.#options;
    const [any] = items;
    if (any === undefined) return;
    const { account, action, cloud } = any;
    const isAble = await this.#untilAble(action, { cloud, account });
    if (this.#isLookOld()) await this.#look();
    const nodes = await readPlannedNodes(
      graph.index,
      items.map(({ node }) => node),
      plan.sequence,
    );
    // Nothing is asked by what does not count any more.
    if (this.#stopReason() !== undefined) return;
    if (this.#isLookOld()) return await this.#batch(items);
    const given: [CleanupItemJson, Ended][] = [];
    const resources: JsonObject[] = [];
    const asked: CleanupItemJson[] = [];
    for (const item of items) {
      const obstacle = this.#obstacle(item);
      if (obstacle !== undefined) {
        given.push([item, obstacle]);
        continue;
      }
      const node = nodes.get(item.node);
      if (node === undefined) {
        given.push([item, { state: "gone" }]);
        continue;
      }
      const end = this.#endOfNode(item, node);
      if (end !== undefined) {
        given.push([item, end]);
        continue;
      }
      const { kind, id, region, reported } = node;
      asked.push(item);
      resources.push({
        node: item.node,
        kind,
        id,
        region,
        reported: JSON.parse(reported) as JsonObject,
      });
    }
    await this.#end(given);
    if (asked.length === 0) return;
    const outcomes = isAble
      ? await this.#ask(any, resources)
      : `no worker can ${action} in account ${account} of ${cloud}`;
    await this.#end(
      asked.map((item) => [
        item,
        typeof outcomes === "string"
          ? { state: "failed", reason: outcomes }
          : endOf(outcomes.get(item.node), isDryRun),
      ]),
      true,
    );
  }

  /** What the graph says of a node by now, if that ends its step. */
  #endOfNode(
    { version }: CleanupItemJson,
    node: NonNullable<
      ReturnType<Awaited<ReturnType<typeof readPlannedNodes>>["get"]>
    >,
  ): Ended | undefined {
    if (node.deletedBy !== null) return { state: "gone" };
    if (!node.isMarked) {
      return { state: "refused", reason: "it is not marked any more" };
    }
    if (node.isProtected) {
      return { state: "refused", reason: "it is protected" };
    }
    if (node.version === version && node.changed.length === 0) return;
    if (node.changed.length > 0) {
      return {
        state: "changed",
        reason: `since it was planned it changed in ${node.changed.join(", ")}`,
      };
    }
    if (node.isKnown) return;
    return {
      state: "changed",
      reason: "it changed since it was planned, and its history is pruned",
    };
  }

  /** Gives a task to a worker; a text says why nobody did it. */
  async #ask(
    { cloud, account, action }: CleanupItemJson,
    resources: readonly JsonObject[],
  ): Promise<ReadonlyMap<string, DeleteOutcome> | string> {
    const { clock, tasks, isDryRun, signal } = this.#options;
    const attrs = { cloud, account };
    try {
      const { id, result } = await tasks.submit(action, attrs, {
        resources,
        dry_run: isDryRun,
      }, { timeoutMs: TASK_TIMEOUT_MS });
      // What waits for a worker is not begun: nobody must begin it later.
      const takeBack = () => {
        const reason = this.#stopReason() ??
          (signal.aborted ? "core is stopping" : undefined);
        if (reason === undefined) return;
        const task = tasks.list().find((each) => each.id === id);
        if (task === undefined || task.owner !== undefined) return;
        tasks.cancel(id, reason).catch(() => {});
      };
      using _watch = clock.every(1_000, takeBack);
      signal.addEventListener("abort", takeBack, { once: true });
      try {
        return outcomesOf(await orAborted(result, signal));
      } finally {
        signal.removeEventListener("abort", takeBack);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isSkymapError(error, "task_failed")) throw error;
      return messageOf(error);
    }
  }

  async #untilAble(
    name: string,
    attrs: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { subscribers, clock, signal } = this.#options;
    const isAble = () =>
      subscribers.list().some(({ capabilities }) =>
        capabilities.some((each) => fitOf(each, { name, attrs }) !== undefined)
      );
    if (isAble()) return true;
    const deadline = clock.now() + WORKER_TIMEOUT_MS;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stop = () => resolve(false);
    signal.addEventListener("abort", stop, { once: true });
    using _look = clock.every(1_000, () => {
      if (isAble()) resolve(true);
      else if (
        clock.now() >= deadline || this.#stopReason() !== undefined
      ) resolve(false);
    });
    const found = await promise;
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
    return found;
  }

  /** Keeps what became of steps. */
  async #end(
    ends: readonly (readonly [CleanupItemJson, Ended])[],
    isAnswer = false,
  ): Promise<void> {
    if (ends.length === 0) return;
    const { isDryRun, clock, onProgress } = this.#options;
    for (const [{ position }, end] of ends) this.#ended.set(position, end);
    for (const [item, end] of ends) this.#tellFailure(item, end);
    if (!isDryRun && isAnswer) await this.#markCleaned(ends);
    const now = new Date(clock.now()).toISOString();
    const changes = ends.map(([{ position }, { state, reason }]): ItemChange =>
      isDryRun
        ? {
          position,
          checked: state === "done"
            ? "would_be_done"
            : reason === undefined
            ? state
            : `${state}: ${reason}`,
        }
        : {
          position,
          state,
          ended_at: now,
          ...(reason !== undefined && { reason }),
        }
    );
    await this.#saving.run(async () => {
      if (!isDryRun) {
        this.#plan = { ...this.#plan, progress: this.#progress() };
      }
      for (let at = 0; at < changes.length; at += PAGE) {
        const { store } = this.#options;
        await store.saveItems(this.#plan, changes.slice(at, at + PAGE));
      }
    });
    onProgress({ ...this.#plan, progress: this.#progress() });
  }

  #progress(): CleanupPlanJson["progress"] {
    return progressOf(
      [...this.#items.keys()].map((at) => ({
        state: this.#ended.get(at)?.state ?? "pending",
      })),
    );
  }

  #tellFailure(item: CleanupItemJson, { state, reason = "" }: Ended): void {
    if (isDone(state)) return;
    const { tell, isDryRun } = this.#options;
    this.#told++;
    if (this.#told === TOLD + 1) tell("warning", "Further ones are left out");
    if (this.#told > TOLD) return;
    const what = item.action === "detach" ? "Detached" : "Deleted";
    const not = isDryRun ? "Would not have" : "Not";
    tell(
      state === "failed" && !isDryRun ? "error" : "warning",
      `${not} ${what.toLowerCase()}: ${shown(item)} in account ` +
        `${item.account}: ${state}, ${reason}`,
    );
  }

  /**
   * Marks what is gone. Before the steps are saved: a core that is killed in
   * between finds the marks and does not ask again.
   */
  async #markCleaned(
    ends: readonly (readonly [CleanupItemJson, Ended])[],
  ): Promise<void> {
    const { graph, plan, clock, signal } = this.#options;
    const metadata = {
      cleaned: true,
      cleaned_at: new Date(clock.now()).toISOString(),
      cleaned_plan: plan.id,
    };
    const patches = ends.filter(([{ action }, { state }]) =>
      action === "delete" && isDone(state)
    ).map(([{ node }]) => ({ id: node, metadata }));
    if (patches.length > 0) await graph.updateNodes(patches, { signal });
  }

  async #finish(): Promise<CleanupPlanJson> {
    const { isDryRun, clock, plan, store } = this.#options;
    await this.#saving.idle();
    const progress = this.#progress();
    const now = new Date(clock.now()).toISOString();
    const stopped = this.#stopReason();
    if (isDryRun) {
      const { done, gone, pending } = progress;
      return {
        ...plan,
        dry_run: {
          at: now,
          by: plan.applied_by ?? plan.by,
          would_be_done: done + gone,
          problems: this.#items.size - done - gone - pending,
        },
      };
    }
    const { pending, done, gone } = progress;
    const left = this.#items.size - done - gone;
    const { error: _, ...rest } = this.#plan;
    const ended: CleanupPlanJson = {
      ...rest,
      progress,
      ended_at: now,
      state: left === 0 ? "applied" : "failed",
      ...(left > 0 && {
        error: `${left} of ${this.#items.size} steps were not done` +
          (pending > 0 && stopped !== undefined ? `: ${stopped}` : ""),
      }),
    };
    await store.save(ended);
    return ended;
  }
}

/**
 * Carries out a plan: each wave in batches, one batch an account at a time. What
 * is not done stops what it hangs on and nothing else. What a dry run finds is
 * kept with the steps, and nothing else of it.
 *
 * @returns the plan as it is then; of a dry run it is not stored yet.
 */
export async function applyPlan(
  options: ApplyPlanOptions,
): Promise<CleanupPlanJson> {
  return await new PlanRun(options).run();
}
