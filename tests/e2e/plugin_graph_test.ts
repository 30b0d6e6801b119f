import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type CoreClient,
  type NodeJson,
  PluginClient,
  type SubscriberJson,
  unwrap,
} from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import { isObject } from "@skymap/lib/json";
import { addPlugin } from "../helpers/add_plugin.ts";
import { freePort, RoleProcess, System, until } from "../helpers/system.ts";

/** A cloud whose accounts are what a worker is configured with. */
const FLEET = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "fleet",
  version: "1.0.0",
  description: "Boxes that can be tagged",
  containers: { account: "fleet_account", region: "fleet_region" },
  kinds: [
    { name: "fleet_account", bases: ["account"] },
    { name: "fleet_region", bases: ["region"] },
    { name: "fleet_box", bases: ["resource"], operations: ["tag", "delete"] },
  ],
  permissions: { commands: { graph: ["search", "clean", "tag"] } },
  accounts: ({ config }) => ({
    accounts: [{ id: config.account, credentials: { key: "key of " + config.account } }],
  }),
  async collect({ account, freshAccount, scope }) {
    const { credentials } = await freshAccount();
    await scope({ kind: "fleet_account" }, (found) =>
      found.node({ id: account.id, reported: {} }));
    await scope({ kind: "fleet_box" }, async (found) => {
      for (const name of ["big", "small", "old"]) {
        await found.node({
          id: account.id + "-" + name,
          reported: { name, tags: { seen_with: credentials.key } },
        });
      }
      found.usage({ calls: 4, throttles: 1, bytes: 2_500_000, waited_ms: 30 });
    });
  },
  tasks: {
    tag: ({ account, args, config }) => ({
      results: args.changes.map(({ resource, update }) => ({
        node: resource.node,
        tags: { ...resource.reported.tags, ...update, by: config.worker, with: account.credentials.key },
      })),
    }),
  },
  commands: {
    async names({ graph, write, args }) {
      for await (const { reported } of graph.search(args[0])) {
        await write(reported?.name ?? reported);
      }
    },
    async count({ graph, write }) {
      for await (const row of graph.search("aggregate(kind: sum(1) as count): is(fleet_box)")) {
        await write(row);
      }
    },
    async sweep({ graph, write, args }) {
      const ids = [];
      for await (const { id } of graph.search("is(fleet_box) and name = " + args[0])) ids.push(id);
      await write(await graph.clean([...ids, "none"], "it is " + args[0]));
    },
    async guard({ graph, write }) {
      await write(await graph.protect(["root"]).catch(({ code, message }) => ({ code, message })));
    },
    async tag({ graph, write, args: [id, value] }) {
      await write(await graph.tag([id], { owner: value }));
    },
    async keys({ accountOf, write, args }) {
      for (const id of args) {
        await write(await accountOf(id).then(
          ({ credentials }) => credentials.key.length,
          ({ message }) => message,
        ));
      }
    },
  },
});
`;

function box(account: string, name: string): string {
  return nodeId({
    cloud: "fleet",
    account,
    region: "",
    kind: "fleet_box",
    id: `${account}-${name}`,
  });
}

function workerWords(account: string, id: string): string[] {
  return [
    "--subscriber-id",
    id,
    "--override",
    `fleet.account=${account}`,
    "--override",
    `fleet.worker=${id}`,
  ];
}

async function accountsOf(client: CoreClient, id: string) {
  const answer = await client.fetch("/subscribers" as never);
  const subscribers: readonly SubscriberJson[] = await answer.json();
  return subscribers.find((each) => each.id === id)?.capabilities
    ?.find(({ name }) => name === "tag")?.filter["account"];
}

async function node(client: CoreClient, id: string): Promise<NodeJson> {
  const answer = await client.fetch(`/graph/main/node/${id}` as never);
  return await answer.json();
}

Deno.test("plugins use the graph as far as they may, and tasks reach the worker of their account", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-fleet-" });
  await Deno.writeTextFile(`${folder}/fleet.ts`, FLEET);
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: workerWords("a", "one"),
  });
  await using _other = new RoleProcess("worker", [
    "--data-dir",
    system.dataDir,
    "--core-uri",
    system.coreUri,
    "--web-port",
    String(freePort()),
    ...workerWords("b", "two"),
  ]);
  const client = await system.client();
  const plugins = new PluginClient(client);
  await addPlugin(client, `${folder}/fleet.ts`);
  const run = async (name: string, ...args: readonly string[]) =>
    unwrap(await plugins.command("fleet", name, { args }));

  await t.step("each worker tells the accounts that it reaches", async () => {
    for (const [id, account] of [["one", "a"], ["two", "b"]] as const) {
      await until(`worker ${id} tells its accounts`, async () => {
        const accounts = await accountsOf(client, id);
        return accounts !== undefined && accounts[0] === account;
      });
    }
  });

  await t.step("a collect says what its accounts took", async () => {
    const { id, state } = await system.runWorkflow("collect");
    strictEqual(state, "done");
    const log = unwrap(await client.runLog(id));
    const text = JSON.stringify(log);
    for (const account of ["a", "b"]) {
      match(
        text,
        new RegExp(
          `Collected account \\\\"${account}\\\\" of fleet: 4 nodes; [\\d.]+ s, ` +
            "2 scopes, 4 calls, 1 throttled, 2.5 MB, waited 0.0 s; slowest",
        ),
      );
    }
    const ledger: unknown[] = await (await client.fetch(
      "/graph/main/ledger" as never,
      { accept: "application/json" },
    )).json();
    const usages = ledger.filter(isObject)
      .filter(({ kind }) => kind === "fleet_box")
      .map(({ usage }) => usage);
    const usage = { calls: 4, throttles: 1, bytes: 2_500_000, waited_ms: 30 };
    deepStrictEqual(usages, [usage, usage]);
    const { reported } = await node(client, box("b", "big"));
    deepStrictEqual(reported.tags, { seen_with: "key of b" });
  });

  await t.step("a plugin searches nodes and aggregates", async () => {
    deepStrictEqual(
      await run("names", "is(fleet_box) and name != old sort name, id"),
      ["big", "big", "small", "small"],
    );
    deepStrictEqual(await run("count"), [
      { group: { kind: "fleet_box" }, count: 6 },
    ]);
    const wrong = await plugins.command("fleet", "names", { args: ["is(("] });
    ok(!wrong.ok);
    match(wrong.problem.detail, /expected/);
  });

  await t.step(
    "a plugin marks what is not protected, and says so",
    async () => {
      const spared = box("a", "old");
      unwrap(
        await client.updateNodes("main", [
          { id: spared, metadata: { protected: true } },
        ]),
      );
      deepStrictEqual(await run("sweep", "old"), [{
        changed: 1,
        refused: [
          { id: spared, reason: "it is protected" },
          { id: "none", reason: "there is no such node" },
        ],
      }]);
      const { desired, metadata } = await node(client, box("b", "old"));
      deepStrictEqual(desired, { clean: true });
      strictEqual(metadata?.["clean_reason"], "it is old (plugin fleet)");
      strictEqual((await node(client, spared)).desired?.["clean"], undefined);
    },
  );

  await t.step(
    "what it was not granted is refused and in the audit",
    async () => {
      const [refused] = await run("guard");
      ok(isObject(refused));
      strictEqual(refused["code"], "permission_denied");
      match(String(refused["message"]), /may protect resources/);
      await until("core was told", async () => {
        const all = unwrap(await plugins.audit("fleet", { denied: true }));
        return all.some(({ permission, value }) =>
          permission === "graph" && value === "protect"
        );
      });
    },
  );

  await t.step("a task reaches the worker of its account", async () => {
    const answers = await Array.fromAsync(
      client.tag(
        "main",
        ["a", "b"].map((account) => ({
          id: box(account, "big"),
          update: { owner: "lukas" },
        })),
      ),
    );
    deepStrictEqual(
      answers,
      [["a", "one"], ["b", "two"]].map(([account = "", by]) => ({
        id: box(account, "big"),
        tags: {
          seen_with: `key of ${account}`,
          owner: "lukas",
          by,
          with: `key of ${account}`,
        },
      })),
    );
  });

  await t.step("a plugin has tags set by another worker", async () => {
    const id = box("b", "small");
    deepStrictEqual(await run("tag", id, "me"), [{ changed: 1, refused: [] }]);
    await until("the tag is in the graph", async () => {
      const { tags } = (await node(client, id)).reported;
      return isObject(tags) && tags["owner"] === "me" && tags["by"] === "two";
    });
  });

  await t.step("a plugin gets the accounts of its worker alone", async () => {
    const [own, other] = await run("keys", "a", "b");
    // Which of the two runs the command is not known.
    const texts = [own, other].map((each) => typeof each);
    deepStrictEqual(texts.sort(), ["number", "string"]);
    match(String([own, other]), /does not list it here/);
  });

  await t.step("an account that no worker reaches is told soon", async () => {
    const lines = [
      {
        type: "scope",
        scope: 1,
        state: "open",
        cloud: "fleet",
        account: "c",
        region: "",
        kind: "fleet_box",
      },
      { type: "node", scope: 1, id: "c-big", reported: { name: "big" } },
      { type: "scope", scope: 1, state: "complete" },
      { type: "end" },
    ].map((message) => `${JSON.stringify(message)}\n`);
    unwrap(
      await client.merge(
        "main",
        ReadableStream.from(lines).pipeThrough(new TextEncoderStream()),
        {},
      ),
    );
    const [answer] = await Array.fromAsync(
      client.tag("main", [{ id: box("c", "big"), update: { a: "b" } }]),
    );
    ok(answer !== undefined && "error" in answer);
    match(answer.error.message, /no worker reaches account "c"/);
  });
  await Deno.remove(folder, { recursive: true });
});
