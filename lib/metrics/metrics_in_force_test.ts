import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { METRICS_SECTION } from "../config/metrics_section.ts";
import { DEFAULT_METRICS } from "./default_metrics.ts";
import { metricsInForce } from "./metrics_in_force.ts";
import { readMetricsSection } from "./read_metrics_section.ts";

const NAMES = DEFAULT_METRICS.map(({ name }) => name);

function inForce(section: Record<string, unknown>) {
  return metricsInForce(METRICS_SECTION.parse(section));
}

Deno.test("metricsInForce() gives the default metrics where nothing is said", () => {
  deepStrictEqual(
    inForce({}),
    DEFAULT_METRICS.map((each) => ({
      ...each,
      type: "gauge",
      seriesLimit: 10_000,
      history: true,
    })),
  );
});

Deno.test("metricsInForce() changes a default metric in part, and in its place", () => {
  const [first] = DEFAULT_METRICS;
  const metrics = inForce({
    metrics: { [first?.name ?? ""]: { help: "Ours", history: false } },
  });
  deepStrictEqual(metrics[0], {
    name: first?.name,
    search: first?.search,
    help: "Ours",
    type: "gauge",
    seriesLimit: 10_000,
    history: false,
  });
  deepStrictEqual(metrics.map(({ name }) => name), NAMES);
});

Deno.test("metricsInForce() adds metrics behind the default ones, and drops what is not enabled", () => {
  const search = "aggregate(sum(1)): all";
  const metrics = inForce({
    series_limit: 7,
    metrics: {
      moved_total: { help: "Moved", search, type: "counter" },
      ours: { help: "Ours", search, series_limit: 3 },
      later: { help: "Later", search, enabled: false },
      volumes: { enabled: false },
    },
  });
  deepStrictEqual(metrics.map(({ name }) => name), [
    ...NAMES.filter((name) => name !== "volumes"),
    "moved_total",
    "ours",
  ]);
  deepStrictEqual(metrics.at(-2), {
    name: "moved_total",
    help: "Moved",
    search,
    type: "counter",
    seriesLimit: 7,
    history: true,
  });
  strictEqual(metrics.at(-1)?.seriesLimit, 3);
});

Deno.test("readMetricsSection() puts variables in place of references", () => {
  Deno.env.set("SKYMAP_H_GRAPH", "other");
  const read = readMetricsSection({ metrics: { graph: "$(SKYMAP_H_GRAPH)" } });
  strictEqual(read.graph, "other");
});
