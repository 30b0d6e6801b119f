import type { GraphChangeJson } from "@skymap/lib/client";
import { type Clock, SYSTEM_CLOCK } from "@skymap/lib/clock";
import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { MetricInForce } from "@skymap/lib/metrics";
import { ChangeWords } from "./change_words.ts";
import type { GraphSearches } from "./core_searches.ts";
import type { Exporter, MetricResult } from "./exporter.ts";
import { inLanes } from "./in_lanes.ts";
import { LiveSchedule } from "./live_schedule.ts";
import type { MetricsConfig } from "./metrics_config.ts";
import type { OwnSeries } from "./own_series.ts";
import { updateMetrics, type UpdateSignals } from "./update.ts";

/** What an {@linkcode Updater} is made with. */
export interface UpdaterOptions {
  /** What is configured by now; undefined as long as that is not known. */
  readonly config: () => MetricsConfig | undefined;
  /** Searches over a graph. */
  readonly searches: (graph: string) => GraphSearches;
  /** Takes what is computed. */
  readonly exporter: Exporter;
  /** Counts. */
  readonly own: Pick<OwnSeries, "liveUpdate" | "missed">;
  /** The time. Default: the machine's. */
  readonly clock?: Clock;
  /** Stops. */
  readonly signal: AbortSignal;
}

/** What is known to have changed and was not looked at yet. */
interface Waiting {
  /** Kinds that changed. */
  readonly kinds: Set<string>;
  /** Any kind may have, and searches be about others than before. */
  isAny: boolean;
}

const log = logger("metrics");

/** Share of the time of an update that its searches get: the rest is to tell. */
const SEARCH_SHARE = 0.95;

/** Aborts when the time of an update is up. */
function deadlineOf({ timeoutSeconds }: MetricsConfig): AbortSignal {
  return AbortSignal.timeout(timeoutSeconds * 1_000 * SEARCH_SHARE);
}

/** Milliseconds from which on a search is too slow to be run at each change. */
function slowMs({ timeoutSeconds }: MetricsConfig): number {
  return Math.min(30_000, timeoutSeconds * 1_000 / 4);
}

/** Says what failed, the metrics that did so for the same reason together. */
function tellFailures(results: readonly MetricResult[]): void {
  const failures = results.filter((result) => !result.ok);
  const byReason = Map.groupBy(failures, ({ message }) => message);
  for (const [reason, found] of byReason) {
    log.warn("Cannot update {names}: {reason}", {
      names: found.map(({ metric }) => metric.name).join(", "),
      reason,
    });
  }
}

/**
 * Computes metrics: all of them when it is told to, and those that a change of
 * the graph concerns when it hears of one. One computation at a time.
 */
export class Updater implements Disposable {
  readonly #options: UpdaterOptions;
  readonly #words = new ChangeWords();
  readonly #schedule: LiveSchedule;
  /** Kinds that the search of a metric is about; null for any. */
  #kinds: ReadonlyMap<string, ReadonlySet<string> | null> = new Map();
  /** Searches that are not run at each change: all others would wait for them. */
  readonly #slow = new Set<string>();
  #waiting: Waiting | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Ends what is computed because of changes. */
  #takeOver = new AbortController();

  /** Computes nothing yet. */
  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#schedule = new LiveSchedule({
      clock: options.clock ?? SYSTEM_CLOCK,
      serve: () => this.#inTurn(() => this.#serve()),
    });
  }

  /**
   * Computes every metric; what is being computed because of a change is left to
   * it.
   *
   * @param yields Whether nobody waits for it, so that the next one takes it over.
   * @returns What failed, as `name: why`.
   * @throws {Error} If nothing worked; the reason of `stop`.
   */
  updateAll(
    config: MetricsConfig,
    stop: AbortSignal,
    { yields = false }: { readonly yields?: boolean } = {},
  ): Promise<readonly string[]> {
    const deadline = deadlineOf(config);
    this.#takeOver.abort();
    return this.#inTurn(async () => {
      this.#schedule.clear();
      this.#waiting = undefined;
      this.#takeOver = new AbortController();
      const results = await this.#computeAll(config, {
        deadline,
        stop: yields ? AbortSignal.any([stop, this.#takeOver.signal]) : stop,
      });
      // What it took over and did not come to is still to be done.
      if (results.length < config.metrics.length) this.reconsider();
      stop.throwIfAborted();
      const failures = results.flatMap((result) =>
        result.ok ? [] : [`${result.metric.name}: ${result.message}`]
      );
      if (failures.length > 0 && failures.length === results.length) {
        const reasons = results.flatMap((each) => each.ok ? [] : each.message);
        throw new Error(
          `Cannot update any metric: ${[...new Set(reasons)].join("; ")}`,
        );
      }
      return failures;
    });
  }

  /** Takes a word as known: what is computed next rests on it. */
  know(word: GraphChangeJson): void {
    this.#words.read(word);
  }

  /** Forgets a graph that is gone; what it held is not shown as if it was there. */
  forget(graph: string): void {
    this.#words.forget(graph);
    if (graph === this.#options.config()?.graph) this.reconsider();
  }

  /** Hears of a change; what it concerns is computed soon. */
  hear(word: GraphChangeJson): void {
    const news = this.#words.read(word);
    if (news === undefined) return;
    if (word.graph !== this.#options.config()?.graph) return;
    if (news.isGap) this.#options.own.missed();
    this.#wait((waiting) => {
      waiting.isAny ||= news.kinds === null;
      for (const kind of news.kinds ?? []) waiting.kinds.add(kind);
    });
  }

  /** Anything may be different from what is known: all is computed soon. */
  reconsider(): void {
    this.#wait((waiting) => waiting.isAny = true);
  }

  #wait(add: (waiting: Waiting) => void): void {
    if (this.#options.config()?.live !== true) return;
    this.#waiting ??= { kinds: new Set(), isAny: false };
    add(this.#waiting);
    this.#schedule.wake();
  }

  /** Computes what waits; gives the ms that it took. */
  async #serve(): Promise<number> {
    const waiting = this.#waiting;
    const config = this.#options.config();
    this.#waiting = undefined;
    if (waiting === undefined || config === undefined) return 0;
    const startedAt = performance.now();
    const signals = {
      deadline: deadlineOf(config),
      stop: AbortSignal.any([this.#options.signal, this.#takeOver.signal]),
    };
    const failed = new Set(this.#options.exporter.failed);
    const metrics = config.metrics.filter((metric) =>
      this.#isConcerned(metric, waiting, failed)
    );
    if (!waiting.isAny && metrics.length === 0) return 0;
    const results = waiting.isAny
      ? await this.#computeAll(config, signals)
      : await this.#compute(config, metrics, signals);
    this.#options.own.liveUpdate();
    // Told once, as long as they go on to fail.
    tellFailures(results.filter(({ metric }) => !failed.has(metric.name)));
    return performance.now() - startedAt;
  }

  /** Whether a metric is to be computed; what failed is tried again. */
  #isConcerned(
    { name, search }: MetricInForce,
    { kinds }: Waiting,
    failed: ReadonlySet<string>,
  ): boolean {
    if (kinds.size === 0 || this.#slow.has(search)) return false;
    const own = this.#kinds.get(search) ?? null;
    return failed.has(name) || own === null || !own.isDisjointFrom(kinds);
  }

  async #compute(
    config: MetricsConfig,
    metrics: readonly MetricInForce[],
    signals: UpdateSignals,
  ): Promise<readonly MetricResult[]> {
    const { searches, exporter } = this.#options;
    const startedAt = performance.now();
    const { graph } = config;
    // The slow ones last: nothing else is late because of them.
    const ordered = [false, true].flatMap((isSlow) =>
      metrics.filter(({ search }) => this.#slow.has(search) === isSlow)
    );
    const results = await updateMetrics(ordered, searches(graph), signals);
    for (const { ok, metric: { search }, durationMs } of results) {
      if (durationMs > slowMs(config)) this.#slow.add(search);
      else if (ok) this.#slow.delete(search);
    }
    const isWhole = results.length === config.metrics.length;
    exporter.update({
      graph,
      metrics: config.metrics,
      results,
      ...(isWhole && { durationMs: performance.now() - startedAt }),
    });
    return results;
  }

  async #computeAll(
    config: MetricsConfig,
    signals: UpdateSignals,
  ): Promise<readonly MetricResult[]> {
    // Before there is a search that may take all of the time.
    if (config.live) await this.#askKinds(config, signals);
    return await this.#compute(config, config.metrics, signals);
  }

  /** Asks what the searches are about; what nobody tells may be about any. */
  async #askKinds(
    { graph, metrics }: MetricsConfig,
    { deadline, stop }: UpdateSignals,
  ): Promise<void> {
    const signal = AbortSignal.any([deadline, stop]);
    const { kindsOf } = this.#options.searches(graph);
    const found = new Map<string, ReadonlySet<string> | null>();
    await inLanes(metrics, async ({ search }) => {
      if (signal.aborted) return;
      try {
        const kinds = await kindsOf(search, signal);
        found.set(search, kinds && new Set(kinds));
      } catch (error) {
        log.debug("Cannot tell what {search} is about: {reason}", {
          search,
          reason: messageOf(error),
        });
      }
    });
    this.#kinds = found;
  }

  /** One after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /** Hears of nothing any more. */
  [Symbol.dispose](): void {
    this.#schedule[Symbol.dispose]();
  }
}
