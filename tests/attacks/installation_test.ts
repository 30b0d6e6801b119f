import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type CoreClient,
  type LedgerEntryJson,
  PluginClient,
  type RunLogJson,
  unwrap,
} from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import { RoleProcess, System } from "../helpers/system.ts";
import { install, pluginText } from "./_installation.ts";

const SECRET = "credential-of-teller-17";

function idOf(cloud: string, kind: string, id: string): string {
  return nodeId({ cloud, account: "1", region: "", kind, id });
}

const CUP = idOf("calm", "calm_thing", "cup");
const CALM_ACCOUNT = idOf("calm", "calm_account", "1");

/** Each hostile plugin, and what it does while its second scope is open. */
const HOSTILE: Readonly<Record<string, string>> = {
  crasher: `Deno.exit(7);`,
  looper: `for (;;);`,
  hungry:
    `const all = []; for (;;) all.push(new Uint8Array(8_000_000).fill(1));`,
  flooder: `for (let n = 0; n < 20_000; n++) issue("error", "flood " + n);
    for (;;) say("garbage\\n");`,
  forger: `
    const forged = (scope, key) => {
      line({ type: "scope", scope, state: "open", cloud: "calm", account: "1", region: "", kind: "calm_thing", ...key });
      line({ type: "node", scope, id: "forged", reported: { name: "forged" } });
      line({ type: "scope", scope, state: "complete" });
    };
    forged(101, {});
    forged(102, { cloud: "forger" });
    forged(103, { cloud: "forger", kind: "forger_last", account: "2" });
    forged(104, { cloud: "", account: "", kind: "graph_root" });`,
  connector: `
    await found.deferredEdge({ from: { node_id: "${CUP}" }, to: { node_id: "${CALM_ACCOUNT}" }, type: "delete" });
    await found.deferredEdge({ from: { search: "is(calm_thing)" }, to: { search: "is(calm_account)" } });
    await found.deferredEdge({ from: { node_id: "${CUP}" }, to: { search: "is(calm_account) limit 1; delete" } });`,
  edger:
    `line({ type: "edge", scope: 2, from: "${CALM_ACCOUNT}", to: "${CUP}", edge_type: "delete" });`,
  poisoner: `
    const texts = ["\\u0000", "\\ud800", "\\u202e", "'; REMOVE DATABASE main; --", "../../etc", "\\n", "x".repeat(100_000), "__proto__", "root", "$where"];
    for (const [at, text] of texts.entries()) {
      await found.node({ id: text, zone: text, reported: { name: text, tags: { [text]: text } } });
      await scope({ kind: "poisoner_last", region: "r" + at, regionName: text }, async (place) => {
        await place.node({ id: text, reported: { name: text } });
        if (at % 2 === 0) throw Object.assign(new Error(text), { code: text, permission: text });
      });
    }`,
  polluter: `
    for (const text of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"tags":{"__proto__":"x","constructor":"y","toString":"z"}}']) {
      say('{"type":"node","scope":2,"id":"p' + text.length + '","__proto__":{"x":1},"reported":' + text + '}\\n');
    }`,
  digger: `
    say('{"type":"node","scope":2,"id":"deep","reported":{"tags":' + '{"a":'.repeat(50_000) + "1" + "}".repeat(50_000) + '}}\\n');`,
  breaker: `line({ type: "node", scope: 2, id: 7, reported: [] });`,
  spy: `
    const seen = [];
    for (const each of [
      () => Deno.readTextFile("/etc/passwd"),
      () => Deno.env.get("SKYMAP_WORKER_PSK"),
      () => fetch("CORE/plugins"),
      () => new Deno.Command("/bin/true").output(),
      () => caches.open("x"),
      () => Deno.kill(Deno.ppid, "SIGKILL"),
    ]) {
      try { await each(); seen.push("it did"); } catch (error) { seen.push(error.name); }
    }
    issue("info", "spy: " + seen);`,
  teller: `
    const { token } = account.credentials;
    issue("error", "token " + token, { token });
    await scope({ kind: "teller_last", region: token }, async () => { throw Object.assign(new Error(token), { code: token }); });
    console.error(token);
    setTimeout(() => { throw new Error("last words " + token); });
    await new Promise(() => {});`,
};

let system: System;
let client: CoreClient;
let ledger: readonly LedgerEntryJson[];
let log: readonly RunLogJson[];

Deno.test.beforeAll(async () => {
  const names = [...Object.keys(HOSTILE), "calm"];
  system = await System.start({
    core: ["--no-scheduling"],
    worker: ["--override", `worker.collector=[${names.join(", ")}]`],
  });
  client = await system.client();
  for (const [name, code] of Object.entries(HOSTILE)) {
    const text = pluginText(name, code.replaceAll("CORE", system.coreUri), {
      ...(name === "teller" &&
        { account: `{ id: "1", credentials: { token: "${SECRET}" } }` }),
    });
    await install(client, text, {
      timeout_s: name === "looper" ? 5 : 30,
      memory_mb: 300,
      heap_mb: 64,
    });
  }
  await install(
    client,
    pluginText(
      "calm",
      `await found.node({ id: "cup", reported: { name: "cup" } });`,
    ),
  );
  await system.untilSubscribed("skymap.worker");
  const run = await system.runWorkflow("collect_and_cleanup");
  ledger = unwrap(await client.ledger("main"));
  log = unwrap(await client.runLog(run.id));
});

Deno.test.afterAll(async () => {
  // What kept it from starting is told by then.
  await (system as System | undefined)?.[Symbol.asyncDispose]();
});

/** How the scopes of a plugin stand, by kind. */
function standing(cloud: string): Record<string, string> {
  return Object.fromEntries(
    ledger.filter((each) => each.cloud === cloud)
      .map(({ kind, status, error }) => [
        kind.replace(`${cloud}_`, ""),
        error === undefined ? status : `${status} ${error.code}`,
      ]),
  );
}

async function denied(name: string): Promise<readonly string[]> {
  const entries = unwrap(
    await new PluginClient(client).audit(name, { denied: true }),
  );
  return entries.map(({ phase, permission, value }) =>
    `${phase} ${permission} ${value}`
  );
}

async function found(search: string): Promise<readonly unknown[]> {
  return (await Array.fromAsync(client.search("main", "list", search)))
    .filter((each) => (each as { readonly type?: string }).type === "node");
}

Deno.test("attack on an installation: whatever others do, a harmless plugin is collected", async () => {
  deepStrictEqual(standing("calm"), {
    account: "complete",
    thing: "complete",
    last: "complete",
  });
  strictEqual((await found("is(calm_thing)")).length, 2);
  ok(!system.process("core").ended);
  ok(!system.process("worker").ended);
});

for (
  const [name, expected] of [
    ["crasher", "failed plugin_crashed"],
    ["looper", "failed plugin_timeout"],
    ["hungry", "failed plugin_crashed"],
    ["flooder", "failed plugin_invalid"],
  ] as const
) {
  Deno.test(`attack on an installation: ${name} fails its own scope alone`, () => {
    deepStrictEqual(standing(name), { account: "complete", thing: expected });
    ok(
      log.some(({ level, message }) =>
        level === "error" && message.includes(`of ${name}`)
      ),
      JSON.stringify(log),
    );
  });
}

Deno.test("attack on an installation: a flood of messages leaves room for those of others", () => {
  const flood = log.filter(({ message }) => message.startsWith("flood"));
  ok(flood.length > 0 && flood.length <= 20, `${flood.length}`);
  ok(
    log.some(({ message }) => message === "180 further messages are left out"),
  );
});

Deno.test("attack on an installation: scopes of others are refused, and told", async () => {
  const told = log.filter(({ message }) =>
    /tried to list what is not its own/.test(message)
  );
  strictEqual(told.length, 4);
  match(
    log.map(({ message }) => message).join("\n"),
    /Cannot collect account "1" of forger: Plugin "forger" opened scope 3 after 104/,
  );
  strictEqual((await found(`name == "forged"`)).length, 0);
  ok(
    ledger.every(({ cloud, account }) => cloud !== "forger" || account === "1"),
  );
});

Deno.test("attack on an installation: nobody connects what belongs to others", async () => {
  for (const kind of ["calm_thing", "calm_account"]) {
    deepStrictEqual(await found(`is(${kind}) -delete[1:1]->`), []);
  }
  match(
    log.map(({ message }) => message).join("\n"),
    /connects no node of account "1" of cloud "connector", which declared it/,
  );
  match(standing("edger")["thing"] ?? "", /^failed edge_invalid$/);
});

Deno.test("attack on an installation: odd texts break neither record nor index", async () => {
  const kinds = ledger.filter(({ cloud }) => cloud === "poisoner");
  ok(kinds.length >= 12, `${kinds.length}`);
  for (const { error } of kinds) {
    ok(JSON.stringify(error ?? null).length < 10_000);
  }
  strictEqual(standing("poisoner")["account"], "complete");
  // What is there can be read by any search.
  ok((await found(`/ancestors.cloud.reported.name == "poisoner"`)).length > 5);
});

Deno.test("attack on an installation: no prototype is polluted", async () => {
  match(standing("polluter")["thing"] ?? "", /^failed node_invalid$/);
  const answer = await client.fetch("/openapi.json" as never);
  ok(!(await answer.text()).includes("polluted"));
});

Deno.test("attack on an installation: what is nested too deep fails alone", () => {
  const { account, thing = "" } = standing("digger");
  strictEqual(account, "complete");
  strictEqual(thing, "failed node_invalid");
});

Deno.test("attack on an installation: a message that core refuses fails its account alone", () => {
  const { account, thing } = standing("breaker");
  strictEqual(account, "complete");
  ok(thing === undefined || !thing.startsWith("complete"), thing);
  match(
    log.map(({ message }) => message).join("\n"),
    /Cannot send account "1" of breaker: .*the "id" of its "node" message is 7/,
  );
});

Deno.test("attack on an installation: each reach is refused and audited", async () => {
  const told = log.find(({ message }) => message.startsWith("spy: "));
  strictEqual(told?.message, `spy: ${Array(6).fill("NotCapable").join()}`);
  deepStrictEqual(
    [...await denied("spy")].sort(),
    [
      "collect env SKYMAP_WORKER_PSK",
      `collect net 127.0.0.1:${system.ports.core}`,
      "collect read /etc/passwd",
      "collect run Deno.Command",
      "collect run Deno.kill",
      "collect storage caches",
    ],
  );
});

Deno.test("attack on an installation: credentials are in no log, ledger or audit", async () => {
  const texts = {
    ledger: JSON.stringify(ledger),
    run: JSON.stringify(log),
    core: system.process("core").text,
    worker: system.process("worker").text,
    audit: JSON.stringify(
      unwrap(await new PluginClient(client).audit("teller")),
    ),
    graph: JSON.stringify(await found("all")),
  };
  for (const [name, text] of Object.entries(texts)) {
    ok(!text.includes(SECRET), name);
  }
  match(texts.run, /REDACTED/);
});

Deno.test("attack on an installation: record and index agree after all of it", async () => {
  strictEqual(await system.process("core").stop(), 0);
  await using process = new RoleProcess("core", [
    "--data-dir",
    system.dataDir,
    "--verify",
  ]);
  strictEqual(await process.exit(), 0, process.text);
  match(process.text, /no differences/);
});
