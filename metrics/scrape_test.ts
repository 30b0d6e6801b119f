import { ok, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { answerMetrics } from "@skymap/lib/pages";
import { until } from "@skymap/lib/testing";
import { CONFIG, COVERAGE, setUp } from "./_updater_world.ts";

Deno.test("a scrape shows one state, whatever is being computed meanwhile", async () => {
  // Worlds whose values differ in every sample, larger than one piece.
  let version = 0;
  const { world, updater, exporter, signal, hear, clock, told } = setUp(() => {
    const value = version;
    const rows = Array.from({ length: 5_000 }, (_, at) => ({
      group: { id: `resource-${at}-${"x".repeat(40)}` },
      value,
    }));
    return Promise.resolve({ rows, coverage: COVERAGE });
  });
  const config = {
    ...CONFIG,
    metrics: CONFIG.metrics.map((each) => ({ ...each, seriesLimit: 10_000 })),
  };
  world.config = config;
  let scrapes = 0;
  const scrape = async (openMetrics: boolean, gzip: boolean) => {
    scrapes++;
    const response = await answerMetrics({
      method: "GET",
      headers: new Headers({
        accept: openMetrics ? "application/openmetrics-text" : "text/plain",
        "accept-encoding": gzip ? "gzip" : "identity",
      }),
    }, exporter.blocks);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const page = new TextDecoder().decode(gzip ? gunzipSync(bytes) : bytes);
    strictEqual(page.endsWith("# EOF\n"), openMetrics);
    const values = [
      ...page.matchAll(/^skymap_[a-z]+\{id=".*"\} (\d+)$/gm),
    ].map(([, value]) => value);
    strictEqual(values.length, 15_000);
    strictEqual(new Set(values).size, 1, page.slice(0, 200));
    return Number(values[0]);
  };
  await updater.updateAll(config, signal);
  let isOver = false;
  const updates = (async () => {
    for (version = 1; version <= 12; version++) {
      const since = scrapes;
      await until(() => scrapes > since);
      if (version % 3 > 0) {
        await updater.updateAll(config, signal);
        continue;
      }
      const before = told.length;
      hear(null);
      clock.advance(1_000);
      await until(() => told.length > before);
    }
    isOver = true;
  })();
  const seen = new Set<number>();
  for (let turn = 0; !isOver; turn++) {
    const values = await Promise.all([
      scrape(turn % 2 === 0, false),
      scrape(turn % 2 === 1, true),
    ]);
    for (const value of values) seen.add(value);
  }
  await updates;
  ok(seen.size > 6, `${[...seen]}`);
});
