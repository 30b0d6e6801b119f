/**
 * What Prometheus sees of the metrics: samples of whole updates, swapped in at
 * once.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import type { MetricInForce } from "@skymap/lib/metrics";
import { type FamilySample, MetricBlock } from "@skymap/lib/pages";
import type { SampleSet } from "./sample.ts";

/** What a metric's answer rests on. */
export type Foundation = Pick<
  CoverageJson,
  "scopes" | "complete" | "stale" | "failed" | "oldest"
>;

/** What became of one metric in an update. */
export type MetricResult =
  | {
    readonly ok: true;
    readonly metric: MetricInForce;
    readonly set: SampleSet;
    readonly coverage: Foundation;
    /** When core was asked, in ms since 1970: the samples are no older. */
    readonly at: number;
    readonly durationMs: number;
  }
  | {
    readonly ok: false;
    readonly metric: MetricInForce;
    readonly message: string;
    readonly durationMs: number;
  };

/** The samples of a metric that were good the last time. */
interface Kept {
  readonly block: MetricBlock;
  readonly rows: number;
  readonly at: number;
  readonly durationMs: number;
  readonly coverage: Foundation;
}

/** What is known of one metric of one graph. */
interface MetricState {
  readonly metric: MetricInForce;
  readonly graph: string;
  readonly kept: Kept | undefined;
  readonly failures: number;
  /** Whether the last try worked; undefined when there was none. */
  readonly isUp: boolean | undefined;
}

/** What an update leaves behind. */
export interface Update {
  /** The graph that was measured. */
  readonly graph: string;
  /** Every metric there is; others are forgotten. */
  readonly metrics: readonly MetricInForce[];
  /** What became of those that were computed. */
  readonly results: readonly MetricResult[];
  /** How long it took, when all of them were. */
  readonly durationMs?: number;
}

/** The last update of all metrics. */
interface WholeUpdate {
  readonly at: number;
  readonly durationMs: number;
}

/**
 * Holds the samples of the last updates. A metric whose search fails keeps the
 * samples it had, and says so.
 */
export class Exporter {
  readonly #now: () => number;
  #states: ReadonlyMap<string, MetricState> = new Map();
  #whole: WholeUpdate | undefined;
  #blocks: readonly MetricBlock[] = [];

  /** Makes an exporter without samples; `now` gives the time in ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What there is to see now; a later update changes nothing in it. */
  get blocks(): readonly MetricBlock[] {
    return this.#blocks;
  }

  /** Seconds since all metrics were computed; undefined before. */
  get ageSeconds(): number | undefined {
    return this.#whole && (this.#now() - this.#whole.at) / 1_000;
  }

  /** Names of the metrics whose last try failed. */
  get failed(): readonly string[] {
    return [...this.#states.values()].flatMap(({ isUp, metric }) =>
      isUp === false ? [metric.name] : []
    );
  }

  /** Takes the results of an update; readers see all of them or none. */
  update({ graph, metrics, results, durationMs }: Update): void {
    const found = new Map(results.map((each) => [each.metric.name, each]));
    const states = metrics.map((metric) => {
      const known = this.#states.get(metric.name);
      // Samples of another search or graph are not what it is about now.
      const state = known?.graph === graph &&
          known.metric.search === metric.search
        ? { ...known, metric }
        : { metric, graph, kept: undefined, failures: 0, isUp: undefined };
      const result = found.get(metric.name);
      return result === undefined ? state : this.#next(state, result);
    });
    this.#states = new Map(states.map((each) => [each.metric.name, each]));
    // An update that nothing came of says nothing of how fresh the page is.
    if (durationMs !== undefined && results.some(({ ok }) => ok)) {
      this.#whole = { at: this.#now(), durationMs };
    }
    this.#blocks = [
      ...states.flatMap(({ kept }) => kept?.block ?? []),
      ...aboutMetrics(states),
      ...aboutUpdate(this.#whole),
    ];
  }

  #next(state: MetricState, result: MetricResult): MetricState {
    if (!result.ok) {
      return { ...state, failures: state.failures + 1, isUp: false };
    }
    const { set, at, durationMs, coverage } = result;
    const kept = {
      block: blockOf(set),
      rows: set.rows,
      at,
      durationMs,
      coverage,
    };
    return { ...state, kept, isUp: true };
  }
}

function blockOf({ metric, samples }: SampleSet): MetricBlock {
  return new MetricBlock({
    name: `skymap_${metric.name}`,
    help: metric.help,
    type: metric.type ?? "gauge",
    samples,
  });
}

/** A series that tells something of each metric. */
interface AboutFamily {
  readonly name: string;
  readonly help: string;
  readonly type?: "counter";
  /** Its value, or values by a further label; undefined when there is none. */
  readonly of: (
    state: MetricState,
  ) => number | undefined | Readonly<Record<string, number>>;
}

const ABOUT: readonly AboutFamily[] = [
  {
    name: "skymap_metric_up",
    help: "Whether the last try to compute the metric worked",
    of: ({ isUp }) => isUp === undefined ? undefined : Number(isUp),
  },
  {
    name: "skymap_metric_failures_total",
    help: "How often the metric could not be computed",
    type: "counter",
    of: ({ failures }) => failures,
  },
  {
    name: "skymap_metric_updated_timestamp_seconds",
    help: "When the metric was last computed",
    of: ({ kept }) => kept && kept.at / 1_000,
  },
  {
    name: "skymap_metric_duration_seconds",
    help: "How long it took to compute the metric",
    of: ({ kept }) => kept && kept.durationMs / 1_000,
  },
  {
    name: "skymap_metric_rows",
    help: "Rows that the metric's search gave",
    of: ({ kept }) => kept?.rows,
  },
  {
    name: "skymap_metric_series_limit",
    help: "How many series the metric may have",
    of: ({ metric }) => metric.seriesLimit,
  },
  {
    name: "skymap_metric_scopes",
    help: "Scopes that the metric rests on, by how complete they are; " +
      "what is not complete is as old as its last success",
    of: ({ kept }) =>
      kept && {
        complete: kept.coverage.complete,
        stale: kept.coverage.stale - kept.coverage.failed,
        failed: kept.coverage.failed,
      },
  },
  {
    name: "skymap_metric_oldest_timestamp_seconds",
    help: "Oldest success of a scope that the metric rests on",
    of: ({ kept }) =>
      kept?.coverage.oldest === undefined
        ? undefined
        : Date.parse(kept.coverage.oldest) / 1_000,
  },
];

function aboutMetrics(states: readonly MetricState[]): readonly MetricBlock[] {
  return ABOUT.map(({ name, help, type, of }) =>
    new MetricBlock({
      name,
      help,
      type: type ?? "gauge",
      samples: states.flatMap((state): readonly FamilySample[] => {
        const metric = state.metric.name;
        const value = of(state);
        if (value === undefined) return [];
        if (typeof value === "number") return [{ labels: { metric }, value }];
        return Object.entries(value).map(([state, value]) => ({
          labels: { metric, state },
          value,
        }));
      }),
    })
  );
}

function aboutUpdate(whole: WholeUpdate | undefined): readonly MetricBlock[] {
  if (whole === undefined) return [];
  const gauge = (name: string, help: string, value: number) =>
    new MetricBlock({
      name,
      help,
      type: "gauge",
      samples: [{ labels: {}, value }],
    });
  return [
    gauge(
      "skymap_metrics_last_update_timestamp_seconds",
      "When all metrics were last computed",
      whole.at / 1_000,
    ),
    gauge(
      "skymap_metrics_last_update_duration_seconds",
      "How long it took to compute all metrics",
      whole.durationMs / 1_000,
    ),
  ];
}
