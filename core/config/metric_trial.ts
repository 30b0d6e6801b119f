/**
 * Trials of the document `skymap.metrics`: each search that is new is run once.
 *
 * @module
 */

import {
  hasReference,
  METRICS_SECTION,
  type MetricsSection,
} from "@skymap/lib/config";
import type { CoverageJson } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { isObject, type JsonObject } from "@skymap/lib/json";
import {
  labelValue,
  type MetricInForce,
  metricsInForce,
  SeriesCount,
} from "@skymap/lib/metrics";
import type { Query } from "../query/ast.ts";
import type { DocumentTrial, TrialResult } from "./document_rules.ts";
import { metricQueryProblem } from "./metric_search.ts";
import type { ConfigFault, ConfigPath } from "./schema_faults.ts";

/** What a trial asks of a graph. */
export interface TrialGraph {
  /** Whether it has kinds of any plugin: without them no search can be judged. */
  readonly hasKinds: boolean;
  /** The tree of a search, with its templates in place. */
  structure(search: string): Query;
  /** Rows of an `aggregate(…)`. */
  aggregate(
    search: string,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<JsonObject>;
  /** What a person should know of the answer. */
  coverage(
    search: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Pick<CoverageJson, "warnings">>;
}

/** What trials of metrics need. */
export interface MetricTrialOptions {
  /** A graph by its name; undefined where there is none yet. */
  readonly graph: (name: string) => TrialGraph | undefined;
  /** Milliseconds that all searches of a document may take. Default: 30 s. */
  readonly timeoutMs?: number;
}

/** Why what a reference stands for is not known here. */
const ELSEWHERE = "it refers to the environment of the exporter";

/** What came of trying one metric. */
interface Trial {
  readonly fault?: string;
  readonly note?: string;
}

/**
 * Makes what tries a document: it runs the searches that were not measured
 * before, and those of which something else is wanted now.
 */
export function metricTrial(
  { graph, timeoutMs = 30_000 }: MetricTrialOptions,
): DocumentTrial {
  return async (config, before, signal) => {
    const section = readSection(config);
    if (section === undefined) return untried(ELSEWHERE);
    const metrics = newMetrics(section, readSection(before));
    if (metrics.length === 0) return { faults: [], notes: [] };
    if (hasReference(section.graph)) return untried(ELSEWHERE);
    const found = graph(section.graph);
    if (found === undefined) {
      return untried(`there is no graph "${section.graph}" yet`);
    }
    const faults: ConfigFault[] = [];
    const notes: string[] = [];
    const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    for (const metric of metrics) {
      const path = pathOf(metric.name, config);
      const isNamed = path.includes(metric.name);
      const { fault, note } = await tryMetric(metric, found, ending)
        .catch((error): Trial => {
          signal.throwIfAborted();
          if (!ending.aborted) throw error;
          return {
            fault: `was not answered within ${timeoutMs / 1_000} s in which ` +
              "all are tried, wanted a search that is answered sooner",
          };
        });
      if (fault !== undefined) {
        const message = isNamed
          ? fault
          : `cannot be so: metric "${metric.name}" ${fault}`;
        faults.push({ path, message });
      }
      if (ending.aborted) break;
      if (note !== undefined && isNamed) {
        notes.push(`metric "${metric.name}" ${note}`);
      }
    }
    return { faults, notes };
  };
}

function untried(why: string): TrialResult {
  return { faults: [], notes: [`no search was tried: ${why}`] };
}

/** The section as it is written; undefined where references hide what it says. */
function readSection(document: JsonObject): MetricsSection | undefined {
  const { metrics = {} } = document;
  const { graph } = isObject(metrics) ? metrics : {};
  const isElsewhere = typeof graph === "string" && hasReference(graph);
  const read = METRICS_SECTION.safeParse(
    isObject(metrics) && isElsewhere ? { ...metrics, graph: "main" } : metrics,
  );
  if (!read.success) return undefined;
  return isElsewhere ? { ...read.data, graph } : read.data;
}

/** The metrics that were not measured so before. */
function newMetrics(
  section: MetricsSection,
  before: MetricsSection | undefined,
): readonly MetricInForce[] {
  const known = new Map(
    before === undefined || before.graph !== section.graph
      ? []
      : metricsInForce(before).map((each) => [each.name, each]),
  );
  return metricsInForce(section).filter(({ name, search, seriesLimit }) => {
    const was = known.get(name);
    return was?.search !== search || was.seriesLimit > seriesLimit;
  });
}

/** Where a document says what a metric is; the nearest place above it. */
function pathOf(name: string, config: JsonObject): ConfigPath {
  const { metrics: section } = config;
  const { metrics: entries } = isObject(section) ? section : {};
  const entry = isObject(entries) && Object.hasOwn(entries, name)
    ? entries[name]
    : undefined;
  if (isObject(entry)) {
    const key = ["search", "series_limit", "enabled"].find((each) =>
      Object.hasOwn(entry, each)
    );
    return ["metrics", "metrics", name, ...key === undefined ? [] : [key]];
  }
  const key = ["series_limit", "graph"].find((each) =>
    isObject(section) && Object.hasOwn(section, each)
  );
  return key === undefined ? ["metrics"] : ["metrics", key];
}

/** Runs the search of a metric. */
async function tryMetric(
  { search, seriesLimit }: MetricInForce,
  graph: TrialGraph,
  signal: AbortSignal,
): Promise<Trial> {
  if (hasReference(search)) {
    return {
      note: `was not tried: ${ELSEWHERE}`,
    };
  }
  try {
    const problem = metricQueryProblem(graph.structure(search));
    if (problem !== undefined) return { fault: problem };
    const series = new SeriesCount();
    let isEmpty = true;
    for await (const row of graph.aggregate(search, { signal })) {
      // Of what is not known there is no sample.
      if (!hasValue(row)) continue;
      isEmpty = false;
      series.add(labelsOf(row));
    }
    const tooMany = series.problem(seriesLimit);
    if (tooMany !== undefined) return { fault: tooMany };
    const { warnings } = await graph.coverage(search, { signal });
    const notes = [...isEmpty ? ["gives nothing now"] : [], ...warnings];
    return notes.length === 0 ? {} : { note: notes.join("; ") };
  } catch (error) {
    if (signal.aborted || !isSkymapError(error)) throw error;
    return graph.hasKinds
      ? { fault: `cannot be answered: ${error.message}` }
      : {
        note: `was not tried, as nothing was collected yet: ${error.message}`,
      };
  }
}

function hasValue({ group: _group, ...values }: JsonObject): boolean {
  return Object.values(values).some((value) => value !== null);
}

function labelsOf({ group }: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isObject(group) ? group : {}).map(([name, value]) => [
      name,
      labelValue(value),
    ]),
  );
}
