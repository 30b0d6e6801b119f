import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ConfigClient, unwrap } from "@skymap/lib/client";
import { System, until } from "../helpers/system.ts";
import { addToyCloud, failToListToys, listToys } from "../helpers/toy_cloud.ts";

/** How long a deletion may take to show, from core's answer on. */
const PROMISE_MS = 2_000;

/** Volumes by their id. */
function volumes(...ids: readonly string[]) {
  return Object.fromEntries(ids.map((id) => [id, { volume_size: 1 }]));
}

/** Samples of a page by their line up to the value. */
async function scrape(system: System): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(
    `http://127.0.0.1:${system.ports.metrics}/metrics`,
  );
  const lines = (await answer.text()).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}

/** Sum of the samples of a metric. */
function sumOf(page: ReadonlyMap<string, number>, name: string): number {
  return [...page].filter(([series]) => series.startsWith(`${name}{`))
    .reduce((sum, [, value]) => sum + value, 0);
}

/** Waits until the page shows so many volumes. */
function untilVolumes(system: System, count: number) {
  return until(`metrics show ${count} volumes`, async () => {
    const page = await scrape(system);
    return sumOf(page, "skymap_volumes") === count ? page : undefined;
  });
}

async function health(system: System) {
  const answer = await fetch(`http://127.0.0.1:${system.ports.metrics}/health`);
  return await answer.json();
}

Deno.test("metrics follow what changes, without a workflow", async (t) => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: null,
  });
  const client = await system.client();
  await addToyCloud(client);
  await listToys(client, "toy_volume", volumes("v1", "v2", "v3", "v4"));
  await listToys(client, "toy_instance", { i1: { instance_cores: 4 } });
  system.startMetrics();

  await t.step("what the graph holds is shown at once", async () => {
    const page = await untilVolumes(system, 4);
    strictEqual(sumOf(page, "skymap_instances"), 1);
    strictEqual(page.get('skymap_metric_up{metric="volumes"}'), 1);
    strictEqual(page.get("skymap_metrics_live_updates_total"), 0);
    const { connected, updated_seconds_ago: age } = await health(system);
    ok(connected && age >= 0 && age < 60, `${connected} ${age}`);
  });

  await t.step(
    "a deletion shows within two seconds, and nothing else is computed",
    async () => {
      const before = await untilVolumes(system, 4);
      const took: number[] = [];
      for (const left of [["v1", "v2", "v3"], ["v1", "v2"], ["v1"]]) {
        await listToys(client, "toy_volume", volumes(...left));
        const answeredAt = performance.now();
        await untilVolumes(system, left.length);
        took.push(performance.now() - answeredAt);
      }
      // The others may have met a machine that is busy with other tests.
      ok(Math.min(...took) < PROMISE_MS, `${took}`);
      const after = await untilVolumes(system, 1);
      const when = (metric: string) =>
        [before, after].map((page) =>
          page.get(
            `skymap_metric_updated_timestamp_seconds{metric="${metric}"}`,
          ) ??
            0
        );
      const [first = 0, last = 0] = when("volumes");
      ok(last > first);
      const [same, unchanged] = when("instances");
      strictEqual(unchanged, same);
      strictEqual(after.get("skymap_metrics_missed_words_total"), 0);
    },
  );

  await t.step(
    "a listing that fails shows in what metrics rest on",
    async () => {
      const scopes = (state: string) =>
        `skymap_metric_scopes{metric="volumes",state="${state}"}`;
      const failed = (await scrape(system)).get(scopes("failed")) ?? 0;
      await failToListToys(client, "toy_volume");
      const page = await until("a scope is told as failed", async () => {
        const page = await scrape(system);
        return page.get(scopes("failed")) === failed + 1 ? page : undefined;
      });
      strictEqual(sumOf(page, "skymap_volumes"), 1);
      await listToys(client, "toy_volume", volumes("v1"));
      await until(
        "it is told as complete",
        async () => (await scrape(system)).get(scopes("failed")) === failed,
      );
    },
  );

  await t.step(
    "they are served while core is away, and follow it when it is back",
    async () => {
      await system.process("core").stop();
      await until(
        "metrics have lost core",
        async () => !(await health(system)).connected,
      );
      const page = await untilVolumes(system, 1);
      strictEqual(page.get("skymap_metrics_connected"), 0);
      await system.startCore();
      await listToys(client, "toy_volume", volumes("v1", "v7", "v8"));
      await untilVolumes(system, 3);
      await until(
        "metrics have found core",
        async () =>
          (await scrape(system)).get("skymap_metrics_connected") === 1,
      );
      await listToys(client, "toy_volume", {});
      await untilVolumes(system, 0);
    },
  );

  await t.step("a page is what its reader asks for", async () => {
    const answer = await fetch(
      `http://127.0.0.1:${system.ports.metrics}/metrics`,
      { headers: { accept: "application/openmetrics-text; version=1.0.0" } },
    );
    match(await answer.text(), /# EOF\n$/);
    match(answer.headers.get("content-type") ?? "", /openmetrics-text/);
    const core = await client.fetch("/metrics" as never, {
      accept: "application/openmetrics-text",
    });
    match(await core.text(), /# EOF\n$/);
  });

  await t.step(
    "what is configured anew is measured, what is not vanishes",
    async () => {
      unwrap(
        await new ConfigClient(client).put("skymap.metrics", {
          metrics: {
            metrics: {
              toys: {
                help: "Toys",
                search: "aggregate(sum(1) as toys): is(toy_instance)",
              },
              instances: { enabled: false },
            },
          },
        }),
      );
      const page = await until("metrics show toys", async () => {
        const page = await scrape(system);
        return page.get("skymap_toys") === 1 ? page : undefined;
      });
      const left = [...page.keys()].filter((series) =>
        /^skymap_instances\{|metric="instances"/.test(series)
      );
      deepStrictEqual(left, []);
    },
  );

  await t.step("the exporter ends gently", async () => {
    deepStrictEqual(await system.process("metrics").stop("SIGTERM"), 0);
  });
});
