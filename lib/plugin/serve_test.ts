import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { CollectorDefinition, PluginDefinition } from "./contract.ts";
import type { PluginLine, PluginRequest } from "./protocol.ts";
import { servePlugin } from "./serve.ts";

const PLUGIN: CollectorDefinition<{ readonly count: number }> = {
  name: "tiny",
  version: "1.0.0",
  description: "Some things",
  containers: { account: "tiny_account", region: "tiny_region" },
  kinds: [{ name: "tiny_account" }, { name: "tiny_region" }],
  config: {
    parse(value) {
      const { count = 1 } = value as { count?: number };
      if (count < 0) throw new RangeError("count is below 0");
      return { count };
    },
  },
  permissions: {},
  isConfigured: ({ count }) => count > 0,
  accounts: ({ config }) => ({ accounts: [{ id: String(config.count) }] }),
  async collect({ config, scope, account, progress, issue }) {
    await scope({ kind: "tiny_account" }, async (found) => {
      for (let at = 0; at < config.count; at++) {
        await found.node({ id: `${account.id}-${at}`, reported: {} });
      }
    });
    progress(["1"], 1, 1);
    issue("warning", "slow");
  },
};

/** Serves one request; the input stays open, as the worker holds it. */
async function ask(
  request: PluginRequest,
  exported: unknown = PLUGIN,
): Promise<PluginLine[]> {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const writer = input.writable.getWriter();
  writer.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
  let text = "";
  await servePlugin({
    load: () => Promise.resolve({ default: exported }),
    input: input.readable,
    output: (chunk) => {
      text += new TextDecoder().decode(chunk);
      return Promise.resolve();
    },
  });
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("servePlugin() describes, checks and lists accounts", async () => {
  const [manifest, done] = await ask({ type: "describe" });
  ok(manifest?.type === "manifest");
  strictEqual(manifest.manifest.cloud, "tiny");
  deepStrictEqual(done, { type: "done" });
  deepStrictEqual(await ask({ type: "check", config: { count: 0 } }), [
    { type: "checked", configured: false },
    { type: "done" },
  ]);
  deepStrictEqual(await ask({ type: "accounts", config: { count: 7 } }), [
    { type: "account_list", list: { accounts: [{ id: "7" }] } },
    { type: "done" },
  ]);
});

Deno.test("servePlugin() describes each plugin of a list but those that cannot", async () => {
  const list = [
    ["broken", () => Promise.reject(new Error("it has no module"))],
    ["fine", () => Promise.resolve({ default: PLUGIN })],
    ["none", () => Promise.resolve({ default: { name: "none" } })],
  ];
  const lines = await ask({ type: "describe", each: true }, list);
  const [alone] = await ask({ type: "describe" });
  deepStrictEqual(lines, [{ ...alone as object, of: "fine" }, {
    type: "done",
  }]);
});

Deno.test("servePlugin() writes the policy of its configuration, or says that there is none", async () => {
  const request: PluginRequest = {
    type: "policy",
    config: { count: 7 },
    tag: true,
    cleanup: false,
  };
  const policy: PluginDefinition<{ readonly count: number }>["policy"] = (
    { config, tag, cleanup },
  ) => ({ Actions: config.count, tag, cleanup });
  deepStrictEqual(await ask(request, { ...PLUGIN, policy }), [
    {
      type: "policy_document",
      parts: [{ Actions: 7, tag: true, cleanup: false }],
    },
    { type: "done" },
  ]);
  const parts = [{ Actions: 1 }, { Actions: 2 }];
  deepStrictEqual(await ask(request, { ...PLUGIN, policy: () => parts }), [
    { type: "policy_document", parts },
    { type: "done" },
  ]);
  deepStrictEqual(await ask(request), [{
    type: "error",
    phase: "policy",
    error: { code: "TypeError", message: "it has none" },
  }]);
});

Deno.test("servePlugin() streams a collect, and says that it is done", async () => {
  const count = 5_000;
  const lines = await ask({
    type: "collect",
    config: { count },
    account: { id: "1" },
  });
  strictEqual(lines.length, count + 5);
  deepStrictEqual(lines.slice(-3).map(({ type }) => type), [
    "progress",
    "issue",
    "done",
  ]);
});

Deno.test("servePlugin() tells in which phase it failed", async () => {
  const [config] = await ask({ type: "accounts", config: { count: -1 } });
  deepStrictEqual(config, {
    type: "error",
    phase: "config",
    error: { code: "RangeError", message: "count is below 0" },
  });
  const [imported] = await ask({ type: "describe" }, null);
  ok(imported?.type === "error");
  strictEqual(imported.phase, "import");
  match(imported.error.message, /no default export/);
  const [collect] = await ask(
    { type: "collect", config: {}, account: { id: "1" } },
    { ...PLUGIN, collect: () => Promise.reject(new Error("all is lost")) },
  );
  deepStrictEqual(collect, {
    type: "error",
    phase: "collect",
    error: { code: "collect_failed", message: "all is lost" },
  });
});

Deno.test("servePlugin() returns when its worker is gone", async () => {
  const line = new TextEncoder().encode(
    `${
      JSON.stringify({ type: "collect", config: {}, account: { id: "1" } })
    }\n`,
  );
  await servePlugin({
    load: () =>
      Promise.resolve({
        default: { ...PLUGIN, collect: () => new Promise(() => {}) },
      }),
    input: new Blob([line]).stream(),
    output: () => Promise.resolve(),
  });
});

Deno.test("servePlugin() makes a plugin wait for whoever reads", async () => {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const request: PluginRequest = {
    type: "collect",
    config: { count: 100_000 },
    account: { id: "1" },
  };
  input.writable.getWriter().write(
    new TextEncoder().encode(`${JSON.stringify(request)}\n`),
  );
  let chunks = 0;
  let produced = 0;
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const served = servePlugin({
    load: () =>
      Promise.resolve({
        default: {
          ...PLUGIN,
          collect: async (context: Parameters<typeof PLUGIN.collect>[0]) => {
            await context.scope({ kind: "tiny_account" }, async (found) => {
              for (; produced < 100_000; produced++) {
                await found.node({ id: String(produced), reported: {} });
              }
            });
          },
        },
      }),
    input: input.readable,
    output: () => chunks++ === 0 ? held : Promise.resolve(),
  });
  // Two turns of the timers: all that can be produced without a reader is.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 5));
  ok(produced > 0 && produced < 10_000, `produced ${produced}`);
  release();
  await served;
  strictEqual(produced, 100_000);
});

/** Serves a task, and answers what it asks as `answer` says. */
async function work(
  task: NonNullable<PluginDefinition["tasks"]>[string],
  answer: (line: PluginLine & { type: "ask" }) => unknown,
): Promise<PluginLine[]> {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const writer = input.writable.getWriter();
  const send = (message: unknown) =>
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  send({ type: "task", name: "look", config: {}, args: {} });
  const lines: PluginLine[] = [];
  await servePlugin({
    load: () =>
      Promise.resolve({ default: { ...PLUGIN, tasks: { look: task } } }),
    input: input.readable,
    output(chunk) {
      for (
        const text of new TextDecoder().decode(chunk).trimEnd().split("\n")
      ) {
        const line: PluginLine = JSON.parse(text);
        lines.push(line);
        if (line.type === "ask") send(answer(line));
      }
      return Promise.resolve();
    },
  });
  return lines;
}

Deno.test("servePlugin() gives a task the accounts and the graph that its worker answers with", async () => {
  const lines = await work(async ({ accountOf, graph }) => {
    const { credentials } = await accountOf("2");
    const names: string[] = [];
    for await (const { id } of graph.search("all")) names.push(id);
    return { key: credentials?.["key"] ?? null, names };
  }, ({ id, ask }) => ({
    type: "answer",
    id,
    value: ask.what === "account"
      ? { id: ask.id, credentials: { key: "secret" } }
      : { search: id, nodes: [{ id: "a" }], more: false },
  }));
  deepStrictEqual(
    lines.find(({ type }) => type === "result"),
    { type: "result", value: { key: "secret", names: ["a"] } },
  );
});

Deno.test("servePlugin() fails with the reason for which its worker refused", async () => {
  const lines = await work(
    ({ graph }) => graph.clean(["a"], "unused").then(() => null),
    ({ id }) => ({
      type: "answer",
      id,
      error: { code: "permission_denied", message: "it may not" },
    }),
  );
  deepStrictEqual(lines.at(-1), {
    type: "error",
    phase: "task",
    error: { code: "permission_denied", message: "it may not" },
  });
});

Deno.test("servePlugin() gives a collect its account anew", async () => {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const writer = input.writable.getWriter();
  const send = (message: unknown) =>
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  send({ type: "collect", config: {}, account: { id: "1" } });
  let fresh: unknown;
  await servePlugin({
    load: () =>
      Promise.resolve({
        default: {
          ...PLUGIN,
          async collect(
            { freshAccount }: Parameters<typeof PLUGIN.collect>[0],
          ) {
            fresh = await freshAccount();
          },
        },
      }),
    input: input.readable,
    output(chunk) {
      const [line = ""] = new TextDecoder().decode(chunk).split("\n");
      const { type, id, ask } = JSON.parse(line);
      if (type === "ask") {
        send({ type: "answer", id, value: { ...ask, name: "fresh" } });
      }
      return Promise.resolve();
    },
  });
  deepStrictEqual(fresh, { what: "account", id: "1", name: "fresh" });
});
