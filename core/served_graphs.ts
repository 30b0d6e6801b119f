/**
 * Graphs with all that answers for them.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { GraphService } from "./cli/core_services.ts";
import type { TrialGraph } from "./config/metric_trial.ts";
import type { Graph } from "./graph/mod.ts";
import { createGraphService } from "./graph_service.ts";
import type { Graphs } from "./graphs.ts";
import type { CoreMetrics } from "./http/mod.ts";
import { IndexReader } from "./index/reader.ts";
import type { AppendLog } from "./own_steps.ts";
import type { WatchedGraph } from "./registry/answer_difference.ts";
import { HistorySearch } from "./search/history_search.ts";
import { PointsInTime } from "./search/point_in_time.ts";
import { PropertySearch } from "./search/property_search.ts";
import { Searcher } from "./search/searcher.ts";
import type { TemplateStore } from "./search/template_store.ts";
import type { TimeSeriesConfig } from "./config/timeseries_section.ts";
import { findMatches } from "./timeseries/find_matches.ts";
import { TimeSeries } from "./timeseries/time_series.ts";
import type { Tagging } from "./tagging/tagging.ts";

/** What graphs are served with. */
export interface ServedGraphsOptions {
  readonly graphs: Graphs;
  readonly templates: TemplateStore;
  readonly metrics: CoreMetrics;
  readonly log: AppendLog;
  /** What is kept of time series. */
  readonly timeSeriesConfig: () => TimeSeriesConfig;
  readonly tagging: Pick<Tagging, "change" | "start">;
  /** Ends what is asked of any graph. */
  readonly signal: AbortSignal;
  /** The present, in milliseconds. Default: the system's clock. */
  readonly nowMs?: () => number;
}

/** A graph, and what answers for it. */
export interface ServedGraph {
  readonly graph: Graph;
  readonly searcher: Searcher;
  readonly timeSeries: TimeSeries;
  readonly service: GraphService;
  readonly watched: WatchedGraph;
  readonly trial: TrialGraph;
}

interface Opened extends ServedGraph {
  readonly reader: IndexReader;
  readonly closing: AbortController;
}

/** Makes what answers for a graph when it is asked for first. */
export class ServedGraphs implements AsyncDisposable {
  readonly #options: ServedGraphsOptions;
  readonly #opened = new Map<Graph, Opened>();

  /** Takes graphs; none may be closed without its telling. */
  constructor(options: ServedGraphsOptions) {
    this.#options = options;
    options.graphs.onClose((graph) => this.#close(graph));
  }

  /**
   * A graph by its name.
   *
   * @throws {SkymapError} `graph_unknown`
   */
  get(name: string): ServedGraph {
    return this.#of(this.#options.graphs.get(name));
  }

  /** Every graph. */
  all(): readonly ServedGraph[] {
    return this.#options.graphs.all().map((graph) => this.#of(graph));
  }

  #of(graph: Graph): Opened {
    let opened = this.#opened.get(graph);
    if (opened === undefined) {
      opened = this.#open(graph);
      this.#opened.set(graph, opened);
    }
    return opened;
  }

  #open(graph: Graph): Opened {
    const {
      templates,
      metrics,
      log,
      timeSeriesConfig,
      signal,
      tagging,
      nowMs = Date.now,
    } = this.#options;
    const reader = new IndexReader(graph.index);
    const closing = new AbortController();
    const { model: registry, snapshots } = graph;
    const searcher = new Searcher({ reader, registry, templates, nowMs });
    const points = new PointsInTime({ reader, snapshots, nowMs });
    const timeSeries = new TimeSeries({
      session: graph.session,
      searcher,
      findMatches: (pattern, values) => findMatches(reader, pattern, values),
      snapshots,
      now: () => new Date(nowMs()),
      whileKept: (work) => graph.whileKept(work),
    });
    const service = createGraphService({
      graph,
      searcher,
      points,
      timeSeries,
      timeSeriesConfig,
      properties: new PropertySearch({ reader, registry, templates, nowMs }),
      history: new HistorySearch({
        reader,
        registry,
        templates,
        snapshots,
        nowMs,
      }),
      metrics,
      log,
      tagging,
      signal: AbortSignal.any([signal, closing.signal]),
    });
    const watched: WatchedGraph = {
      name: graph.name,
      position: async () => (await graph.index.position()).sequence,
      oldest: async () => (await points.oldest())?.sequence,
      searcher,
    };
    const trial: TrialGraph = {
      get hasKinds() {
        return registry.plugins().length > 0;
      },
      structure: (search) => searcher.structure(search),
      aggregate: (search, options) => searcher.aggregate(search, options),
      coverage: (search, options) => searcher.coverage(search, options),
    };
    return {
      graph,
      searcher,
      timeSeries,
      service,
      watched,
      trial,
      reader,
      closing,
    };
  }

  async #close(graph: Graph): Promise<void> {
    const opened = this.#opened.get(graph);
    if (opened === undefined) return;
    this.#opened.delete(graph);
    opened.closing.abort(
      new SkymapError(
        "graph_unknown",
        `Cannot go on with graph "${graph.name}": it was removed or replaced`,
      ),
    );
    await opened.reader[Symbol.asyncDispose]();
  }

  /** Ends the answers of all. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { reader } of this.#opened.values()) {
      await reader[Symbol.asyncDispose]();
    }
  }
}
