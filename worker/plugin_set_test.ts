import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type {
  ActivePluginJson,
  ActivePlugins,
  CommandResult,
  PluginAccessJson,
} from "@skymap/lib/client";
import { aborted } from "@skymap/lib/lifecycle";
import { pageText } from "@skymap/lib/pages";
import type { PluginManifest } from "@skymap/lib/plugin";
import { sha256Of } from "@skymap/lib/plugin_host";
import { AccountLists } from "./account_lists.ts";
import { AccessReports } from "./access_reports.ts";
import { WorkerMetrics } from "./metrics.ts";
import { bundledPlugins, findInstallation } from "./plugin/source.ts";
import { PluginSet, type PluginSetOptions } from "./plugin_set.ts";
import { PluginWork, subscriberOf } from "./plugin_work.ts";
import { testActive } from "./_test_plugins.ts";

const signal = AbortSignal.timeout(60_000);
const installation = await findInstallation();
const names = await bundledPlugins(installation);
const nothing = new URL(`file://${await Deno.makeTempDir()}/`);
Deno.test.beforeAll(() => Deno.mkdir(new URL("plugins", nothing)));
Deno.test.afterAll(() => Deno.remove(nothing, { recursive: true }));

/** A registry that takes what it is told. */
class FakeRegistry {
  announced: readonly PluginManifest[] = [];
  readonly added: ActivePluginJson[] = [];
  readonly refuses = new Set<string>();
  readonly modules = new Map<string, string>();
  netCap: readonly string[] | undefined;
  revision = 1;
  announcements = 0;
  isSlow = false;
  fetches = 0;

  active(
    { unless }: { readonly unless?: string } = {},
  ): Promise<{ ok: true; data: ActivePlugins | null }> {
    const revision = String(this.revision);
    if (unless === revision) return Promise.resolve({ ok: true, data: null });
    const data: ActivePlugins = {
      revision,
      plugins: [
        ...this.announced.map((manifest) =>
          testActive(manifest.name, {
            source: "installation",
            version: manifest.version,
            manifest,
            permissions: manifest.permissions,
          })
        ),
        ...this.added,
      ],
      inactive: [],
      ...(this.netCap !== undefined && { net_cap: this.netCap }),
    };
    return Promise.resolve({ ok: true, data });
  }

  announce(manifests: readonly PluginManifest[]) {
    this.announced = manifests.filter(({ name }) => !this.refuses.has(name));
    this.announcements++;
    this.revision++;
    const refused = manifests.filter(({ name }) => this.refuses.has(name))
      .map(({ name }) => ({ name, reason: "unknown" }));
    return Promise.resolve({ ok: true as const, data: { refused } });
  }

  async module(
    name: string,
    _version: string,
    signal?: AbortSignal,
  ): Promise<string> {
    this.fetches++;
    if (this.isSlow && signal !== undefined) {
      await aborted(signal);
      signal.throwIfAborted();
    }
    return this.modules.get(name) ?? "";
  }

  async add(
    module: string,
    manifest: Partial<PluginManifest> & { readonly name: string },
    more: Partial<ActivePluginJson> = {},
  ): Promise<ActivePluginJson> {
    const { name, ...rest } = manifest;
    const sha256 = await sha256Of(module);
    const plugin = testActive(name, { sha256, ...more }, rest);
    this.modules.set(name, module);
    this.added.push(plugin);
    this.revision++;
    return plugin;
  }
}

/** What the plugins of a set do beside collecting. */
function workOf(
  set: PluginSet,
  isRun: (name: string) => boolean = () => true,
): PluginWork {
  const lists = new AccountLists({
    list: async (plugin, signal) =>
      await (await set.host(plugin, signal)).accounts({}, signal),
    config: () => ({}),
    signal,
  });
  return new PluginWork(set, lists, isRun);
}

function setOf(
  registry: FakeRegistry,
  options: Partial<PluginSetOptions> = {},
): PluginSet {
  return new PluginSet({
    client: registry,
    // What came with Skymap would only take its time to describe itself.
    installation: { ...installation, base: nothing.href },
    reports: new AccessReports({ send: () => Promise.resolve() }),
    config: () => ({}),
    referenced: () => ({}),
    most: () => ({}),
    ...options,
  });
}

const WORKING = `
  import { definePlugin } from "@skymap/lib/plugin";
  export default definePlugin({
    name: "helper",
    version: "1.0.0",
    description: "Helps",
    permissions: {},
    actions: {
      post_collect({ event, data }) {
        if (data.run === "bad") throw new Error("no " + event);
      },
    },
    tasks: {
      greet: ({ args, account }) => "hello " + args.who + (account?.id ?? ""),
    },
    commands: {
      async echo({ args, input, write }) {
        for (const each of [...args, ...input]) await write(each);
      },
      async flood({ write }) {
        for (;;) await write("x".repeat(100_000));
      },
      async reach() {
        await fetch("http://127.0.0.1:4321/secret").catch(() => {});
      },
    },
    reactions: [{
      name: "watch",
      search: "is(node)",
      react({ changes }) {
        if (changes.left.length !== 1) throw new Error("not one has left");
      },
    }],
  });
`;
const HELPER = {
  name: "helper",
  collects: false,
  actions: ["post_collect"],
  tasks: ["greet"],
  commands: ["echo", "flood", "reach"],
  reactions: [{ name: "watch", search: "is(node)" }],
};

function task(
  name: string,
  attrs: Record<string, string>,
  payload: Record<string, unknown>,
) {
  return { id: "t", name, attrs, payload: payload as never, signal };
}

Deno.test("PluginSet tells the registry once what came with this Skymap", async () => {
  const registry = new FakeRegistry();
  const set = setOf(registry, { installation });
  await set.refresh(signal);
  deepStrictEqual(registry.announced.map(({ name }) => name), names);
  deepStrictEqual(set.active.plugins.map(({ name }) => name), names);
  await set.refresh(signal);
  strictEqual(registry.announcements, 1);
  registry.announced = [];
  registry.revision++;
  await set.refresh(signal);
  strictEqual(registry.announcements, 2);
});

Deno.test("PluginSet goes on without what core does not take", async () => {
  const registry = new FakeRegistry();
  const [first = "", ...rest] = names;
  registry.refuses.add(first);
  const set = setOf(registry, { installation });
  await set.refresh(signal);
  deepStrictEqual(set.active.plugins.map(({ name }) => name), rest);
  registry.revision++;
  await set.refresh(signal);
  strictEqual(registry.announcements, 1);
});

Deno.test("PluginSet does not run files that are not what was approved", async () => {
  const registry = new FakeRegistry();
  const set = setOf(registry, { installation });
  await set.refresh(signal);
  const [first, ...rest] = registry.announced;
  ok(first !== undefined);
  registry.announce = () =>
    Promise.resolve({ ok: true, data: { refused: [] } });
  registry.announced = [{ ...first, description: "Another one" }, ...rest];
  registry.revision++;
  await set.refresh(signal);
  deepStrictEqual(
    set.active.plugins.map(({ name }) => name),
    names.filter((name) => name !== first.name),
  );
});

Deno.test("PluginSet fetches a module once, and runs it only with the hash that was approved", async () => {
  const registry = new FakeRegistry();
  const good = await registry.add(WORKING, HELPER);
  const bad = await registry.add("export default 1;", { name: "bad" }, {
    sha256: "0".repeat(64),
  });
  const set = setOf(registry);
  await set.refresh(signal);
  const work = workOf(set);
  for (const who of ["you", "me"]) {
    strictEqual(
      await work.doTask(task("greet", { cloud: "helper" }, { who })),
      `hello ${who}`,
    );
  }
  strictEqual(await set.host(good, signal), await set.host(good, signal));
  strictEqual(registry.fetches, 1);
  const host = await set.host(bad, signal);
  await rejects(host.accounts({}, signal), {
    code: "plugin_invalid",
    message: /has sha256 [0-9a-f]{64}, wanted 0{64}/,
  });
});

Deno.test("PluginSet refuses a configuration that lets in more than the policy", async () => {
  const registry = new FakeRegistry();
  registry.netCap = ["*.example.com:443"];
  const plugin = await registry.add(WORKING, HELPER, {
    permissions: { commands: { net: [{ config: "endpoint" }] } },
  });
  const set = setOf(registry, {
    config: () => ({ endpoint: "https://evil.example.org" }),
  });
  await set.refresh(signal);
  await rejects(set.host(plugin, signal), { code: "plugin_refused" });
});

Deno.test("PluginWork does what plugins do beside collecting", async () => {
  const registry = new FakeRegistry();
  await registry.add(WORKING, HELPER);
  const told: PluginAccessJson[] = [];
  const reports = new AccessReports({
    send: (accesses) => {
      told.push(...accesses);
      return Promise.resolve();
    },
  });
  const metrics = new WorkerMetrics();
  const set = setOf(registry, { reports, metrics });
  await set.refresh(signal);
  const work = workOf(set, (name) => name === "helper");
  const attrs = { plugin: "helper" };

  await work.act("post_collect", { run: "r", step: "s" }, signal, () => {});
  await rejects(
    work.act("post_collect", { run: "bad", step: "s" }, signal, () => {}),
    /no post_collect/,
  );
  deepStrictEqual(
    await work.doTask(
      task("plugin_command", attrs, {
        command: "echo",
        args: ["a"],
        input: [{ b: 1 }],
      }),
    ),
    { printed: ["a", { b: 1 }], messages: [] },
  );
  const flood = await work.doTask(
    task("plugin_command", attrs, { command: "flood" }),
  ) as unknown as CommandResult;
  match(flood.error?.message ?? "", /printed more than/);
  ok(flood.printed.length > 0, "what it printed before is not lost");
  const changes = { appeared: [], changed: [], left: [{ id: "n" }] };
  await work.doTask(
    task("plugin_reaction", attrs, { reaction: "watch", changes }),
  );
  await rejects(
    work.doTask(task("plugin_reaction", attrs, {
      reaction: "watch",
      changes: { ...changes, left: [] },
    })),
    /not one has left/,
  );
  await work.doTask(task("plugin_command", attrs, { command: "reach" }));
  await reports.flush();
  const denied = told.find(({ permission }) => permission === "net");
  deepStrictEqual(
    [denied?.plugin, denied?.phase, denied?.value, denied?.allowed],
    ["helper", "command", "127.0.0.1:4321", false],
  );
  const page = await pageText(await metrics.blocks());
  match(
    page,
    /^skymap_worker_plugin_denials_total\{plugin="helper",permission="net"\} 1$/m,
  );
  match(
    page,
    /^skymap_worker_plugin_runs_total\{plugin="helper",phase="reaction",result="failed"\} 1$/m,
  );
  await rejects(work.doTask(task("greet", { cloud: "none" }, {})), {
    code: "plugin_unknown",
  });
  await rejects(
    work.doTask(task("plugin_command", { plugin: "demo" }, {})),
    { message: /this worker does not run it/ },
  );
});

Deno.test("subscriberOf() wants the events and tasks of its plugins", () => {
  const identity = { subscriberId: "w", timeoutSeconds: 9 };
  const { subscriptions, capabilities } = subscriberOf(identity, [
    testActive("helper", {}, { ...HELPER, cloud: "fruit" }),
    testActive("plain"),
  ]);
  deepStrictEqual(Object.keys(subscriptions).sort(), [
    "collect",
    "post_collect",
  ]);
  strictEqual(subscriptions["post_collect"]?.timeout, 9);
  deepStrictEqual(capabilities, [
    { name: "plugin_command", filter: { plugin: ["helper"] } },
    { name: "plugin_reaction", filter: { plugin: ["helper"] } },
    { name: "greet", filter: { cloud: ["fruit"] } },
  ]);
  match(JSON.stringify(subscriberOf(identity, [])), /^((?!capabil).)*$/);
});

Deno.test("subscriberOf() takes tasks for the accounts that it reaches, and for none where it does not collect", () => {
  const identity = { subscriberId: "w", timeoutSeconds: 9 };
  const tasks = ["tag", "delete"];
  const capabilitiesOf = (account: readonly string[] | undefined) =>
    subscriberOf(
      identity,
      [testActive("fleet", {}, { tasks })],
      { reach: () => account },
    ).capabilities;
  deepStrictEqual(
    capabilitiesOf(["1", "2"]),
    tasks.map((name) => ({
      name,
      filter: { cloud: ["fleet"], account: ["1", "2"] },
    })),
  );
  deepStrictEqual(
    capabilitiesOf(undefined),
    tasks.map((name) => ({ name, filter: { cloud: ["fleet"] } })),
  );
  strictEqual(capabilitiesOf([]), undefined);
});

Deno.test("who waits for a module is not stopped with who asked for it first", async () => {
  const registry = new FakeRegistry();
  const plugin = await registry.add(WORKING, { name: "helper" });
  const set = setOf(registry);
  await set.refresh(signal);
  registry.isSlow = true;
  const first = new AbortController();
  const stopped = set.host(plugin, first.signal);
  const waiting = set.host(plugin, signal);
  registry.isSlow = false;
  first.abort(new DOMException("Stopped", "AbortError"));
  await rejects(stopped, { name: "AbortError" });
  strictEqual((await waiting).spec, "helper@1.0.0");
  strictEqual(registry.fetches, 2);
});

Deno.test("an answer that comes late does not bring back what was disabled", async () => {
  const registry = new FakeRegistry();
  const plugin = await registry.add(WORKING, { name: "helper" });
  const set = setOf(registry);
  await set.refresh(signal);
  const late = Promise.withResolvers<void>();
  const answer = registry.active.bind(registry);
  registry.active = async (query) => {
    registry.active = answer;
    const answered = await answer(query);
    await late.promise;
    return answered;
  };
  registry.revision++;
  const early = set.refresh(signal);
  registry.added.splice(registry.added.indexOf(plugin), 1);
  registry.revision++;
  const last = set.refresh(signal);
  // A turn of the event loop is enough for whoever does not wait its turn.
  await Promise.race([last, new Promise((resolve) => setTimeout(resolve, 0))]);
  late.resolve();
  await Promise.all([early, last]);
  deepStrictEqual(
    set.active.plugins.filter(({ name }) => name === "helper"),
    [],
  );
});

Deno.test("what a plugin says tells no variable that its configuration refers to", async () => {
  const registry = new FakeRegistry();
  const module = WORKING.replace(
    "post_collect({ event, data }) {",
    "post_collect({ event, data, config }) { throw new Error(`at ${config.place}`);",
  );
  await registry.add(module, HELPER);
  const set = setOf(registry, {
    config: () => ({ place: "https://example.com/open-sesame-1/eu-west-1234" }),
    referenced: () => ({
      SKYMAP_FRUIT_TOKEN: "open-sesame-1",
      SKYMAP_REGION: "eu-west-1234",
    }),
  });
  await set.refresh(signal);
  const work = workOf(set, (name) => name === "helper");
  await rejects(
    work.act("post_collect", { run: "r", step: "s" }, signal, () => {}),
    {
      message: /at https:\/\/example.com\/REDACTED\/eu-west-1234/,
    },
  );
});

const SWEEPER = `
  import { definePlugin } from "@skymap/lib/plugin";
  export default definePlugin({
    name: "sweeper",
    version: "1.0.0",
    description: "Marks what it is told to",
    permissions: { actions: { graph: ["clean", "tag"] } },
    actions: {
      async cleanup_plan({ graph, issue }) {
        issue("warning", "it is dusty", { dust: 3 });
        await graph.clean(["a", "b"], "dusty");
        await graph.clean(["c"], "dusty");
        await graph.tag(["a"], { dusty: "yes" });
        throw new Error("no more bags");
      },
    },
  });
`;

Deno.test("PluginWork tells a run what an action says and does to the graph, also when it fails", async () => {
  const registry = new FakeRegistry();
  await registry.add(SWEEPER, {
    name: "sweeper",
    collects: false,
    actions: ["cleanup_plan"],
  }, { permissions: { actions: { graph: ["clean", "tag"] } } });
  const set = setOf(registry, {
    answers: () => ({
      account: () => Promise.reject(new Error("none")),
      async *search() {},
      mark: ({ ids }) =>
        Promise.resolve({
          changed: ids.length - 1,
          refused: [{ id: "b", reason: "it is protected" }],
        }),
      tag: ({ ids }) => Promise.resolve({ changed: ids.length, refused: [] }),
    }),
  });
  await set.refresh(signal);
  const told: unknown[] = [];
  await rejects(
    workOf(set, (name) => name === "sweeper").act(
      "cleanup_plan",
      { run: "r", step: "s" },
      signal,
      (...each) => told.push(each),
    ),
    /no more bags/,
  );
  deepStrictEqual(told, [
    ["warning", "sweeper: it is dusty", { dust: 3 }],
    [
      "info",
      "sweeper: 1 nodes marked to be cleaned up, 2 refused",
      { plugin: "sweeper", change: "clean", changed: 1, refused: 2 },
    ],
    [
      "info",
      "sweeper: 1 nodes tagged, 0 refused",
      { plugin: "sweeper", change: "tag", changed: 1, refused: 0 },
    ],
  ]);
});

Deno.test("PluginWork tells the failure of each plugin of a step", async () => {
  const registry = new FakeRegistry();
  for (const name of ["sweeper", "broom"]) {
    await registry.add(SWEEPER.replace('"sweeper"', `"${name}"`), {
      name,
      collects: false,
      actions: ["cleanup_plan"],
    });
  }
  const set = setOf(registry);
  await set.refresh(signal);
  const told: string[] = [];
  const failure = await workOf(set, () => true).act(
    "cleanup_plan",
    { run: "r", step: "s" },
    signal,
    (level, message) => void told.push(`${level}: ${message}`),
  ).then(() => "", ({ message }: Error) => message);
  const errors = told.filter((each) => each.startsWith("error: "));
  const names = [failure, ...errors].map((each) =>
    /plugin "(\w+)@/.exec(each)?.[1]
  );
  deepStrictEqual(names.sort(), ["broom", "sweeper"]);
});

Deno.test("PluginWork starts no action of a plugin that is off, and wants none", async () => {
  const registry = new FakeRegistry();
  const plugin = await registry.add("throw new Error('it was started');", {
    name: "sweeper",
    collects: false,
    actions: ["cleanup_plan"],
    configSchema: { properties: { enabled: { default: false } } },
  });
  let section: Record<string, boolean> = {};
  const set = setOf(registry, { config: () => section });
  await set.refresh(signal);
  const work = workOf(set, (name) => name === "sweeper");
  const act = () =>
    work.act("cleanup_plan", { run: "r", step: "s" }, signal, () => {});
  const wanted = () =>
    Object.keys(
      subscriberOf({ subscriberId: "w", timeoutSeconds: 9 }, [plugin], {
        isOff: (each) => work.isOff(each),
      }).subscriptions,
    );
  await act();
  deepStrictEqual(wanted(), ["collect"]);
  section = { enabled: true };
  await rejects(act(), /it was started/);
  deepStrictEqual(wanted(), ["collect", "cleanup_plan"]);
});
