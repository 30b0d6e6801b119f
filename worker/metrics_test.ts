import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { pageText } from "@skymap/lib/pages";
import { manifestOf } from "@skymap/lib/plugin_host";
import { WorkerMetrics } from "./metrics.ts";
import { PluginHost } from "./plugin/host.ts";
import { findInstallation } from "./plugin/source.ts";
import faulty from "./plugin/testdata/faulty.ts";

async function linesOf(
  metrics: WorkerMetrics,
  start: string,
): Promise<string[]> {
  const page = await pageText(await metrics.blocks());
  return page.split("\n").filter((line) => line.startsWith(start)).sort();
}

/** Collects one account with a fault; it may take so long. */
async function collect(
  metrics: WorkerMetrics,
  fault: string,
  timeoutMs: number,
): Promise<void> {
  const spec = new URL("plugin/testdata/faulty.ts", import.meta.url).href;
  const host = new PluginHost({
    source: { spec, url: spec },
    installation: await findInstallation(),
    approved: {},
    deno: Deno.execPath(),
    env: (name) => Deno.env.get(name),
    limits: {
      timeoutMs,
      maxHeapMb: 48,
      maxMemoryMb: 220,
      maxLineChars: 1_000_000,
    },
    onProcess: (request) => metrics.process("faulty", request),
  });
  const { signal } = new AbortController();
  const lines = host.collect(
    manifestOf(faulty),
    { fault },
    { id: "1" },
    signal,
  );
  for await (const _ of lines);
}

Deno.test("WorkerMetrics counts processes of plugins, and those that were killed", async () => {
  const metrics = new WorkerMetrics();
  await collect(metrics, "none", 20_000);
  const kills = "skymap_worker_plugin_kills_total";
  deepStrictEqual(await linesOf(metrics, kills), [
    `${kills}{plugin="faulty",reason="memory"} 0`,
    `${kills}{plugin="faulty",reason="timeout"} 0`,
  ]);
  await collect(metrics, "buffers", 20_000);
  await collect(metrics, "stall", 1_500);
  deepStrictEqual(await linesOf(metrics, "skymap_worker_plugin_"), [
    'skymap_worker_plugin_kills_total{plugin="faulty",reason="memory"} 1',
    'skymap_worker_plugin_kills_total{plugin="faulty",reason="timeout"} 1',
    "skymap_worker_plugin_processes_running 0",
    'skymap_worker_plugin_runs_total{plugin="faulty",phase="collect",result="done"} 1',
    'skymap_worker_plugin_runs_total{plugin="faulty",phase="collect",result="failed"} 2',
  ]);
});

Deno.test("WorkerMetrics counts what plugins did not get, under few names", async () => {
  const metrics = new WorkerMetrics();
  const access = (permission: string, allowed: boolean) => ({
    permission,
    value: "x",
    allowed,
    count: 2,
  });
  metrics.accessed("a", { accesses: [access("net", true)] });
  metrics.accessed("a", {
    accesses: [access("net", false), access("net", false)],
  });
  const many = Array.from({ length: 100 }, (_, n) => access(`p${n}`, false));
  metrics.accessed("a", { accesses: many });
  const denials = await linesOf(metrics, "skymap_worker_plugin_denials_total");
  strictEqual(denials.length, 33);
  const name = "skymap_worker_plugin_denials_total";
  deepStrictEqual(
    denials.filter((line) => /net|other/.test(line)),
    [
      `${name}{plugin="a",permission="net"} 4`,
      `${name}{plugin="a",permission="other"} 138`,
    ],
  );
});

Deno.test("WorkerMetrics counts actions, tasks, collects and accounts", async () => {
  let isConnected = false;
  const metrics = new WorkerMetrics(() => isConnected);
  metrics.action("collect", "done");
  strictEqual(await metrics.task(() => Promise.resolve(1)), 1);
  await rejects(metrics.task(() => Promise.reject(new Error("no"))));
  await metrics.collect(() => Promise.resolve());
  await rejects(metrics.collect(() => Promise.reject(new Error("no"))));
  const end = metrics.account("demo");
  const running = "skymap_worker_accounts_running";
  deepStrictEqual(await linesOf(metrics, running), [`${running} 1`]);
  end(true, 7);
  const connected = "skymap_worker_connected";
  deepStrictEqual(await linesOf(metrics, connected), [`${connected} 0`]);
  isConnected = true;
  const page = await pageText(await metrics.blocks());
  for (
    const line of [
      'actions_total{type="collect",result="done"} 1',
      'tasks_total{result="done"} 1',
      'tasks_total{result="failed"} 1',
      'collect_duration_seconds_count{result="done"} 1',
      'collect_duration_seconds_count{result="failed"} 1',
      'accounts_total{plugin="demo",result="done"} 1',
      'accounts_total{plugin="demo",result="failed"} 0',
      'nodes_total{plugin="demo"} 7',
      'account_duration_seconds_count{plugin="demo"} 1',
      "accounts_running 0",
      "connected 1",
      'build_info{version="0.1.0"} 1',
    ]
  ) {
    const found = page.split("\n").includes(`skymap_worker_${line}`);
    strictEqual(found, true, `${line} in\n${page}`);
  }
  match(page, /^skymap_worker_resident_memory_bytes \d{7,}$/m);
  match(page, /^skymap_worker_start_timestamp_seconds 1\d{9}/m);
});

Deno.test("docs/operations.md has every series of a worker", async () => {
  const docs = new URL("../docs/operations.md", import.meta.url);
  const text = await Deno.readTextFile(docs);
  const written = [...text.matchAll(/^\| `(skymap_worker_\w+)/gm)]
    .map(([, name = ""]) => name).sort();
  const page = await pageText(await new WorkerMetrics().blocks());
  const served = [...page.matchAll(/^# TYPE (\S+) /gm)]
    .map(([, name = ""]) => name).sort();
  deepStrictEqual(written, served);
});
