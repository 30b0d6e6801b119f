import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type CoreClient, PluginClient, unwrap } from "@skymap/lib/client";
import { addPlugin } from "../helpers/add_plugin.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

const GARDEN = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "garden",
  version: "1.0.0",
  description: "Watches the demo cloud and tells a server",
  permissions: {
    actions: { net: [{ config: "server" }] },
    reactions: { net: [{ config: "server" }] },
  },
  config: { parse: (value) => value },
  actions: {
    async post_collect({ config, event, data }) {
      await fetch(config.server + "/action", {
        method: "POST",
        body: JSON.stringify({ event, run: data.run }),
      });
    },
  },
  commands: {
    async add({ args, input, write }) {
      const numbers = [...args.map(Number), ...input];
      await write(numbers.reduce((sum, each) => sum + each, 0));
    },
    fail() {
      throw new Error("the garden is closed");
    },
  },
  reactions: [{
    name: "instances",
    search: "is(demo_instance)",
    async react({ config, changes }) {
      await fetch(config.server + "/reaction", {
        method: "POST",
        body: JSON.stringify({
          appeared: changes.appeared.length,
          changed: changes.changed.length,
          left: changes.left.length,
        }),
      });
    },
  }],
});
`;

/** Merges one instance of the demo cloud, in a region of its own. */
async function mergeInstance(client: CoreClient, id: string): Promise<void> {
  const place = {
    cloud: "demo",
    account: "garden",
    region: id,
    kind: "demo_instance",
  };
  const lines = [
    { type: "scope", scope: 1, state: "open", ...place },
    { type: "node", scope: 1, id, reported: { name: id } },
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
}

Deno.test("a plugin acts in a run, reacts to changes and runs commands", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-garden-" });
  await Deno.writeTextFile(`${folder}/garden.ts`, GARDEN);
  const told: { readonly path: string; readonly body: unknown }[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { pathname: path } = new URL(request.url);
      told.push({ path, body: await request.json() });
      return new Response();
    },
  );
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: [
      "--override",
      "demo.size=0.1",
      "--override",
      `garden.server=http://127.0.0.1:${server.addr.port}`,
    ],
  });
  const client = await system.client();
  const plugins = new PluginClient(client);
  await addPlugin(client, `${folder}/garden.ts`);
  await until("the worker knows the plugin", async () => {
    const answer = await client.fetch("/subscribers" as never);
    const text = await answer.text();
    return text.includes("plugin_command") && text.includes("post_collect");
  });

  await t.step("a command prints, or its error is told", async () => {
    deepStrictEqual(
      unwrap(
        await plugins.command("garden", "add", {
          args: ["1", "2"],
          input: [4],
        }),
      ),
      [7],
    );
    const failed = await plugins.command("garden", "fail");
    ok(!failed.ok);
    strictEqual(failed.problem.code, "task_failed");
    match(failed.problem.detail, /the garden is closed/);
    const unknown = await plugins.command("garden", "ad");
    ok(!unknown.ok);
    match(unknown.problem.detail, /did you mean "add"/);
  });

  await t.step("the shell shows plugins and runs their commands", async () => {
    const line = async (text: string) => {
      await using shell = new RoleProcess("shell", [
        "--core-uri",
        system.coreUri,
        "--data-dir",
        system.dataDir,
        text,
      ]);
      const code = await shell.exit();
      return { code, text: shell.text };
    };
    match((await line("plugins run garden add 3 4")).text, /^7$/m);
    match(
      (await line("plugins list")).text,
      /^name=garden, version=1\.0\.0, enabled=true, source=published/m,
    );
    match((await line("plugins audit garden")).text, /event=approved/);
    match((await line("plugins show garden")).text, /"permissions_hash"/);
    const wrong = await line("plugins show");
    strictEqual(wrong.code, 2);
    match(wrong.text, /NAME is missing/);
  });

  await t.step("an action is called in its step", async () => {
    const run = await system.runWorkflow("collect");
    strictEqual(run.state, "done");
    const action = told.find(({ body }) =>
      (body as { run?: string }).run === run.id
    );
    deepStrictEqual(action, {
      path: "/action",
      body: { event: "post_collect", run: run.id },
    });
  });

  await t.step("a reaction is called with what appeared", async () => {
    let merged = 0;
    const reaction = await until("the reaction is called", async () => {
      // It is told of what comes after core has looked for the first time, and
      // of nothing while the graph moves on.
      if (Date.now() - merged > 6_000) {
        merged = Date.now();
        await mergeInstance(client, `i-${merged}`);
      }
      return told.find(({ path }) => path === "/reaction");
    });
    const { appeared, changed, left } = reaction.body as Record<string, number>;
    ok((appeared ?? 0) > 0);
    deepStrictEqual([changed, left], [0, 0]);
  });

  await t.step("what it reached for is in the audit", async () => {
    const entries = await until("core was told", async () => {
      const all = unwrap(await plugins.audit("garden", { limit: 1_000 }));
      const phases = new Set(
        all.filter(({ permission }) => permission === "net")
          .map(({ phase }) => phase),
      );
      return phases.has("action") && phases.has("reaction") ? all : undefined;
    });
    ok(
      entries.every(({ permission, allowed }) =>
        permission !== "net" || allowed === true
      ),
    );
  });
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});
