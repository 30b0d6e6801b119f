import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { PhasePermissions, PluginManifest } from "@skymap/lib/plugin";
import { type IssueMessage, sha256Of } from "@skymap/lib/plugin_host";
import type { Access } from "./audit.ts";
import { type PluginAccess, PluginHost } from "./host.ts";
import { findInstallation } from "./source.ts";

const NEVER = new AbortController().signal;

/** A plugin as text; `code` is what its command `try` does. */
function moduleOf(code: string, head = ""): string {
  return `import { definePlugin } from "@skymap/lib/plugin";
${head}
export default definePlugin({
  name: "packed",
  version: "1.0.0",
  description: "A module without a file",
  permissions: { commands: { net: ["asked.example"] } },
  actions: { post_collect: ({ data, issue }) => issue("info", "saw " + data.run) },
  tasks: {
    tag: ({ args, account }) => ({ ...args, by: account.credentials.user }),
    silent: () => {},
  },
  commands: {
    try: async ({ args, input, write, config, signal }) => { ${code} },
  },
  reactions: [{
    name: "lost",
    search: "is(volume)",
    react: ({ changes, issue }) => issue("warning", "lost " + changes.left.length),
  }],
});`;
}

interface Tried {
  readonly values: readonly Json[];
  readonly accesses: readonly Access[];
}

interface SetUp {
  readonly approved?: PhasePermissions;
  readonly sha256?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onAccess?: (access: PluginAccess) => void;
  readonly onIssue?: (issue: IssueMessage) => void;
}

async function hostOf(text: string, setUp: SetUp = {}): Promise<PluginHost> {
  const { approved = {}, sha256 = await sha256Of(text), env = {} } = setUp;
  return new PluginHost({
    source: { spec: "packed@1.0.0", sha256, text },
    installation: await findInstallation(),
    approved,
    deno: Deno.execPath(),
    env: (name) => env[name] ?? Deno.env.get(name),
    limits: {
      timeoutMs: 20_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 1_000_000,
    },
    ...(setUp.onAccess && { onAccess: setUp.onAccess }),
    ...(setUp.onIssue && { onIssue: setUp.onIssue }),
  });
}

async function valuesOf(values: AsyncIterable<Json>): Promise<Json[]> {
  const all: Json[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Runs the command `try`. */
async function tryOut(
  code: string,
  { head, config = {}, ...setUp }: SetUp & {
    readonly head?: string;
    readonly config?: JsonObject;
  } = {},
): Promise<Tried> {
  const accesses: Access[] = [];
  const host = await hostOf(moduleOf(code, head), {
    ...setUp,
    onAccess: (access) => accesses.push(...access.accesses),
  });
  const values = await valuesOf(
    host.work({
      type: "command",
      name: "try",
      args: ["a", "b"],
      input: [1, 2],
      config,
    }, NEVER),
  );
  return { values, accesses };
}

Deno.test("PluginHost runs a module that lies nowhere", async () => {
  const { values, accesses } = await tryOut(
    `await write({ args, input, config }); await write(import.meta.url.slice(0, 5));`,
    { config: { x: 1 } },
  );
  deepStrictEqual(values, [
    { args: ["a", "b"], input: [1, 2], config: { x: 1 } },
    "blob:",
  ]);
  deepStrictEqual(accesses, []);
});

Deno.test("PluginHost does the tasks, actions and reactions of a plugin", async () => {
  const issues: string[] = [];
  const host = await hostOf(moduleOf(""), {
    onIssue: ({ message }) => issues.push(message),
  });
  const manifest = await host.describe(NEVER);
  deepStrictEqual(
    [manifest.collects, manifest.actions, manifest.tasks, manifest.reactions],
    [false, ["post_collect"], ["silent", "tag"], [
      { name: "lost", search: "is(volume)" },
    ]],
  );
  const config = {};
  const account = { id: "1", credentials: { user: "u" } };
  const args = { id: "x" };
  deepStrictEqual(
    await valuesOf(
      host.work({ type: "task", name: "tag", args, account, config }, NEVER),
    ),
    [{ id: "x", by: "u" }],
  );
  deepStrictEqual(
    await valuesOf(
      host.work({ type: "task", name: "silent", args, config }, NEVER),
    ),
    [null],
  );
  deepStrictEqual(
    await valuesOf(
      host.work({
        type: "action",
        name: "post_collect",
        data: { run: "r1" },
        config,
      }, NEVER),
    ),
    [],
  );
  const changes = { appeared: [], changed: [], left: [{ id: "v" }] };
  await valuesOf(
    host.work({ type: "reaction", name: "lost", changes, config }, NEVER),
  );
  deepStrictEqual(issues, ["saw r1", "lost 1"]);
  for (const name of ["nothing", "toString", "__proto__"]) {
    await rejects(
      valuesOf(
        host.work({ type: "task", name, args, config }, NEVER),
      ),
      {
        code: "task_failed",
        message:
          `Cannot do the task of plugin "packed@1.0.0": it has no task "${name}"`,
      },
    );
  }
});

Deno.test("PluginHost runs no module but the one that was approved", async () => {
  const wanted = await sha256Of("another");
  const text = moduleOf("");
  const host = await hostOf(text, { sha256: wanted });
  const actual = await sha256Of(text);
  await rejects(host.describe(NEVER), {
    code: "plugin_invalid",
    message:
      `Cannot run plugin "packed@1.0.0": its module has sha256 ${actual}, wanted ${wanted}`,
  });
});

Deno.test("PluginHost gives what was approved, and not what a manifest asks for", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("here"),
  );
  await using _server = server;
  const own = `127.0.0.1:${server.addr.port}`;
  const { values, accesses } = await tryOut(
    `for (const url of config.urls) {
      await write(await fetch(url).then((r) => r.text(), (e) => e.name));
    }
    for (let n = 0; n < 3; n++) {
      try { Deno.env.get("OTHER_" + (n % 2)); } catch { /* told */ }
    }
    await write(Deno.env.get("GIVEN"));`,
    {
      approved: { commands: { net: [own], env: ["GIVEN"] } },
      env: { GIVEN: "yes" },
      config: { urls: [`http://${own}/`, "http://asked.example/"] },
    },
  );
  deepStrictEqual(values, ["here", "NotCapable", "yes"]);
  deepStrictEqual(accesses, [
    { permission: "net", value: own, allowed: true, count: 1 },
    { permission: "net", value: "asked.example:80", allowed: false, count: 1 },
    { permission: "env", value: "OTHER_0", allowed: false, count: 2 },
    { permission: "env", value: "OTHER_1", allowed: false, count: 1 },
    { permission: "env", value: "GIVEN", allowed: true, count: 1 },
  ]);
});

const SECRETS = {
  account: { id: "1", credentials: { token: 'cr"ed-0123456789' } },
  config: { api_key: "config-0123456789" },
  variable: "variable-0123456789",
};

Deno.test("PluginHost tells no secret that it handed over", async () => {
  const leaks = `const all = [
    account.credentials.token, config.api_key, Deno.env.get("GIVEN_TOKEN"),
  ].join(" and ");`;
  const text = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "leaky",
  version: "1.0.0",
  description: "Says what it should not",
  containers: { account: "leaky_account", region: "leaky_region" },
  kinds: [{ name: "leaky_account", bases: ["account"] }, { name: "leaky_region", bases: ["region"] }],
  permissions: {},
  accounts: ({ config }) => ({
    accounts: [],
    unreachable: [{ id: "2", code: "x", message: "no entry with " + config.api_key }],
  }),
  async collect({ scope, account, config, issue, progress }) {
    ${leaks}
    issue("error", all, { all });
    progress([all], 1, 1);
    await scope({ kind: "leaky_account" }, () => { throw new Error(all); });
    await new Promise((resolve) => setTimeout(resolve, 50));
    setTimeout(() => { throw new Error("last words: " + all); });
    await new Promise(() => {});
  },
  tasks: { tell: ({ account, config }) => { ${leaks} throw new Error(all); } },
});`;
  const env = ["GIVEN_TOKEN"];
  const host = await hostOf(text, {
    approved: { collect: { env }, tasks: { env } },
    env: { GIVEN_TOKEN: SECRETS.variable },
  });
  const manifest = await host.describe(NEVER);
  const { account, config } = SECRETS;
  const list = await host.accounts(config, NEVER);
  strictEqual(list.unreachable?.[0]?.message, "no entry with REDACTED");
  const said: string[] = [];
  const lines = host.collect(manifest, config, account, NEVER);
  for (;;) {
    const next = await lines.next();
    said.push(
      next.done === true ? next.value.failure?.message ?? "" : next.value,
    );
    if (next.done === true) break;
  }
  await rejects(
    valuesOf(
      host.work(
        { type: "task", name: "tell", args: {}, account, config },
        NEVER,
      ),
    ),
    (error: Error) => said.push(error.message, JSON.stringify(error)) > 0,
  );
  const all = said.join("\n");
  strictEqual(all.match(/REDACTED and REDACTED and REDACTED/g)?.length, 8, all);
  for (
    const secret of ["ed-0123456789", "config-0123456789", SECRETS.variable]
  ) {
    ok(!all.includes(secret), all);
  }
});

/** What a module may import statically: nothing but the contract. */
const IMPORTS: readonly string[] = [
  "file:///etc/hostname",
  "npm:left-pad@1.3.0",
  "npm:zod@4.6.7",
  "jsr:@std/assert",
  "http://127.0.0.1:7999/x.ts",
  "./other.ts",
  "@skymap/lib/plugin_host/../../worker/settings.ts",
];

for (const specifier of IMPORTS) {
  Deno.test(`PluginHost lets no module import ${specifier}`, async () => {
    const host = await hostOf(moduleOf("", `import "${specifier}";`));
    const { code } = await host.describe(NEVER).then(
      () => ({ code: "it was imported" }),
      (error) => error as { code: string },
    );
    ok(["plugin_invalid", "plugin_unreachable"].includes(code), code);
    const { values } = await tryOut(
      `await write(await import(${
        JSON.stringify(specifier)
      }).then(() => "imported", (e) => e.name));`,
    );
    ok(values[0] !== "imported", specifier);
  });
}

/** What Deno's permissions leave open, or refuse without telling it. */
const CLOSED: readonly (readonly [code: string, permission: string])[] = [
  ["caches.open('x')", "storage"],
  ["localStorage.length", "storage"],
  ["sessionStorage.length", "storage"],
  ["new Worker('data:,1', { type: 'module' })", "worker"],
  ["new BroadcastChannel('x')", "worker"],
  [
    "new (await import('node:worker_threads')).Worker('1', { eval: true })",
    "worker",
  ],
  [
    "new (await import('node:worker_threads')).default.Worker('1', { eval: true })",
    "worker",
  ],
  [
    "new (process.getBuiltinModule('worker_threads').Worker)('1', { eval: true })",
    "worker",
  ],
  ["new BoundWorker('1', { eval: true })", "worker"],
  ["new (class extends BoundWorker {})('1', { eval: true })", "worker"],
  ["new BoundChannel('x')", "worker"],
  [
    "Object.setPrototypeOf(BoundWorker, Object.getPrototypeOf(class extends EventTarget {}))",
    "none",
  ],
  ["spawn('true', { env: {} })", "run"],
  ["new Deno.Command('true').spawn()", "run"],
  ["Deno.kill(1, 'SIGTERM')", "run"],
  ["process.kill(1)", "run"],
  ["process.getBuiltinModule('child_process').spawnSync('true')", "run"],
  ["delete globalThis.caches && caches.open('x')", "none"],
];

Deno.test("PluginHost closes what permissions leave open", async () => {
  const tries = CLOSED.map(([code]) =>
    `await (async () => ${code})().then(() => write("done"), (e) => write(e.name));`
  ).join("\n");
  const { values, accesses } = await tryOut(
    tries,
    {
      head: `import { spawn } from "node:child_process";
import process from "node:process";
import {
  BroadcastChannel as BoundChannel,
  Worker as BoundWorker,
} from "node:worker_threads";`,
    },
  );
  deepStrictEqual(
    values.map((value, at) => [CLOSED[at]?.[0], value]),
    CLOSED.map(([code, permission]) => [
      code,
      permission === "none" ? "TypeError" : "NotCapable",
    ]),
  );
  const counts: Record<string, number> = {};
  for (const { permission, allowed, count } of accesses) {
    ok(!allowed);
    counts[permission] = (counts[permission] ?? 0) + count;
  }
  // Node's spawn is stopped at the environment that it would hand on.
  deepStrictEqual(counts, { storage: 3, worker: 8, run: 4, env: 1 });
});

Deno.test("PluginHost audits what is reached for behind a flood of other words", async () => {
  const { values, accesses } = await tryOut(
    `const say = (text) => Deno.stderr.writeSync(new TextEncoder().encode(text));
    for (let n = 0; n < 50; n++) say("x".repeat(10_000));
    try { Deno.readTextFileSync("/etc/passwd"); } catch { /* told */ }
    say('{"v":1,"datetime":"');
    try { new Deno.Command("/bin/sh").outputSync(); } catch { /* told */ }
    for (let n = 0; n < 500; n++) { try { Deno.env.get("N" + n); } catch { /* told */ } }
    try { Deno.writeTextFileSync("/tmp/skymap-must-not-be-written", ""); } catch { /* told */ }
    try { Deno.env.get("L".repeat(200_000)); } catch { /* told */ }
    Deno.stderr.close();
    try { Deno.hostname(); } catch { /* told */ }
    await write("done");`,
  );
  deepStrictEqual(values, ["done"]);
  const of = (permission: string) =>
    accesses.filter((each) => each.permission === permission);
  ok(accesses.every(({ allowed }) => !allowed));
  deepStrictEqual(of("read").map(({ value }) => value), ["/etc/passwd"]);
  deepStrictEqual(of("run").map(({ value }) => value), ["Deno.Command"]);
  strictEqual(of("write").length, 1);
  strictEqual(of("sys")[0]?.value, "hostname");
  strictEqual(of("env").length, 200);
});

Deno.test("PluginHost asks no plugin for what is known of it", async () => {
  const known = await (await hostOf(moduleOf(""))).describe(NEVER);
  const host = new PluginHost({
    source: { spec: "packed", sha256: "0", text: "not even JavaScript" },
    installation: await findInstallation(),
    manifest: known as PluginManifest,
    approved: {},
    deno: "/nothing/is/started",
    env: () => undefined,
    limits: { timeoutMs: 1, maxHeapMb: 1, maxMemoryMb: 1, maxLineChars: 1 },
  });
  strictEqual(await host.describe(NEVER), known);
});
