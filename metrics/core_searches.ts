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
  /** Runs an aggregating search. */
  readonly aggregate: (
    search: string,
    signal: AbortSignal,
  ) => Promise<Aggregation>;
  /** Kinds whose changes can change the answer; null when it may be any. */
  readonly kindsOf: (
    search: string,
    signal: AbortSignal,
  ) => Promise<readonly string[] | null>;
}

/** Searches over core's API. */
export function searchesOver(
  client: CoreClient,
  graph: string,
): GraphSearches {
  return {
    async aggregate(search, signal) {
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
