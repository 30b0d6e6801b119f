/**
 * Cleanup plans: makes, keeps and applies them.
 *
 * @module
 */

import type {
  CleanupApplyJson,
  CleanupBlockedJson,
  CleanupItemJson,
  CleanupPlanJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { formatDuration } from "@skymap/lib/duration";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { logger } from "@skymap/lib/log";
import type { CleanupConfig } from "../config/cleanup_section.ts";
import type { Clock } from "../events/clock.ts";
import { Listeners } from "../events/listeners.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import type { Graph } from "../graph/mod.ts";
import type { LiveCount } from "../index/marked_nodes.ts";
import type { Searcher } from "../search/searcher.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import { applyPlan, type TellApply } from "./apply_plan.ts";
import { crossedLimits } from "./limits.ts";
import { isResource, type MadePlan, makePlan } from "./make_plan.ts";
import { planHash } from "./plan_hash.ts";
import { blockedJson, itemJson, planJson, plannedItem } from "./plan_json.ts";
import { PlanStore } from "./plan_store.ts";
import { maxAgeMs, readRaised, withRaised } from "./raise_limits.ts";

/** What {@linkcode Cleanup.open} takes. */
export interface CleanupOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** A graph by its name; throws `graph_unknown`. */
  readonly graph: (name: string) => {
    readonly graph: Pick<Graph, "name" | "index" | "model" | "updateNodes">;
    readonly searcher: Pick<Searcher, "list">;
  };
  /** What gives work to workers. */
  readonly tasks: Pick<TaskQueue, "submit" | "cancel" | "list">;
  /** Who can do it. */
  readonly subscribers: Pick<Subscribers, "list">;
  /** What is configured, as of now. */
  readonly config: () => CleanupConfig;
  /** Makes ids of plans. Default: random ones. */
  readonly newId?: () => string;
  /** Sees what is begun and refused. Default: nobody does. */
  readonly witness?: CleanupWitness;
}

/** Who sees what is begun and refused. */
export interface CleanupWitness {
  /** A plan was made and kept. */
  planned(): void;
  /** An apply was refused by settings, each named once. */
  refused(belts: readonly string[]): void;
  /** An apply begins that is no dry run; the plan is as it was before. */
  begun(plan: CleanupPlanJson): void;
}

/** What stands against an apply. */
interface ApplyFault {
  /** The setting that says so. */
  readonly belt: string;
  /** The same as a sentence without its end. */
  readonly message: string;
}

/** How a plan is made. */
export interface PlanOptions {
  /** Who makes it. */
  readonly by: string;
  /** The run that it is made in. */
  readonly run?: string;
  /** Plans only what matches. Default: all that is marked. */
  readonly search?: string;
  /** Gives it up; then nothing is kept. */
  readonly signal: AbortSignal;
}

/** How a plan is applied. */
export interface ApplyOptions extends CleanupApplyJson {
  /** Who applies it. */
  readonly by: string;
  /** Told how it goes. Default: nobody is. */
  readonly tell?: TellApply;
}

/** A plan that is being applied. */
export interface StartedApply {
  /** As it is at the begin. */
  readonly plan: CleanupPlanJson;
  /** What whoever applies it has to know first. */
  readonly notes: readonly string[];
  /** The plan when it has ended. */
  readonly ended: Promise<CleanupPlanJson>;
}

interface Running {
  readonly id: string;
  plan: CleanupPlanJson;
  stopReason: string | undefined;
  ended: Promise<CleanupPlanJson>;
}

/** Marked nodes that a search may narrow a plan to. */
const MAX_NARROWED = 200_000;

/** Letters of an id that find a plan: another plan must not be applied. */
const SHORTEST_ID = 4;

/** Clocks that go back by so much were set. */
const CLOCK_MS = 60_000;

/** Pause between two looks for plans that are too old. */
const PRUNE_MS = 6 * 3_600_000;

const INTERRUPTED = "core ended while it was applied; apply it again, and it " +
  "goes on where it was";

const log = logger("core/cleanup");

/** What is there, with what a plan has deleted of it already. */
function withDone(
  live: readonly LiveCount[],
  items: readonly CleanupItemJson[],
): readonly LiveCount[] {
  const done = items.filter(({ action, state }) =>
    action === "delete" && (state === "done" || state === "gone")
  ).map(({ cloud, account, kind }) => ({ cloud, account, kind, count: 1 }));
  return [...live, ...done];
}

/** Cleanup plans. One of a graph is applied at a time. */
export class Cleanup implements AsyncDisposable {
  readonly #options: CleanupOptions;
  readonly #store: PlanStore;
  /** What is being applied, by graph. */
  readonly #running = new Map<string, Running>();
  /** Beginnings and cancellations, one at a time. */
  readonly #turns = new SerialQueue();
  readonly #listeners = new Listeners<CleanupPlanJson>();
  readonly #stop = new AbortController();
  readonly #beat: Disposable;
  #pruning: Promise<void> | undefined;

  private constructor(options: CleanupOptions) {
    this.#options = options;
    this.#store = new PlanStore(options.db);
    this.#beat = options.clock.every(PRUNE_MS, () => {
      this.#pruning ??= this.#prune().catch((error) =>
        log.warn("Cannot prune cleanup plans: {reason}", {
          reason: messageOf(error),
        })
      ).finally(() => this.#pruning = undefined);
    });
  }

  /** Takes up the plans that an earlier core left. */
  static async open(options: CleanupOptions): Promise<Cleanup> {
    const cleanup = new Cleanup(options);
    try {
      for (const plan of await cleanup.#store.list({ state: "applying" })) {
        await cleanup.#store.save({
          ...plan,
          state: "failed",
          error: INTERRUPTED,
        });
      }
      await cleanup.#prune();
      return cleanup;
    } catch (error) {
      await cleanup[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #prune(): Promise<void> {
    await this.#store.prune(this.#options.clock.now());
  }

  /** What is configured, as of now. */
  get config(): CleanupConfig {
    return this.#options.config();
  }

  /** Makes a plan of what is marked in a graph, and keeps it. */
  async plan(name: string, options: PlanOptions): Promise<CleanupPlanJson> {
    const { by, run, search, signal } = options;
    const { clock, newId = randomId } = this.#options;
    const { graph, searcher } = this.#options.graph(name);
    const config = this.config;
    const only = search === undefined
      ? undefined
      : await this.#matches(searcher, search, signal);
    const made = await makePlan(graph, {
      config,
      nowMs: clock.now(),
      ...(only !== undefined && { only }),
    });
    signal.throwIfAborted();
    const { enabled, dry_run, ...belts } = config;
    const plan = planJson(made, {
      id: newId(),
      graph: graph.name,
      nowMs: clock.now(),
      by,
      ...(run !== undefined && { run }),
      ...(search !== undefined && { search }),
      belts: { enabled, dry_run, ...belts },
      crossed: this.#crossed(graph, made, made.live, config),
    });
    const same = run === undefined ? undefined : await this.#same(plan);
    if (same !== undefined) return same;
    await this.#store.add(
      plan,
      made.items.map(itemJson),
      made.blocked.map(blockedJson),
    );
    this.#options.witness?.planned();
    return plan;
  }

  async #matches(
    searcher: Pick<Searcher, "list">,
    search: string,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { id } of searcher.list(search, { signal })) {
      ids.push(id);
      if (ids.length > MAX_NARROWED) {
        throw new SkymapError(
          "query_too_large",
          `Cannot plan what matches: it is more than ${MAX_NARROWED} nodes, ` +
            "wanted a search of marked ones, as /desired.clean = true",
        );
      }
    }
    return ids;
  }

  /**
   * The newest plan of a graph, if a run made it, nobody has touched it and it is
   * the same: an hourly run shall not leave the same plan each hour.
   */
  async #same(plan: CleanupPlanJson): Promise<CleanupPlanJson | undefined> {
    const [last] = await this.#store.list({ graph: plan.graph, limit: 1 });
    const isSame = last?.state === "planned" && last.run !== undefined &&
      last.search === undefined && last.hash === plan.hash &&
      last.blocked === plan.blocked && plan.run !== undefined;
    if (!isSame) return;
    const { checked_at, run, sequence, crossed, reasons, belts } = plan;
    const { unseen: _, ...known } = last;
    const again = {
      ...known,
      ...(plan.unseen !== undefined && { unseen: plan.unseen }),
      checked_at,
      run: run ?? "",
      sequence,
      crossed,
      reasons,
      belts,
    };
    await this.#store.save(again);
    return again;
  }

  #crossed(
    { model }: Pick<Graph, "model">,
    { items }: Pick<MadePlan, "items">,
    live: readonly LiveCount[],
    limits: CleanupConfig,
  ) {
    return crossedLimits(
      items,
      live,
      limits,
      (kind) => isResource(model, kind),
    );
  }

  /** A plan as it is shown: how far it is, and whether it is too old. */
  #shown(plan: CleanupPlanJson): CleanupPlanJson {
    const running = this.#running.get(plan.graph);
    if (running?.id === plan.id) return running.plan;
    const isOld = this.#ageMs(plan) > maxAgeMs(this.config);
    return plan.state === "planned" && isOld
      ? { ...plan, state: "expired" }
      : plan;
  }

  #ageMs({ checked_at }: CleanupPlanJson): number {
    return this.#options.clock.now() - Date.parse(checked_at);
  }

  /** Plans, the newest first. */
  async list(graph?: string): Promise<readonly CleanupPlanJson[]> {
    const plans = await this.#store.list({
      ...(graph !== undefined && { graph }),
    });
    return plans.map((plan) => this.#shown(plan));
  }

  /**
   * A plan by its id, or by how that begins.
   *
   * @throws {SkymapError} `plan_unknown`
   */
  async get(id: string): Promise<CleanupPlanJson> {
    const plan = await this.#find(id);
    return this.#shown(plan);
  }

  async #find(id: string): Promise<CleanupPlanJson> {
    const ids = id.length < SHORTEST_ID ? [] : await this.#store.find(id);
    const known = ids.includes(id) ? [id] : ids;
    const plan = known.length === 1
      ? await this.#store.load(known[0] ?? "")
      : undefined;
    if (plan !== undefined) return plan;
    throw new SkymapError(
      "plan_unknown",
      known.length > 1
        ? `Cannot find plan "${id}": several begin so, wanted more of its id`
        : id.length < SHORTEST_ID
        ? `Cannot find plan "${id}": that is too short, wanted at least ` +
          `${SHORTEST_ID} letters of its id`
        : `Cannot find plan "${id}": there is none of that id, ` +
          '"cleanup list" lists them',
    );
  }

  /** The steps of a plan, in their order. */
  async *items(id: string): AsyncGenerator<CleanupItemJson> {
    const plan = await this.#find(id);
    yield* this.#store.items(plan.id);
  }

  /** What is marked and stays, each with the reason. */
  async *blocked(id: string): AsyncGenerator<CleanupBlockedJson> {
    const plan = await this.#find(id);
    yield* this.#store.blocked(plan.id);
  }

  /** Tells of each plan that moves on, until it is disposed of. */
  onChange(callback: (plan: CleanupPlanJson) => void): Disposable {
    return this.#listeners.add(callback);
  }

  /**
   * Begins to apply a plan; with `ended` it is over. What was done before is not
   * done again.
   *
   * @throws {SkymapError} `cleanup_refused`, `conflict` or `plan_unknown`
   */
  apply(id: string, options: ApplyOptions): Promise<StartedApply> {
    return this.#turns.run(() => this.#begin(id, options));
  }

  async #begin(id: string, options: ApplyOptions): Promise<StartedApply> {
    const plan = await this.#find(id);
    const other = this.#running.get(plan.graph);
    if (other !== undefined) {
      throw new SkymapError(
        "conflict",
        other?.id === plan.id
          ? `Cannot apply plan "${plan.id}": it is being applied`
          : `Cannot apply plan "${plan.id}": another plan of graph ` +
            `"${plan.graph}" is being applied`,
      );
    }
    return await this.#start(plan, options);
  }

  async #start(
    stored: CleanupPlanJson,
    options: ApplyOptions,
  ): Promise<StartedApply> {
    const { by, raise = {}, tell = () => {} } = options;
    const { clock, tasks, subscribers } = this.#options;
    const raised = readRaised(raise);
    const config = this.config;
    const isDryRun = options.dry_run ?? config.dry_run;
    const limits = withRaised(config, raised);
    const { graph } = this.#options.graph(stored.graph);
    const items = await Array.fromAsync(this.#store.items(stored.id));
    const open = items.filter(({ state }) =>
      state !== "done" && state !== "gone"
    );
    this.#checkWhole(stored, items, open);
    const look = (config: CleanupConfig, steps: readonly CleanupItemJson[]) =>
      makePlan(graph, {
        config: withRaised(config, raised),
        nowMs: clock.now(),
        only: [...new Set(steps.map(({ node }) => node))],
      });
    const present = await look(config, open);
    const faults = this.#faults(stored, {
      config: limits,
      isDryRun,
      crossed: this.#crossed(
        graph,
        { items: items.map(plannedItem) as MadePlan["items"] },
        withDone(present.live, items),
        limits,
      ).map(({ limit, message }) => ({ belt: limit, message })),
      present,
    });
    const reasons = faults.map(({ message }) => message);
    if (!isDryRun && faults.length > 0) {
      const belts = new Set(faults.map(({ belt }) => belt));
      this.#options.witness?.refused([...belts]);
      throw new SkymapError(
        "cleanup_refused",
        `Cannot apply plan "${stored.id}": ${reasons.join("; ")}`,
        { details: { faults: reasons } },
      );
    }
    const now = new Date(clock.now()).toISOString();
    const plan: CleanupPlanJson = {
      ...stored,
      applied_by: by,
      ...(!isDryRun && {
        state: "applying",
        started_at: stored.started_at ?? now,
        raised: [
          ...stored.raised,
          ...Object.entries(raised).map(([limit, value]) => ({
            limit,
            value,
            by,
            at: now,
          })),
        ],
      }),
    };
    if (!isDryRun) {
      await this.#store.save(plan);
      this.#options.witness?.begun(plan);
    }
    const running: Running = {
      id: plan.id,
      plan,
      stopReason: undefined,
      ended: Promise.resolve(plan),
    };
    this.#running.set(plan.graph, running);
    running.ended = applyPlan({
      plan,
      items,
      present,
      presentConfig: config,
      look,
      graph,
      store: this.#store,
      tasks,
      subscribers,
      clock,
      config: () => this.config,
      isDryRun,
      stopReason: () => running.stopReason,
      onProgress: (next) => {
        running.plan = next;
        this.#listeners.tell(next);
      },
      tell,
      signal: this.#stop.signal,
    }).then(
      (ended) => this.#ended(running, ended, isDryRun),
      (error) => this.#broken(running, error, isDryRun ? stored : undefined),
    );
    running.ended.catch(() => {});
    return {
      plan,
      notes: isDryRun
        ? [
          "DRY RUN: everything is looked at, and NOTHING is deleted" +
          (options.dry_run === true
            ? ""
            : ", for core.cleanup.dry_run is true"),
          ...reasons.map((reason) => `An apply would be refused: ${reason}`),
        ]
        : [],
      ended: running.ended,
    };
  }

  /** Refuses what cannot be applied, whatever anybody raises. */
  #checkWhole(
    { id, graph, hash, state, error, deletions }: CleanupPlanJson,
    items: readonly CleanupItemJson[],
    open: readonly CleanupItemJson[],
  ): void {
    const fault = state === "refused"
      ? error ?? "it was refused"
      : planHash(graph, items.map(plannedItem)) !== hash
      ? "its steps are not those that were planned: their hash differs"
      : deletions === 0
      ? "there is nothing in it to delete"
      : open.length === 0
      ? "all of it is done"
      : undefined;
    if (fault === undefined) return;
    throw new SkymapError(
      "cleanup_refused",
      `Cannot apply plan "${id}": ${fault}`,
      { details: { faults: [fault] } },
    );
  }

  /** What stands against an apply. */
  #faults(
    plan: CleanupPlanJson,
    { config, crossed, isDryRun, present }: {
      readonly config: CleanupConfig;
      readonly isDryRun: boolean;
      readonly crossed: readonly ApplyFault[];
      readonly present: MadePlan;
    },
  ): readonly ApplyFault[] {
    const fault = (belt: string, message: string): ApplyFault => ({
      belt,
      message,
    });
    const ageMs = this.#ageMs(plan);
    const belts = present.blocked.filter(({ reason }) => reason === "belt");
    const [first] = belts;
    return [
      ...(config.enabled ? [] : [
        fault("enabled", "cleanups are off, wanted core.cleanup.enabled: true"),
      ]),
      ...(config.dry_run && !isDryRun
        ? [
          fault(
            "dry_run",
            "every apply is a dry run, wanted core.cleanup.dry_run: false",
          ),
        ]
        : []),
      ...(ageMs >= -CLOCK_MS ? [] : [
        fault(
          "max_age",
          `it was made ${formatDuration(-ageMs)} after now, by the clock of ` +
            "this host; wanted a new plan",
        ),
      ]),
      ...(ageMs <= maxAgeMs(config) ? [] : [
        fault(
          "max_age",
          `it is ${formatDuration(ageMs)} old, max_age is ${config.max_age}`,
        ),
      ]),
      ...crossed,
      ...(first === undefined ? [] : [
        fault(
          "protection",
          `${first.node.kind} ${first.node.id} must not be deleted by now: ` +
            first.message +
            (belts.length > 1 ? `, and ${belts.length - 1} more` : "") +
            "; wanted a new plan",
        ),
      ]),
    ];
  }

  async #ended(
    running: Running,
    ended: CleanupPlanJson,
    isDryRun: boolean,
  ): Promise<CleanupPlanJson> {
    try {
      if (isDryRun) await this.#store.save(ended);
    } finally {
      this.#running.delete(ended.graph);
    }
    running.plan = ended;
    this.#listeners.tell(ended);
    return ended;
  }

  /** It was cut: by core's end, or by what cannot be stored or read. */
  async #broken(
    running: Running,
    error: unknown,
    dry: CleanupPlanJson | undefined,
  ): Promise<never> {
    this.#running.delete(running.plan.graph);
    // The next core finds it as it is.
    if (this.#stop.signal.aborted || dry !== undefined) throw error;
    const failed: CleanupPlanJson = {
      ...running.plan,
      state: "failed",
      error: messageOf(error),
    };
    await this.#store.save(failed).catch(() => {});
    this.#listeners.tell(failed);
    throw error;
  }

  /**
   * Begins no further step of a plan that is applied; one that is not cannot be
   * applied any more. What was begun is brought to its end.
   *
   * @throws {SkymapError} `plan_unknown` or `conflict`
   */
  cancel(id: string, by: string): Promise<CleanupPlanJson> {
    return this.#turns.run(() => this.#cancel(id, by));
  }

  async #cancel(id: string, by: string): Promise<CleanupPlanJson> {
    const plan = await this.#find(id);
    const running = this.#running.get(plan.graph);
    const error = `${by} cancelled it`;
    if (running?.id === plan.id) {
      running.stopReason ??= error;
      return { ...running.plan, error: running.stopReason };
    }
    if (plan.state === "applied") {
      throw new SkymapError(
        "conflict",
        `Cannot cancel plan "${plan.id}": all of it is done`,
      );
    }
    const refused: CleanupPlanJson = { ...plan, state: "refused", error };
    await this.#store.save(refused);
    return refused;
  }

  /** Gives up what is being applied; the next core says so. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#beat[Symbol.dispose]();
    this.#stop.abort(
      new SkymapError("unavailable", "Cannot go on: core is stopping"),
    );
    await this.#pruning;
    await Promise.allSettled(
      [...this.#running.values()].map(({ ended }) => ended),
    );
  }
}
