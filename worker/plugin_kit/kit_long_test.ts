import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { until } from "@skymap/lib/testing";
import { join } from "node:path";
import type { CollectTarget } from "../collect.ts";
import { developPlugin } from "./develop_plugin.ts";
import { findFaults, type Findings } from "./find_faults.ts";
import { newPlugin } from "./new_plugin.ts";
import { packPlugin } from "./pack_plugin.ts";
import { showGraph } from "./show_trial.ts";
import { type Trial, type TrialOptions, tryPlugin } from "./try_plugin.ts";

const signal = new AbortController().signal;

/** Writes a module into a folder of its own and gives its path. */
async function fileOf(text: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-kit-test-" });
  const path = join(folder, "mod.ts");
  await Deno.writeTextFile(path, text);
  return path;
}

/** A plugin with one account; `list` fills its scope of things. */
function pluginText(
  list: string,
  { permissions = "{}", kinds = "" } = {},
): string {
  return `import { definePlugin, fetchJson } from "@skymap/lib/plugin";
export default definePlugin({
  name: "probe",
  version: "1.0.0",
  description: "Tries things",
  containers: { account: "probe_account", region: "probe_region" },
  kinds: [
    { name: "probe_account", bases: ["account"], description: "x" },
    { name: "probe_region", bases: ["region"], description: "x" },
    {
      name: "probe_thing",
      bases: ["resource"],
      description: "x",
      properties: { size: { kind: "int64", description: "x" } },
    },
    ${kinds}
  ],
  permissions: ${permissions},
  isConfigured: (config) => config.off !== true,
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect({ account, scope, config }) {
    await scope({ kind: "probe_account" }, (found) =>
      found.node({ id: account.id, reported: {} }));
    await scope({ kind: "probe_region" }, (found) =>
      found.node({ id: "here", reported: {} }));
    await scope({ kind: "probe_thing", region: "here" }, async (found) => {
      ${list}
    });
  },
});`;
}

async function tryText(
  text: string,
  options: Partial<TrialOptions> = {},
): Promise<{ trial: Trial; findings: Findings }> {
  const packed = await packPlugin({ spec: await fileOf(text), signal });
  const config = options.config ?? {};
  const trial = await tryPlugin({
    packed,
    config,
    record: true,
    signal,
    ...options,
  });
  return { trial, findings: findFaults(trial, config) };
}

const GOOD = `await found.node({ id: "a", reported: { size: 1 } });`;

/** What a plugin does in its scope, and what is found wrong with it. */
const FAULTS: readonly {
  readonly name: string;
  readonly list: string;
  readonly permissions?: string;
  readonly kinds?: string;
  readonly faults?: readonly (string | RegExp)[];
  readonly notes?: readonly string[];
}[] = [
  { name: "nothing wrong", list: GOOD },
  {
    name: "it asks for too little",
    list: `${GOOD} try { Deno.env.get("SOME_NAME"); } catch { /* told */ }`,
    faults: [
      'collect reached for env "SOME_NAME" and was refused; ask for it in permissions.collect.env, or do without',
    ],
  },
  {
    name: "it asks for what nobody gets",
    list: `${GOOD} try { Deno.kill(1); } catch { /* told */ }
      try { Deno.writeTextFileSync("/x", ""); } catch { /* told */ }`,
    faults: [
      'collect reached for run "Deno.kill", which no plugin gets',
      'collect reached for write "/x", which no plugin gets',
    ],
  },
  {
    name: "it asks for too much",
    list: GOOD,
    permissions:
      `{ accounts: { sys: ["uid"] }, collect: { net: ["api.example:443"] } }`,
    notes: [
      'probe asks for sys "uid" in accounts, but did not use it',
      'probe asks for net "api.example:443" in collect, but did not use it',
    ],
  },
  {
    name: "what it found does not fit",
    list: `await found.node({ id: "a", reported: { size: "big", other: 1 } });`,
    faults: [
      '"probe_thing.size" is "big", expected int64',
      '"probe_thing.other" is set, but not declared',
    ],
  },
  {
    name: "a scope fails",
    list: `throw new TypeError("no such list");`,
    faults: ["scope 1/here/probe_thing failed: TypeError: no such list"],
    notes: [
      'no resource of kind "probe_thing" was found, so it was not checked',
    ],
  },
  {
    name: "it ends in the middle",
    list:
      `await new Promise((resolve) => setTimeout(resolve, 100)); Deno.exit(3);`,
    faults: [
      /^account "1": Plugin "probe" ended with exit code 3$/,
      /^scope 1\/here\/probe_thing failed: plugin_crashed: /,
    ],
    notes: [
      'no resource of kind "probe_thing" was found, so it was not checked',
    ],
  },
  {
    name: "a kind is not listed, and words are missing",
    list: GOOD,
    kinds: `{ name: "probe_other", bases: ["volume"] },
      { name: "probe_value", properties: { x: { kind: "string" } } },`,
    notes: [
      'no scope of kind "probe_other" was opened',
      'kind "probe_other" has no description',
      'kind "probe_value" has no description',
      'property "probe_value.x" has no description',
    ],
  },
];

for (const { name, list, faults = [], notes = [], ...parts } of FAULTS) {
  Deno.test(`findFaults() tells that ${name}`, async () => {
    const { findings } = await tryText(pluginText(list, parts));
    strictEqual(
      findings.faults.length,
      faults.length,
      findings.faults.join("\n"),
    );
    for (const [at, fault] of faults.entries()) {
      const found = findings.faults[at] ?? "";
      if (typeof fault === "string") strictEqual(found, fault);
      else match(found, fault);
    }
    deepStrictEqual(findings.notes, notes);
  });
}

Deno.test("findFaults() tells that nothing was tried", async () => {
  const { trial, findings } = await tryText(pluginText(GOOD), {
    config: { off: true },
  });
  strictEqual(trial.scopes.size, 0);
  deepStrictEqual(findings, {
    faults: [],
    notes: ["its configuration is not enough to collect, so it was not run"],
  });
});

Deno.test("tryPlugin() records the calls of a plugin, and runs it on the record", async () => {
  let calls = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      calls++;
      const isAsked =
        request.headers.get("authorization") === "Bearer top-secret-1";
      return Response.json(isAsked ? [{ id: "a", token: "top-secret-2" }] : []);
    },
  );
  const endpoint = `http://127.0.0.1:${server.addr.port}`;
  const text = pluginText(
    `const init = { headers: { authorization: "Bearer " + config.secret } };
      for (const { id } of await fetchJson(config.endpoint + "/things", { init })) {
        await found.node({ id, reported: {} });
      }`,
    { permissions: `{ collect: { net: [{ config: "endpoint" }] } }` },
  );
  const recorded = await tryText(text, {
    config: { endpoint, secret: "top-secret-1" },
  });
  await server.shutdown();
  deepStrictEqual(recorded.findings, { faults: [], notes: [] });
  strictEqual(calls, 1);
  const { answers } = recorded.trial;
  strictEqual(answers.length, 1);
  ok(!JSON.stringify(answers).includes("top-secret"));
  const replayed = await tryText(text, {
    config: { endpoint, secret: "another" },
    replay: answers,
  });
  deepStrictEqual(replayed.findings, { faults: [], notes: [] });
  deepStrictEqual(replayed.trial.scopes, recorded.trial.scopes);
  const unknown = await tryText(text, { config: { endpoint }, replay: [] });
  match(
    unknown.findings.faults.join(),
    /Cannot replay GET http:.*\/things: no such call was recorded, record again/,
  );
});

Deno.test("newPlugin() makes a plugin that is good, and whose test passes", async () => {
  const folder = join(await Deno.makeTempDir(), "river");
  deepStrictEqual(await newPlugin(folder), [
    "mod.ts",
    "mod_test.ts",
    "deno.json",
  ]);
  const packed = await packPlugin({ spec: join(folder, "mod.ts"), signal });
  const trial = await tryPlugin({ packed, config: {}, record: true, signal });
  deepStrictEqual(findFaults(trial, {}), { faults: [], notes: [] });
  const [first] = showGraph(trial);
  strictEqual(first, "river 0.1.0: 1 account, 6 scopes, 11 nodes, 8 edges");
  const test = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-lock"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  match(new TextDecoder().decode(test.stdout), /1 passed \| 0 failed/);
  await rejects(newPlugin(folder), {
    code: "conflict",
    message:
      `Cannot make plugin "river": ${folder} exists, wanted a new folder`,
  });
  await rejects(newPlugin(`${folder}-2`), { code: "usage" });
});

Deno.test("developPlugin() runs it again when a file changes, until it is stopped", async () => {
  const path = await fileOf(pluginText(GOOD));
  const stop = new AbortController();
  const lines: string[] = [];
  const running = developPlugin({
    spec: path,
    config: () => ({}),
    once: false,
    print: (more) => lines.push(...more),
    signal: stop.signal,
  });
  const waits = (count: number) => () =>
    lines.filter((line) => line.startsWith("waiting")).length === count;
  await until(waits(1), { timeoutMs: 30_000 });
  await Deno.writeTextFile(path, "export default {;");
  await until(waits(2), { timeoutMs: 30_000 });
  await Deno.writeTextFile(
    path,
    pluginText(
      `console.log("here I am"); try { await fetch("http://a.example"); } catch { /* told */ }`,
    ),
  );
  await until(waits(3), { timeoutMs: 30_000 });
  stop.abort();
  strictEqual(await running, 0);
  const shown = lines.join("\n");
  match(shown, /probe 1\.0\.0: 1 account, 3 scopes, 3 nodes/);
  match(shown, /fault: Cannot pack plugin/);
  match(shown, /printed: here I am/);
  match(shown, /fault: collect reached for net "a\.example:80"/);
});

Deno.test("developPlugin() sends what it finds to a core", async () => {
  const models: string[] = [];
  const bodies: string[] = [];
  const target: CollectTarget = {
    putModel({ plugin }) {
      models.push(plugin.name);
      return Promise.resolve();
    },
    async merge(body) {
      bodies.push(await new Response(body).text());
      return {} as Awaited<ReturnType<CollectTarget["merge"]>>;
    },
  };
  const lines: string[] = [];
  const code = await developPlugin({
    spec: await fileOf(pluginText(GOOD)),
    config: () => ({}),
    once: true,
    target,
    print: (more) => lines.push(...more),
    signal,
  });
  strictEqual(code, 0, lines.join("\n"));
  deepStrictEqual(models, ["probe"]);
  const last = (bodies[0] ?? "").trimEnd().split("\n").at(-1) ?? "";
  deepStrictEqual(JSON.parse(last), {
    type: "end",
    collected: { cloud: "probe", account: "1" },
  });
  ok((lines[0] ?? "").startsWith("probe 1.0.0: 1 account, 3 scopes, 3 nodes"));
});

for (const name of ["example", "demo"]) {
  Deno.test(`findFaults() finds nothing at all to say of ${name}`, async () => {
    const spec = new URL(`../../plugins/${name}/mod.ts`, import.meta.url).href;
    const packed = await packPlugin({ spec, signal });
    const config = name === "demo" ? { size: 0.1 } : {};
    const trial = await tryPlugin({ packed, config, record: true, signal });
    deepStrictEqual(findFaults(trial, config), { faults: [], notes: [] });
  });
}
