import {
  deepStrictEqual,
  doesNotMatch,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import { DEFAULT_METRICS, type MetricDefinition } from "@skymap/lib/metrics";
import { Exporter } from "./exporter.ts";
import { toSamples } from "./sample.ts";
import { updateMetrics } from "./update.ts";

const METRIC: MetricDefinition = {
  name: "volumes",
  help: "Number of volumes",
  search: "aggregate(region: sum(1) as volumes): is(volume)",
};

function results(value: number) {
  const rows = [{ group: { region: 'a"b', zone: null }, volumes: value }];
  return [{
    ok: true as const,
    set: toSamples(METRIC, rows),
    durationMs: 2,
  }];
}

Deno.test("Exporter shows the samples of the last update only", async () => {
  const exporter = new Exporter(() => 1_700_000_000_000);
  exporter.update(results(3));
  const before = exporter.page();
  exporter.update(results(4));
  match(await before, /^skymap_volumes\{region="a\\"b",zone=""\} 3$/m);
  const page = await exporter.page();
  match(page, /^skymap_volumes\{region="a\\"b",zone=""\} 4$/m);
  match(page, /updated_timestamp_seconds\{metric="volumes"\} 1700000000$/m);
  doesNotMatch(page, /\} 3$/m);
});

Deno.test("Exporter keeps the samples of a metric whose search fails", async () => {
  const exporter = new Exporter();
  exporter.update(results(3));
  exporter.update([{ ok: false, metric: METRIC, message: "broken" }]);
  const page = await exporter.page();
  match(page, /^skymap_volumes\{.*\} 3$/m);
  match(page, /^skymap_metric_failures_total\{metric="volumes"\} 1$/m);
});

Deno.test("updateMetrics() goes on after a search that fails", async () => {
  const seen: string[] = [];
  const found = await updateMetrics(DEFAULT_METRICS, (search) => {
    seen.push(search);
    if (search.includes("is(instance)")) return Promise.reject(new Error("no"));
    return Promise.resolve([{ group: { cloud: "x" }, value: 1 }]);
  }, new AbortController().signal);
  strictEqual(seen.length, DEFAULT_METRICS.length);
  deepStrictEqual(found.map(({ ok }) => ok), [false, true, true]);
});

Deno.test("DEFAULT_METRICS name no gauge like a counter", () => {
  for (const { name } of DEFAULT_METRICS) doesNotMatch(name, /_total$/);
});

Deno.test("Exporter forgets metrics that are measured no more", async () => {
  const exporter = new Exporter();
  exporter.update(results(3));
  exporter.keep(["volumes"]);
  exporter.update([]);
  match(await exporter.page(), /^skymap_volumes\{.*\} 3$/m);
  exporter.keep(["others"]);
  exporter.update([]);
  doesNotMatch(await exporter.page(), /volumes/);
});

Deno.test("toSamples() refuses groups that are no labels", () => {
  const rows = [{ group: { "tags.owner": "me" }, volumes: 1 }];
  throws(() => toSamples(METRIC, rows), {
    code: "query_invalid",
    message: /groups by "tags.owner", which is no name of a label/,
  });
});
