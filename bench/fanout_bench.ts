/**
 * Fan-out: how much of the rate that an API with latency allows is reached by a
 * plugin in its sandbox that asks for each child of each parent; and how many
 * nodes a second go through the pipe at all.
 */
import type { JsonObject } from "@skymap/lib/json";
import { PluginHost } from "../worker/plugin/host.ts";
import { findInstallation } from "../worker/plugin/source.ts";
import { median, report } from "./report.ts";

const LATENCY_MS = 5;
const CHILDREN = 100;
const LIMIT = 64;
const NEVER = new AbortController().signal;

async function hostOf(spec: string): Promise<PluginHost> {
  const installation = await findInstallation();
  return new PluginHost({
    source: { spec, url: spec },
    installation,
    approved: {},
    deno: Deno.execPath(),
    env: (name) => Deno.env.get(name),
    limits: {
      timeoutMs: 600_000,
      maxHeapMb: 512,
      maxMemoryMb: 1_024,
      maxLineChars: 1_000_000,
    },
  });
}

/** Seconds from the first line to the last, and the nodes between. */
async function collect(
  host: PluginHost,
  config: JsonObject,
): Promise<{ seconds: number; nodes: number }> {
  const manifest = await host.describe(NEVER);
  const { accounts: [account] } = await host.accounts(config, NEVER);
  if (account === undefined) throw new Error("no account");
  const lines = host.collect(manifest, config, account, NEVER);
  await lines.next();
  const startedAt = performance.now();
  for (;;) {
    const { done, value } = await lines.next();
    if (done !== true) continue;
    if (value.failure !== undefined) throw value.failure;
    const seconds = (performance.now() - startedAt) / 1_000;
    return { seconds, nodes: value.nodes };
  }
}

/** Calls a second of bare timers, as many at a time: what the machine can do. */
async function bareRate(calls: number): Promise<number> {
  let left = calls;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: LIMIT }, async () => {
    while (left-- > 0) {
      await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
    }
  }));
  return calls / ((performance.now() - startedAt) / 1_000);
}

const fanout = await hostOf(new URL("fanout_plugin.ts", import.meta.url).href);
const config = {
  parents: 200,
  children: CHILDREN,
  latencyMs: LATENCY_MS,
  limit: LIMIT,
};
const rates: number[] = [];
const bare: number[] = [];
for (let round = 0; round < 3; round++) {
  const { seconds, nodes } = await collect(fanout, config);
  rates.push(nodes / seconds);
  bare.push(await bareRate(20_000));
}
const ideal = LIMIT / (LATENCY_MS / 1_000);
report({
  bench: "fanout",
  what:
    `children of a 5 ms API, ${CHILDREN} a parent, ${LIMIT} calls at a time`,
  value: median(rates),
  unit: "nodes/s",
  against: "ideal rate",
  other: ideal,
  ratio: median(rates) / ideal,
  aim: ">= 0.8",
}, {
  bench: "fanout",
  what: "the same",
  value: median(rates),
  unit: "nodes/s",
  against: "bare timers",
  other: median(bare),
  ratio: median(rates) / median(bare),
});

const demo = await hostOf("demo");
const pipe = await collect(demo, { size: 25, accounts: 1, tick: 1 });
report({
  bench: "fanout",
  what: "demo through the sandbox, 3 edges a node",
  value: pipe.nodes / pipe.seconds,
  unit: "nodes/s",
});
