/**
 * Plugins in their sandbox: the time from the start of a process to its first
 * message, for a plugin from a file and for a packed one, against a worker
 * thread of this process; nodes a second through the runner against a bare
 * pipe; and the memory of a plugin that waits.
 */
import { PluginHost } from "../worker/plugin/host.ts";
import {
  findInstallation,
  type PluginSource,
} from "../worker/plugin/source.ts";
import { packPlugin } from "../worker/plugin_kit/pack_plugin.ts";
import { median, report } from "./report.ts";

const NEVER = new AbortController().signal;
const ROUNDS = 20;
const NODES = 300_000;

const MODULE = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "bench",
  version: "1.0.0",
  description: "Small nodes",
  containers: { account: "bench_account", region: "bench_region" },
  kinds: [
    { name: "bench_account", bases: ["account"] },
    { name: "bench_region", bases: ["region"] },
  ],
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect({ scope, config, issue }) {
    issue("info", String(Deno.pid));
    await scope({ kind: "bench_account" }, async (found) => {
      for (let at = 0; at < (config.nodes ?? 0); at++) {
        await found.node({ id: "n" + at, reported: { name: "node " + at } });
      }
      if (config.wait) await new Promise((done) => setTimeout(done, config.wait));
    });
  },
});`;

const installation = await findInstallation();
const folder = await Deno.makeTempDir({ prefix: "skymap-bench-" });
const file = `${folder}/mod.ts`;
await Deno.writeTextFile(file, MODULE);
const { module, published: { manifest, sha256 } } = await packPlugin({
  spec: file,
  signal: NEVER,
});

function hostOf(source: PluginSource, env = Deno.env.get): PluginHost {
  return new PluginHost({
    source,
    installation,
    approved: {},
    manifest,
    deno: Deno.execPath(),
    env: (name) => env(name),
    limits: {
      timeoutMs: 600_000,
      maxHeapMb: 512,
      maxMemoryMb: 1_024,
      maxLineChars: 1_000_000,
    },
  });
}

/** Milliseconds until the first message of a collect. */
async function firstMessage(host: PluginHost): Promise<number> {
  const startedAt = performance.now();
  const lines = host.collect(manifest, {}, { id: "1" }, NEVER);
  await lines.next();
  const milliseconds = performance.now() - startedAt;
  while ((await lines.next()).done !== true);
  return milliseconds;
}

/** Milliseconds until a worker thread that imports the plugin says something. */
async function firstOfThread(): Promise<number> {
  const sdk = installation.imports["@skymap/lib/plugin"] ?? "";
  const script = `${module.replaceAll("@skymap/lib/plugin", sdk)}
postMessage("ready");`;
  const url = URL.createObjectURL(
    new Blob([script], { type: "text/javascript" }),
  );
  const startedAt = performance.now();
  const thread = new Worker(url, { type: "module" });
  await new Promise((resolve) => thread.onmessage = resolve);
  const milliseconds = performance.now() - startedAt;
  thread.terminate();
  URL.revokeObjectURL(url);
  return milliseconds;
}

/** Nodes a second from the first line to the last. */
async function throughput(host: PluginHost): Promise<number> {
  const config = { nodes: NODES };
  const lines = host.collect(manifest, config, { id: "1" }, NEVER);
  await lines.next();
  const startedAt = performance.now();
  for (;;) {
    const { done, value } = await lines.next();
    if (done !== true) continue;
    if (value.failure !== undefined) throw value.failure;
    return value.nodes / ((performance.now() - startedAt) / 1_000);
  }
}

/** Lines of the same length a second through a pipe that nobody looks into. */
async function bareLines(): Promise<number> {
  const script = `const encoder = new TextEncoder();
for (let at = 0; at < ${NODES};) {
  let text = "";
  while (text.length < 65536 && at < ${NODES}) {
    text += JSON.stringify({ type: "node", scope: 1, id: "n" + at,
      reported: { name: "node " + at } }) + "\\n";
    at++;
  }
  const bytes = encoder.encode(text);
  for (let from = 0; from < bytes.length;) {
    from += await Deno.stdout.write(bytes.subarray(from));
  }
}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      `data:text/javascript,${encodeURIComponent(script)}`,
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const startedAt = performance.now();
  while (!(await reader.read()).done);
  const seconds = (performance.now() - startedAt) / 1_000;
  await child.status;
  return NODES / seconds;
}

/** Megabytes of resident memory of a plugin that waits for an answer. */
async function idleMemory(host: PluginHost): Promise<number> {
  const abort = new AbortController();
  const config = { wait: 60_000 };
  const lines = host.collect(manifest, config, { id: "1" }, abort.signal);
  const first = await lines.next();
  const pid = /"message":"(\d+)"/.exec(String(first.value))?.[1];
  const statm = await Deno.readTextFile(`/proc/${pid}/statm`);
  abort.abort();
  await lines.next().catch(() => {});
  return Number(statm.split(" ")[1]) * 4096 / 1e6;
}

async function repeated(
  measure: () => Promise<number>,
  rounds = ROUNDS,
): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await measure());
  return median(values);
}

const packed = hostOf({ spec: "bench", sha256, text: module });
const fromFile = hostOf({ spec: "bench", url: `file://${file}` });
const coldDir = `${folder}/cold`;
const cold = await repeated(async () => {
  await Deno.remove(coldDir, { recursive: true }).catch(() => {});
  return await firstMessage(
    hostOf(
      { spec: "bench", sha256, text: module },
      (name) => name === "DENO_DIR" ? coldDir : Deno.env.get(name),
    ),
  );
}, 5);
const thread = await repeated(firstOfThread);
const warm = await repeated(() => firstMessage(packed));
const warmFile = await repeated(() => firstMessage(fromFile));
const rates = await repeated(() => throughput(packed), 3);
const bare = await repeated(bareLines, 3);
const memory = await repeated(() => idleMemory(packed), 3);
await Deno.remove(folder, { recursive: true });

const against = { against: "a worker thread", other: thread };
report(
  {
    bench: "plugin",
    what: "packed, to first message",
    value: warm,
    unit: "ms",
    ...against,
    ratio: warm / thread,
  },
  {
    bench: "plugin",
    what: "from a file, to first message",
    value: warmFile,
    unit: "ms",
    ...against,
    ratio: warmFile / thread,
  },
  {
    bench: "plugin",
    what: "packed, nothing cached, to first message",
    value: cold,
    unit: "ms",
    ...against,
    ratio: cold / thread,
  },
  {
    bench: "plugin",
    what: "nodes through the runner",
    value: rates,
    unit: "nodes/s",
    against: "a bare pipe",
    other: bare,
    ratio: rates / bare,
    aim: "≥ 100,000 nodes/s",
  },
  {
    bench: "plugin",
    what: "memory of one that waits",
    value: memory,
    unit: "MB",
  },
);
