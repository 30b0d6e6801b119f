/**
 * A graph as the HTTP API uses it: merges and reads of the record, searches of
 * the index.
 *
 * @module
 */

import type { MergeReport, SnapshotJson } from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import type { Graph, MergeOptions, Snapshot } from "./graph/mod.ts";
import type { Texts } from "./cli/core_services.ts";
import type { CoreMetrics, CountedForm, GraphService } from "./http/mod.ts";
import type { HistorySearch } from "./search/history_search.ts";
import type { PointsInTime } from "./search/point_in_time.ts";
import type { PropertySearch } from "./search/property_search.ts";
import type { Searcher } from "./search/searcher.ts";
import type { TimeSeries } from "./timeseries/time_series.ts";
import {
  downsamplingOf,
  type TimeSeriesConfig,
} from "./config/timeseries_section.ts";
import type { TaggedGraph, Tagging } from "./tagging/tagging.ts";
import type { LogEntry } from "./workflow/run.ts";

/** What a graph is served with. */
export interface GraphServiceOptions {
  /** The graph. */
  readonly graph: Graph;
  /** What answers its searches. */
  readonly searcher: Searcher;
  /** What answers searches of its history. */
  readonly history: HistorySearch;
  /** What looks up properties. */
  readonly properties: PropertySearch;
  /** What finds its states. */
  readonly points: PointsInTime;
  /** Values of searches over time. */
  readonly timeSeries: TimeSeries;
  /** What is kept of these. */
  readonly timeSeriesConfig: () => TimeSeriesConfig;
  /** Counts merges and searches. */
  readonly metrics: CoreMetrics;
  /** Adds to the log of a run. */
  readonly log: (run: string, entries: readonly LogEntry[]) => Promise<void>;
  /** Changes tags. */
  readonly tagging: Pick<Tagging, "change" | "start">;
  /** Ends merges and searches when core stops. */
  readonly signal: AbortSignal;
}

/** Rejections and failures of a merge that go to the log of its run. */
const LOGGED = 20;

/** What the log of a run should hold of a merge. */
function logEntries(
  report: MergeReport,
  source: string,
  step: string,
): LogEntry[] {
  const entry = (message: string, details?: LogEntry["details"]): LogEntry => ({
    level: "warning",
    step,
    source,
    message,
    ...(details !== undefined && { details }),
  });
  const { rejected, rejections, scopes_failed, failed } = report;
  return [
    ...rejections.slice(0, LOGGED).map(({ line, code, message }) =>
      entry(`Refused line ${line}: ${message}`, { code })
    ),
    ...(rejected > LOGGED
      ? [entry(`Refused ${rejected} elements in all`)]
      : []),
    ...failed.slice(0, LOGGED).map((each) => {
      const { cloud, account, region, kind, code, message, permission } = each;
      const place = [cloud, account, region, kind].filter(Boolean).join("/");
      return entry(`Cannot list ${place}: ${code}: ${message}`, {
        code,
        ...(permission !== undefined && { permission }),
      });
    }),
    ...(scopes_failed > LOGGED
      ? [entry(`${scopes_failed} scopes failed in all`)]
      : []),
  ];
}

/** The error of a merge that core's own end cut, whatever it met first. */
function stoppedError(thrown: unknown, { reason }: AbortSignal): SkymapError {
  // What fails after a full disk follows from it.
  if (isSkymapError(reason)) return reason;
  if (isSkymapError(thrown)) return thrown;
  return new SkymapError(
    "unavailable",
    "Cannot finish merge: core is stopping; scopes that were closed before are merged",
    { cause: thrown },
  );
}

function snapshotJson(
  { label, sequence, at, createdAt }: Snapshot,
): SnapshotJson {
  return { label, sequence, at, created_at: createdAt };
}

/** Makes the service of one graph. */
export function createGraphService(
  {
    graph,
    searcher,
    history,
    properties,
    points,
    timeSeries,
    timeSeriesConfig,
    metrics,
    log,
    signal: stopped,
    tagging,
  }: GraphServiceOptions,
): GraphService {
  const until = <T extends { readonly signal: AbortSignal }>(
    request: T,
  ): T => ({
    ...request,
    signal: AbortSignal.any([request.signal, stopped]),
  });
  const timed = (form: CountedForm, texts: Texts) =>
    metrics.work.search(graph.name, form, texts);
  const tagged: TaggedGraph = {
    nodes: (ids) => graph.nodes(ids),
    model: graph.model,
    updateTags: (updates, signal) =>
      graph.updateTags(updates, until({ signal }).signal),
  };
  return {
    async merge(body, { run, step = "collect", source, signal }) {
      const entries: LogEntry[] = [];
      let issues = 0;
      const tell = async (more: readonly LogEntry[]) => {
        if (run !== undefined && more.length > 0) await log(run, more);
      };
      const startedAt = performance.now();
      try {
        const options: MergeOptions = {
          ...(run !== undefined && { run }),
          source,
          signal: AbortSignal.any([signal, stopped]),
          onMessage: (message) => {
            if (message.type !== "issue") return;
            if (++issues > LOGGED) return;
            const { level, message: text, details } = message;
            entries.push({
              level,
              step,
              source,
              message: text,
              ...(details !== undefined && { details }),
            });
          },
        };
        const report = await metrics.work.merge(
          graph.name,
          () => graph.merge(body, options),
        );
        if (issues > LOGGED) {
          entries.push({
            level: "warning",
            step,
            source,
            message: `${issues - LOGGED} further messages are left out`,
          });
        }
        entries.push(...logEntries(report, source, step));
        await tell(entries);
        return report;
      } catch (thrown) {
        const error = stopped.aborted ? stoppedError(thrown, stopped) : thrown;
        entries.push({
          level: "error",
          step,
          source,
          message: `The merge ended after ${
            formatDuration(performance.now() - startedAt)
          }: ${messageOf(error)}`,
          ...(isSkymapError(error) && { details: { code: error.code } }),
        });
        await tell(entries).catch(() => {});
        throw error;
      }
    },
    updateNodes: (patches, options) =>
      graph.updateNodes(patches, until(options)),
    patchNodes: (body, signal) => graph.patchNodes(body, until({ signal })),
    tag: (changes, { signal, isWaited = true }) =>
      isWaited
        ? tagging.change(tagged, changes, until({ signal }).signal)
        : tagging.start(tagged, changes),
    size: () => graph.size(),
    export: (signal) => graph.export(AbortSignal.any([signal, stopped])),
    nodes: (ids) => graph.nodes(ids),
    node: (id) => graph.node(id),
    ledger: () => graph.ledger(),
    kinds: () => graph.model.all(),
    updateModel: (update) => graph.updateModel(update),
    retire: (cloud, account) =>
      graph.retire({ cloud, ...(account !== undefined && { account }) }),
    pointInTime: (at, signal, nowMs) =>
      points.resolve(at, {
        ...until({ signal }),
        ...(nowMs !== undefined && { nowMs }),
      }),
    search: (form, { text, read = text, ...options }) =>
      timed(form, searcher.lines(read, form, until(options))),
    counts: ({ text, read = text, ...options }) =>
      metrics.work.count(
        graph.name,
        () => searcher.counts(read, until(options)),
      ),
    explain: ({ text, read = text, ...options }) =>
      searcher.explain(read, until(options)),
    searchKinds: ({ text, ...options }) => searcher.kinds(text, options),
    structure: (text) => searcher.structure(text) as unknown as Json,
    check: (read, { isHistory, ...options }) =>
      (isHistory ? history : searcher).check(read, options),
    expand: (text, options) => searcher.expand(text, options),
    attributes: ({ property, ...options }) =>
      properties.attributes(property, until(options)),
    values: ({ property, ...options }) =>
      properties.values(property, until(options)),
    completePath: ({ property, ...options }) =>
      properties.completePath(property, until(options)),
    history: (form, { text, read = text, ...options }) =>
      timed(
        "history",
        form === "list"
          ? history.changes(read, until(options))
          : history.aggregate(read, until(options)),
      ),
    historyCoverage: ({ text, read = text, ...options }) =>
      searcher.coverage(read, { ...until(options), isHistory: true }),
    timeline: ({ text, ...options }) =>
      timed("timeline", history.timeline(text, until(options))),
    snapshots: {
      list: async () => (await graph.snapshots.list()).map(snapshotJson),
      create: async (label, at, signal) => {
        const point = at === undefined
          ? undefined
          : await points.resolve(at, until({ signal }));
        return snapshotJson(await graph.snapshots.create(label, point));
      },
      remove: async (label) => {
        await graph.snapshots.remove(label);
      },
    },
    timeSeries: {
      snapshot: (name, search, options) =>
        timeSeries.snapshot(name, search, {
          ...until(options),
          limit: timeSeriesConfig().series_limit,
        }),
      get: (name, query, signal) =>
        timeSeries.get(name, query, until({ signal }).signal),
      list: () => timeSeries.list(),
      downsample: (name, signal) =>
        timeSeries.downsample({
          ...downsamplingOf(timeSeriesConfig()),
          ...until({ signal }),
          ...(name !== undefined && { name }),
        }),
      remove: (name) => timeSeries.remove(name),
    },
    coverage: ({ text, read = text, ...options }) =>
      searcher.coverage(read, until(options)),
  };
}
