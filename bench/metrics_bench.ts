/**
 * The default metrics: all of them computed over core's API against the same as
 * SQL by hand; how soon a deletion shows; a page of many series against
 * prom-client alone; and time series against tables of DuckDB.
 *
 * `BENCH_METRICS_NODES` are the resources of the cloud, about (143,000);
 * `BENCH_METRICS_SERIES` those of the page (100,000); `BENCH_ROUNDS` is how often
 * each metric is computed (5); `BENCH_METRICS_DELETIONS` how many are waited for
 * (30).
 */
import { createToken, loadKey } from "@skymap/lib/auth";
import { CoreClient, unwrap } from "@skymap/lib/client";
import { metricsInForce } from "@skymap/lib/metrics";
import { searchesOver } from "../metrics/core_searches.ts";
import { updateMetrics } from "../metrics/update.ts";
import { residentMb, startCore } from "./core_process.ts";
import { measureAnswers } from "./metrics_answers.ts";
import { measureLive } from "./metrics_live.ts";
import { measureScrapes } from "./metrics_scrape.ts";
import { measureSeries } from "./metrics_series.ts";
import { accountMerges, METRICS_MODEL } from "./metrics_world.ts";
import { cpuOf } from "./process_usage.ts";
import { median, report } from "./report.ts";

const NODES = Number(Deno.env.get("BENCH_METRICS_NODES") ?? 143_000);
const SERIES = Number(Deno.env.get("BENCH_METRICS_SERIES") ?? 100_000);
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 5);
const DELETIONS = Number(Deno.env.get("BENCH_METRICS_DELETIONS") ?? 30);
const CHARS = 700;
const bench = "metrics";

const metrics = metricsInForce({ metrics: {}, series_limit: 1_000_000 });

function note(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`  ${text}\n`));
}

/** Milliseconds and processor time of core for all metrics over the API. */
interface Recomputed {
  readonly milliseconds: number;
  readonly cpuMs: number;
  readonly series: number;
}

async function load(client: CoreClient): Promise<number> {
  const startedAt = performance.now();
  unwrap(await client.putModel("main", METRICS_MODEL));
  let nodes = 0;
  let edges = 0;
  for await (const messages of accountMerges({ nodes: NODES, chars: CHARS })) {
    const lines = messages.map((each) => `${JSON.stringify(each)}\n`);
    const merged = unwrap(
      await client.merge("main", new Blob(lines).stream(), {}),
    );
    nodes += merged.nodes_created;
    edges += merged.edges_created;
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  note(`${nodes} nodes and ${edges} edges loaded in ${seconds} s`);
  return nodes;
}

/** Every metric, as the exporter computes them. */
async function recompute(
  client: CoreClient,
  pid: number,
): Promise<Recomputed> {
  const searches = searchesOver(client, "main");
  const never = new AbortController().signal;
  const once = async () => {
    const results = await updateMetrics(metrics, searches, {
      deadline: never,
      stop: never,
    });
    let series = 0;
    for (const result of results) {
      if (!result.ok) {
        throw new Error(`${result.metric.name}: ${result.message}`);
      }
      series += result.set.samples.length;
    }
    return series;
  };
  const series = await once();
  const times: number[] = [];
  const [cpu] = await cpuOf(pid, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      await once();
      times.push(performance.now() - startedAt);
    }
  });
  return { milliseconds: median(times), cpuMs: cpu * 1_000 / ROUNDS, series };
}

const dataDir = await Deno.makeTempDir({ prefix: "skymap-bench-" });
try {
  const { process: core, client } = await startCore(dataDir);
  await using _core = core;
  const nodes = await load(client);
  const key = await loadKey(dataDir, { create: false });
  const asMetrics = new CoreClient({
    coreUri: client.coreUri,
    token: () =>
      createToken(key, { subject: "bench", role: "metrics", ttlSeconds: 300 }),
  });
  const found = await recompute(asMetrics, core.pid);
  await measureLive(client, dataDir, DELETIONS);
  const peak = await residentMb(core.pid, "peak");
  await core.stop();
  const hand = await measureAnswers(metrics, dataDir, ROUNDS, note);
  const what = `${metrics.length} metrics over ${
    nodes.toLocaleString("en")
  } nodes, ${found.series.toLocaleString("en")} series`;
  report({
    bench,
    what: `${what}: over core's API, two at a time`,
    value: found.milliseconds,
    unit: "ms",
    against: "SQL by hand in one process",
    other: hand,
    ratio: found.milliseconds / hand,
    aim: "<= 1.5",
  }, {
    bench,
    what: "the same, processor time of core",
    value: found.cpuMs,
    unit: "ms",
  }, { bench, what: "peak memory of core", value: peak, unit: "MB" });
} finally {
  await Deno.remove(dataDir, { recursive: true });
}
await measureScrapes(SERIES);
await measureSeries();
// Connections and the engine of the record keep the process alive.
Deno.exit(0);
