import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import type { PhasePermissions } from "@skymap/lib/plugin";
import { sha256Of } from "@skymap/lib/plugin_host";
import { testManifest } from "../_test_plugins.ts";
import type { PluginAnswers } from "./ask_desk.ts";
import { PluginHost } from "./host.ts";
import { findInstallation } from "./source.ts";

const installation = await findInstallation();

const MODULE = `import { definePlugin } from "@skymap/lib/plugin";
let listed = 0;
export default definePlugin({
  name: "asker",
  version: "1.0.0",
  description: "Asks its worker",
  containers: { account: "asker_account", region: "asker_region" },
  kinds: [
    { name: "asker_account", bases: ["account"] },
    { name: "asker_region", bases: ["region"] },
  ],
  permissions: {},
  accounts: ({ config }) => ({
    accounts: (config.accounts ?? []).map((id) => ({ id, credentials: { key: "key of " + id } })),
  }),
  async collect({ config, account, freshAccount, scope }) {
    await scope({ kind: "asker_account" }, async (found) => {
      for (let at = 0; at < config.count; at++) {
        const key = at % 500 === 0 ? (await freshAccount()).credentials.key : "same";
        await found.node({ id: account.id + at, reported: { key } });
      }
    });
  },
  commands: {
    async account({ accountOf, write, args: [id] }) {
      await write(await accountOf(id).catch(({ code, message }) => ({ code, message })));
    },
    async search({ graph, write }) {
      try {
        for await (const { id } of graph.search("all")) await write(id);
      } catch ({ code, message }) {
        await write({ code, message });
      }
    },
    async many({ accountOf, write }) {
      const asked = Array.from({ length: 200 }, (_, at) => accountOf(String(at)));
      for (const { id } of await Promise.all(asked)) await write(id);
    },
  },
});`;

async function open(
  answers?: Partial<PluginAnswers>,
  approved: PhasePermissions = { commands: { graph: ["search"] } },
) {
  return new PluginHost({
    source: { spec: "asker", sha256: await sha256Of(MODULE), text: MODULE },
    installation,
    approved,
    deno: Deno.execPath(),
    env: (name) => Deno.env.get(name),
    ...(answers !== undefined && { answers: answers as PluginAnswers }),
    limits: {
      timeoutMs: 30_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 1_000_000,
    },
  });
}

const NEVER = new AbortController().signal;

async function command(
  host: PluginHost,
  name: string,
  args: readonly string[] = [],
  signal: AbortSignal = NEVER,
): Promise<readonly Json[]> {
  return await Array.fromAsync(host.work({
    type: "command",
    name,
    args,
    input: [],
    config: { accounts: ["1", "2"] },
  }, signal));
}

Deno.test("a plugin that runs without core gets its accounts, and no graph", async () => {
  const host = await open();
  deepStrictEqual(await command(host, "account", ["2"]), [
    { id: "2", credentials: { key: "key of 2" } },
  ]);
  deepStrictEqual(await command(host, "account", ["3"]), [{
    code: "task_failed",
    message: 'Cannot work on account "3": plugin "asker" does not list it here',
  }]);
  deepStrictEqual(await command(host, "search"), [{
    code: "unavailable",
    message: 'Cannot do what plugin "asker" asks: it runs without a graph',
  }]);
});

Deno.test("a plugin asks as much as it wants, so many questions at a time", async () => {
  let running = 0;
  let most = 0;
  const host = await open({
    async account(id) {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve));
      running--;
      return { id };
    },
  });
  deepStrictEqual(
    await command(host, "many"),
    Array.from({ length: 200 }, (_, at) => String(at)),
  );
  ok(most > 1 && most <= 16, String(most));
});

Deno.test("a search gives all of its nodes, page by page", async () => {
  let made = 0;
  const host = await open({
    async *search() {
      for (; made < 3_000; made++) yield { id: made };
    },
  });
  let seen = 0;
  const values = host.work({
    type: "command",
    name: "search",
    args: [],
    input: [],
    config: {},
  }, NEVER);
  for await (const value of values) {
    strictEqual(value, seen);
    seen++;
  }
  deepStrictEqual([seen, made], [3_000, 3_000]);
});

Deno.test("a collect that asks goes on while core takes its lines slowly", async () => {
  const manifest = testManifest("asker");
  const config = { count: 20_000 };
  const host = await open({
    account: (id) => Promise.resolve({ id, credentials: { key: "fresh" } }),
  });
  const lines = host.collect(manifest, config, { id: "1" }, NEVER);
  let fresh = 0;
  let next = await lines.next();
  while (next.done !== true) {
    fresh += next.value.split('"fresh"').length - 1;
    // As core does that writes before it reads on.
    await new Promise((resolve) => setTimeout(resolve));
    next = await lines.next();
  }
  strictEqual(next.value.failure, undefined);
  strictEqual(next.value.nodes, config.count);
  strictEqual(fresh, config.count / 500);
});

Deno.test("who ends a plugin ends what was asked for it", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const host = await open({
    account(_id, signal) {
      asked.resolve(signal);
      return new Promise(() => {});
    },
  });
  const stop = new AbortController();
  const ended = command(host, "account", ["1"], stop.signal);
  const signal = await asked.promise;
  strictEqual(signal.aborted, false);
  stop.abort(new Error("stopped"));
  await rejects(ended, /stopped/);
  strictEqual(signal.aborted, true);
  match(String(signal.reason), /The plugin has ended/);
});
