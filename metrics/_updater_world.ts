/**
 * What tests of {@linkcode Updater} work with.
 *
 * @module
 */

import type { GraphChangeJson } from "@skymap/lib/client";
import type { MetricInForce } from "@skymap/lib/metrics";
import { FakeClock, until } from "@skymap/lib/testing";
import type { Aggregation } from "./core_searches.ts";
import { Exporter } from "./exporter.ts";
import type { MetricsConfig } from "./metrics_config.ts";
import { Updater } from "./updater.ts";

function metric(name: string): MetricInForce {
  return {
    name,
    help: name,
    type: "gauge",
    search: name,
    seriesLimit: 1_000,
    history: true,
  };
}

/** Three metrics. */
export const CONFIG: MetricsConfig = {
  graph: "main",
  timeoutSeconds: 60,
  live: true,
  metrics: [metric("volumes"), metric("instances"), metric("everything")],
};

/** Kinds that the searches are about. */
export const KINDS: Readonly<Record<string, readonly string[] | null>> = {
  volumes: ["volume"],
  instances: ["instance"],
  everything: null,
};

/** What every answer rests on. */
export const COVERAGE = { scopes: 1, complete: 1, stale: 0, failed: 0 };

/** An exporter over searches that a test answers. */
export function setUp(
  aggregate: (search: string, signal: AbortSignal) => Promise<Aggregation> =
    () => Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE }),
) {
  const clock = new FakeClock();
  const exporter = new Exporter(() => clock.now());
  const asked: string[] = [];
  const told: string[] = [];
  const world = { config: CONFIG, kinds: KINDS };
  const stop = new AbortController();
  const updater = new Updater({
    config: () => world.config,
    searches: () => ({
      aggregate: ({ search }, signal) => {
        asked.push(search);
        return aggregate(search, signal);
      },
      kindsOf: (search) => Promise.resolve(world.kinds[search] ?? null),
    }),
    exporter,
    own: {
      liveUpdate: () => told.push("live"),
      missed: () => told.push("missed"),
    },
    clock,
    signal: stop.signal,
  });
  let last = 0;
  return {
    clock,
    exporter,
    updater,
    told,
    world,
    signal: stop.signal,
    /** Tells of a change of kinds. */
    hear: (
      kinds: readonly string[] | null,
      more: Partial<GraphChangeJson> = {},
    ) => {
      const after = last++;
      updater.hear({ graph: "main", after, last, at: "", kinds, ...more });
    },
    /** Lets time pass; gives what was computed. */
    async served(milliseconds = 1_000): Promise<readonly string[]> {
      asked.splice(0);
      const updates = told.length;
      clock.advance(milliseconds);
      await until(() => told.length > updates);
      return asked.splice(0).sort();
    },
    asked,
  };
}
