import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseOverride } from "@skymap/lib/settings";
import { DEFAULT_METRICS } from "@skymap/lib/metrics";
import { metricsOverrides, readMetricsConfig } from "./metrics_config.ts";

const cats = { help: "Cats", search: "aggregate(sum(1)): is(cat)" };

Deno.test("readMetricsConfig() lets flags count more than overrides, they more than the document", () => {
  const document = { metrics: { graph: "document", timeout: 7 } };
  const table = [
    [{}, [], {}, "main", 300],
    [document, [], {}, "document", 7],
    [document, ["metrics.graph=override"], {}, "override", 7],
    [document, ["skymap.metrics.graph=override"], {}, "override", 7],
    [
      document,
      ["metrics.graph=x", "metrics.timeout=8"],
      {
        graph: "flag",
        timeout: undefined,
      },
      "flag",
      8,
    ],
  ] as const;
  for (const [given, overrides, flags, graph, timeoutSeconds] of table) {
    const read = readMetricsConfig(
      given,
      metricsOverrides(overrides.map(parseOverride), flags),
    );
    strictEqual(read.graph, graph);
    strictEqual(read.timeoutSeconds, timeoutSeconds);
  }
});

Deno.test("readMetricsConfig() adds metrics, and puts them in the place of built-in ones", () => {
  const { metrics } = readMetricsConfig(
    { metrics: { metrics: { cats, volumes: cats } } },
    [],
  );
  const names = DEFAULT_METRICS.map(({ name }) => name);
  deepStrictEqual(metrics.map(({ name }) => name), [...names, "cats"]);
  deepStrictEqual(metrics.find(({ name }) => name === "volumes"), {
    name: "volumes",
    ...cats,
    type: "gauge",
    seriesLimit: 10_000,
    history: true,
  });
  strictEqual(readMetricsConfig({}, []).metrics.length, DEFAULT_METRICS.length);
});

Deno.test("readMetricsConfig() names every fault", () => {
  throws(
    () =>
      readMetricsConfig(
        { metrics: { timeout: 0, metrics: { "a-b": cats } }, worker: {} },
        [],
      ),
    {
      code: "config_invalid",
      message:
        /worker: is no such section; metrics.timeout: .*; metrics.metrics.a-b: /,
    },
  );
});
