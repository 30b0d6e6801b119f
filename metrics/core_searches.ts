/**
 * What the exporter asks core.
 *
 * @module
 */

import {
  apiPath,
  type CoreClient,
  type CoverageJson,
  type SearchKindsJson,
  unwrap,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { MetricInForce } from "@skymap/lib/metrics";
import type { Foundation } from "./exporter.ts";

/** Answer to an aggregating search. */
export interface Aggregation {
  /** Its rows. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** What they rest on. */
  readonly coverage: Foundation;
}

/** Searches over one graph. */
export interface GraphSearches {
  /** Runs the search of a metric; one that gives far too many rows is stopped. */
  readonly aggregate: (
    metric: MetricInForce,
    signal: AbortSignal,
  ) => Promise<Aggregation>;
  /** Kinds whose changes can change the answer; null when it may be any. */
  readonly kindsOf: (
    search: string,
    signal: AbortSignal,
  ) => Promise<readonly string[] | null>;
}

/**
 * Rows that are read for each series that a metric may have: several may become
 * one series, or none.
 */
const ROWS_FOR_SERIES = 10;

/** Searches over core's API. */
export function searchesOver(
  client: CoreClient,
  graph: string,
): GraphSearches {
  return {
    async aggregate({ name, search, seriesLimit }, signal) {
      const most = seriesLimit * ROWS_FOR_SERIES;
      const rows: Record<string, unknown>[] = [];
      let coverage: CoverageJson | undefined;
      for await (
        const record of client.search(graph, "aggregate", search, { signal })
      ) {
        if ("type" in record && record.type === "coverage") {
          coverage = record as CoverageJson;
        } else {
          rows.push(record as Record<string, unknown>);
        }
        if (rows.length <= most) continue;
        throw new SkymapError(
          "query_invalid",
          `Cannot export metric "${name}": its search gives more than ${most} ` +
            `rows for at most ${seriesLimit} series; wanted fewer groups, or a ` +
            "higher series_limit",
        );
      }
      if (coverage === undefined) {
        throw new SkymapError(
          "core_unreachable",
          "Cannot read all of the answer: it was cut",
        );
      }
      return { rows, coverage };
    },
    async kindsOf(search, signal) {
      const { kinds } = unwrap(
        await client.call<SearchKindsJson>(
          apiPath`/graph/${graph}/search/kinds`,
          { method: "POST", body: search, signal },
        ),
      );
      return kinds;
    },
  };
}
