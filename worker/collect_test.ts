import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { MergeReport, ModelUpdate } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { pageText } from "@skymap/lib/pages";
import type { Account, AccountList, PluginManifest } from "@skymap/lib/plugin";
import {
  collectAll,
  collectFailure,
  type Collecting,
  type CollectOptions,
  type CollectTarget,
} from "./collect.ts";
import { WorkerMetrics } from "./metrics.ts";
import { testManifest } from "./_test_plugins.ts";
import type { CollectOutcome } from "./plugin/host.ts";

type Lines = AsyncGenerator<string, CollectOutcome>;

const FINE: CollectOutcome = {
  nodes: 1,
  failedScopes: 0,
  forgedScopes: 0,
  usage: { seconds: 1, scopes: 1, usage: undefined, slowest: [] },
};

interface FakePlugin {
  readonly name: string;
  readonly list?: AccountList;
  readonly describe?: () => Promise<PluginManifest>;
  readonly collect?: (account: Account, signal: AbortSignal) => Lines;
}

async function* oneLine({ id }: Account): Lines {
  yield await Promise.resolve(`{"account":"${id}"}\n`);
  return FINE;
}

function fake(
  { name, list, describe, collect = oneLine }: FakePlugin,
): Collecting {
  return {
    spec: name,
    describe: describe ?? (() => Promise.resolve(testManifest(name))),
    accounts: () =>
      Promise.resolve(list ?? { accounts: [{ id: "1" }, { id: "2" }] }),
    collect: (_manifest, _config, account, signal) => collect(account, signal),
  };
}

/** A core that keeps what it is told. */
class FakeCore implements CollectTarget {
  readonly models: ModelUpdate[] = [];
  readonly merges: unknown[][] = [];
  /** Errors of the next merges, before they work. */
  readonly errors: SkymapError[] = [];

  putModel(update: ModelUpdate): Promise<void> {
    this.models.push(update);
    return Promise.resolve();
  }

  async merge(body: ReadableStream<Uint8Array>): Promise<MergeReport> {
    const error = this.errors.shift();
    if (error !== undefined) {
      await body.cancel();
      throw error;
    }
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of body) text += decoder.decode(chunk);
    this.merges.push(
      text.trimEnd().split("\n").map((line) => JSON.parse(line)),
    );
    return { rejected: 0 } as MergeReport;
  }
}

function setUp(options: Partial<CollectOptions>) {
  const core = new FakeCore();
  const infos: string[] = [];
  const metrics = new WorkerMetrics();
  const collecting = collectAll({
    plugins: [],
    pluginConfig: {},
    target: core,
    poolSize: 5,
    metrics,
    signal: new AbortController().signal,
    info: (level, message) => {
      if (level !== "info") infos.push(message);
    },
    firstDelayMs: 1,
    ...options,
  });
  return { core, infos, metrics, collecting };
}

Deno.test("collectAll() sends the kinds, then one stream for each account", async () => {
  const { core, collecting } = setUp({ plugins: [fake({ name: "a" })] });
  deepStrictEqual(await collecting, {
    accounts: 2,
    nodes: 2,
    failedScopes: 0,
    failures: [],
  });
  deepStrictEqual(core.models.map(({ plugin }) => plugin.name), ["a"]);
  deepStrictEqual(
    core.merges,
    ["1", "2"].map((account) => [
      { account },
      { type: "end", collected: { cloud: "a", account } },
    ]),
  );
});

Deno.test("collectAll() lets no plugin stop another", async () => {
  const { core, infos, collecting } = setUp({
    plugins: [
      fake({
        name: "bad",
        describe: () =>
          Promise.reject(new SkymapError("plugin_crashed", "it went away")),
      }),
      fake({ name: "good" }),
    ],
  });
  const summary = await collecting;
  strictEqual(summary.accounts, 2);
  deepStrictEqual(summary.failures, ["it went away"]);
  deepStrictEqual(infos, ["it went away"]);
  strictEqual(core.merges.length, 2);
  match(collectFailure(summary)?.message ?? "", /it went away; 2 accounts/);
});

Deno.test("collectAll() lets one plugin alone collect a cloud", async () => {
  const { core, collecting } = setUp({
    plugins: [
      fake({ name: "a" }),
      { ...fake({ name: "a" }), spec: "./other.ts" },
    ],
  });
  deepStrictEqual((await collecting).failures, [
    'Cannot collect with plugin "./other.ts": "a" collects cloud "a" already',
  ]);
  strictEqual(core.merges.length, 2);
});

Deno.test("collectAll() goes on after an account that failed", async () => {
  const failure = new SkymapError("plugin_timeout", "too slow");
  async function* slow(account: Account): Lines {
    yield* oneLine(account);
    return account.id === "1" ? { ...FINE, failure } : FINE;
  }
  const { core, collecting, metrics } = setUp({
    plugins: [fake({ name: "a", collect: slow })],
  });
  const { failures } = await collecting;
  deepStrictEqual(failures, ['Cannot collect account "1" of a: too slow']);
  strictEqual(core.merges.length, 2);
  const page = await pageText(await metrics.blocks());
  match(page, /accounts_total\{plugin="a",result="failed"\} 1/);
  match(page, /accounts_total\{plugin="a",result="done"\} 1/);
  match(page, /accounts_running 0/);
});

Deno.test("collectAll() collects an account again when core was away", async () => {
  const { core, collecting } = setUp({ plugins: [fake({ name: "a" })] });
  core.errors.push(
    new SkymapError("core_unreachable", "away"),
    new SkymapError("unavailable", "starting"),
  );
  deepStrictEqual((await collecting).failures, []);
  strictEqual(core.merges.length, 2);
});

Deno.test("collectAll() stops a silent plugin when core refuses its merge", async () => {
  let stopped: unknown;
  async function* silent(_account: Account, signal: AbortSignal): Lines {
    stopped = await new Promise((resolve) =>
      signal.addEventListener("abort", () => resolve(signal.reason))
    );
    signal.throwIfAborted();
    yield "";
    return FINE;
  }
  const { collecting } = setUp({
    plugins: [
      fake({ name: "a", collect: silent, list: { accounts: [{ id: "1" }] } }),
    ],
    target: {
      putModel: () => Promise.resolve(),
      async merge(body) {
        body.getReader().read().catch(() => {});
        await Promise.resolve();
        throw new SkymapError("permission_denied", "not yours");
      },
    },
  });
  deepStrictEqual((await collecting).failures, [
    'Cannot send account "1" of a: not yours',
  ]);
  strictEqual((stopped as Error).message, "The merge has ended");
});

Deno.test("collectAll() does not try again what core refuses", async () => {
  const { core, collecting } = setUp({ plugins: [fake({ name: "a" })] });
  core.errors.push(new SkymapError("merge_malformed", "line 1"));
  const { failures } = await collecting;
  deepStrictEqual(failures, ['Cannot send account "1" of a: line 1']);
  strictEqual(core.merges.length, 1);
});

Deno.test("collectAll() never runs more accounts than the pool holds, over all plugins", async () => {
  let running = 0;
  let most = 0;
  async function* counted(account: Account): Lines {
    most = Math.max(most, ++running);
    yield* oneLine(account);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    running--;
    return FINE;
  }
  const accounts = Array.from({ length: 9 }, (_, id) => ({ id: String(id) }));
  const { collecting } = setUp({
    poolSize: 3,
    plugins: ["a", "b"].map((name) =>
      fake({ name, list: { accounts }, collect: counted })
    ),
  });
  strictEqual((await collecting).accounts, 18);
  strictEqual(most, 3);
});

Deno.test("collectAll() tells which accounts there are, and which cannot be reached", async () => {
  const { core, collecting } = setUp({
    plugins: [
      fake({
        name: "a",
        list: {
          accounts: [],
          all: ["1", "2"],
          unreachable: [{ id: "2", code: "AccessDenied", message: "no" }],
        },
      }),
    ],
  });
  const { failures } = await collecting;
  deepStrictEqual(core.merges, [[
    { type: "accounts", cloud: "a", accounts: ["1", "2"] },
    {
      type: "account_failed",
      cloud: "a",
      account: "2",
      error: { code: "AccessDenied", message: "no" },
    },
    { type: "end" },
  ]]);
  deepStrictEqual(failures, [
    'Cannot collect account "2" of a: AccessDenied: no',
  ]);
});

Deno.test("collectAll() stops what runs when its signal aborts", async () => {
  const controller = new AbortController();
  let ended = false;
  async function* endless(_account: Account, signal: AbortSignal): Lines {
    try {
      for (;;) {
        yield await Promise.resolve("{}\n");
        signal.throwIfAborted();
        controller.abort(new Error("stop"));
      }
    } finally {
      ended = true;
    }
  }
  const { collecting } = setUp({
    plugins: [fake({ name: "a", collect: endless })],
    poolSize: 1,
    signal: controller.signal,
  });
  await rejects(collecting, /stop/);
  ok(ended);
});

Deno.test("collectFailure() is undefined when all went well", () => {
  strictEqual(
    collectFailure({ accounts: 1, nodes: 1, failedScopes: 3, failures: [] }),
    undefined,
  );
});

Deno.test("collectAll() says how many accounts of each plugin are done", async () => {
  const seen: string[] = [];
  const { collecting } = setUp({
    plugins: [fake({ name: "a" }), fake({ name: "b" })],
    progress: ({ parts }) =>
      seen.push(
        (parts as { name: string; current: number; total: number }[])
          .map(({ name, current, total }) => `${name} ${current}/${total}`)
          .join(", "),
      ),
  });
  await collecting;
  match(seen[0] ?? "", /^[ab] 0\/2$/);
  match(seen.at(-1) ?? "", /^[ab] 2\/2, [ab] 2\/2$/);
  strictEqual(seen.length, 6);
});

Deno.test("collectAll() tells what each account took, and which scopes took longest", async () => {
  const told: unknown[] = [];
  const usage = { calls: 40, throttles: 3, bytes: 1_260_000, waited_ms: 900 };
  const { collecting } = setUp({
    plugins: [fake({
      name: "a",
      list: { accounts: [{ id: "1" }] },
      // deno-lint-ignore require-yield -- what it took is what counts
      async *collect() {
        return await Promise.resolve({
          ...FINE,
          usage: {
            seconds: 12.5,
            scopes: 2,
            usage,
            slowest: [
              { kind: "a_thing", region: "r1", seconds: 9, usage },
              { kind: "a_account", region: "", seconds: 0.5 },
            ],
          },
        });
      },
    })],
    info: (level, message, details) => told.push([level, message, details]),
  });
  await collecting;
  deepStrictEqual(told, [[
    "info",
    'Collected account "1" of a: 1 nodes; 12.5 s, 2 scopes, 40 calls, ' +
    "3 throttled, 1.3 MB, waited 0.9 s; slowest a_thing in r1 (9 s, 40 calls), " +
    "a_account (0.5 s)",
    {
      nodes: 1,
      scopes: 2,
      failed_scopes: 0,
      seconds: 12.5,
      ...usage,
      slowest: [
        { kind: "a_thing", region: "r1", seconds: 9, ...usage },
        { kind: "a_account", region: "", seconds: 0.5 },
      ],
    },
  ]]);
});
