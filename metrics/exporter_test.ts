import {
  deepStrictEqual,
  doesNotMatch,
  match,
  notStrictEqual,
  strictEqual,
} from "node:assert/strict";
import type { MetricInForce } from "@skymap/lib/metrics";
import { pageText } from "@skymap/lib/pages";
import { Exporter, type Foundation, type MetricResult } from "./exporter.ts";
import { toSamples } from "./sample.ts";

const VOLUMES: MetricInForce = {
  name: "volumes",
  help: "Number of volumes",
  type: "gauge",
  search: "aggregate(region: sum(1) as volumes): is(volume)",
  seriesLimit: 100,
  history: true,
};

const OTHERS: MetricInForce = { ...VOLUMES, name: "others" };

const COVERAGE: Foundation = {
  scopes: 7,
  complete: 4,
  stale: 3,
  failed: 1,
  oldest: "2026-01-02T03:04:05.000Z",
};

function good(value: number, metric = VOLUMES): MetricResult {
  const rows = [{ group: { region: 'a"b', zone: null }, volumes: value }];
  const set = toSamples(metric, rows);
  const at = 1_600_000_000_000;
  return { ok: true, metric, set, coverage: COVERAGE, at, durationMs: 2 };
}

function bad(metric = VOLUMES): MetricResult {
  return { ok: false, metric, message: "broken", durationMs: 1 };
}

/** An exporter of one graph. */
function exporterOf() {
  const exporter = new Exporter(() => 1_700_000_000_000);
  return {
    exporter,
    update: (
      results: readonly MetricResult[],
      { metrics = [VOLUMES], graph = "main" } = {},
    ) => exporter.update({ graph, metrics, results }),
    page: () => pageText(exporter.blocks),
  };
}

Deno.test("Exporter shows the samples of the last update only", async () => {
  const { exporter, update, page } = exporterOf();
  update([good(3)]);
  const before = exporter.blocks;
  update([good(4)]);
  match(
    await pageText(before),
    /^skymap_volumes\{region="a\\"b",zone=""\} 3$/m,
  );
  match(await page(), /^skymap_volumes\{region="a\\"b",zone=""\} 4$/m);
  doesNotMatch(await page(), /^skymap_volumes\{.*\} 3$/m);
});

Deno.test("Exporter tells how a metric stands and what it rests on", async () => {
  const { update, page } = exporterOf();
  update([good(3)]);
  const lines = (await page()).split("\n").filter((line) =>
    line.startsWith("skymap_metric_")
  );
  deepStrictEqual(lines, [
    'skymap_metric_up{metric="volumes"} 1',
    'skymap_metric_failures_total{metric="volumes"} 0',
    'skymap_metric_updated_timestamp_seconds{metric="volumes"} 1600000000',
    'skymap_metric_duration_seconds{metric="volumes"} 0.002',
    'skymap_metric_rows{metric="volumes"} 1',
    'skymap_metric_series_limit{metric="volumes"} 100',
    'skymap_metric_scopes{metric="volumes",state="complete"} 4',
    'skymap_metric_scopes{metric="volumes",state="stale"} 2',
    'skymap_metric_scopes{metric="volumes",state="failed"} 1',
    'skymap_metric_oldest_timestamp_seconds{metric="volumes"} 1767323045',
  ]);
});

Deno.test("Exporter keeps the samples of a metric that fails, and says so", async () => {
  const { exporter, update, page } = exporterOf();
  const metrics = [VOLUMES, OTHERS];
  update([good(3), good(9, OTHERS)], { metrics });
  update([bad(), good(10, OTHERS)], { metrics });
  match(await page(), /^skymap_volumes\{.*\} 3$/m);
  match(await page(), /^skymap_others\{.*\} 10$/m);
  match(await page(), /^skymap_metric_failures_total\{metric="volumes"\} 1$/m);
  match(await page(), /^skymap_metric_up\{metric="volumes"\} 0$/m);
  match(await page(), /^skymap_metric_up\{metric="others"\} 1$/m);
  deepStrictEqual(exporter.failed, ["volumes"]);
  update([good(4)], { metrics });
  match(await page(), /^skymap_metric_up\{metric="volumes"\} 1$/m);
  match(await page(), /^skymap_metric_failures_total\{metric="volumes"\} 1$/m);
});

Deno.test("Exporter tells of a metric that never worked", async () => {
  const { update, page } = exporterOf();
  update([bad()]);
  doesNotMatch(await page(), /^skymap_volumes/m);
  match(await page(), /^skymap_metric_up\{metric="volumes"\} 0$/m);
});

Deno.test("Exporter leaves alone what a part of an update is not about", async () => {
  const { exporter, update, page } = exporterOf();
  const metrics = [VOLUMES, OTHERS];
  update([good(3), good(9, OTHERS)], { metrics });
  const [volumes, others] = exporter.blocks;
  update([good(4)], { metrics });
  // What was written of it before is not written again.
  strictEqual(exporter.blocks[1], others);
  notStrictEqual(exporter.blocks[0], volumes);
  match(await page(), /^skymap_volumes\{.*\} 4$/m);
  match(await page(), /^skymap_others\{.*\} 9$/m);
});

Deno.test("Exporter forgets metrics that are measured no more", async () => {
  const { update, page } = exporterOf();
  update([good(3)]);
  update([], { metrics: [OTHERS] });
  doesNotMatch(await page(), /volumes/);
});

Deno.test("Exporter keeps no samples of another search or graph", async () => {
  const cases = [
    { metrics: [{ ...VOLUMES, search: "aggregate(sum(1)): all" }] },
    { graph: "other" },
  ];
  for (const change of cases) {
    const { update, page } = exporterOf();
    update([good(3)]);
    update([bad()], change);
    doesNotMatch(await page(), /^skymap_volumes/m);
  }
});

Deno.test("Exporter tells when all metrics were computed, and how long that took", async () => {
  const { exporter } = exporterOf();
  const update = { graph: "main", metrics: [VOLUMES], results: [good(3)] };
  exporter.update(update);
  deepStrictEqual(exporter.ageSeconds, undefined);
  exporter.update({ ...update, durationMs: 1_500 });
  deepStrictEqual(exporter.ageSeconds, 0);
  const page = await pageText(exporter.blocks);
  match(page, /^skymap_metrics_last_update_timestamp_seconds 1700000000$/m);
  match(page, /^skymap_metrics_last_update_duration_seconds 1.5$/m);
  exporter.update({ ...update, results: [bad()], durationMs: 1 });
  match(
    await pageText(exporter.blocks),
    /^skymap_metrics_last_update_duration_seconds 1.5$/m,
    "nothing worked",
  );
});
