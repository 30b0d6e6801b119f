import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type CoreClient, PluginClient, unwrap } from "@skymap/lib/client";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** Serves the files of a folder as any web server does. */
function serveFolder(folder: string) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      try {
        return new Response(await Deno.readFile(`${folder}${pathname}`));
      } catch {
        return new Response("no such file", { status: 404 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Runs `skymap plugin …` to its end. */
async function plugin(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly text: string }> {
  await using process = new RoleProcess("plugin", args);
  const code = await process.exit();
  return { code, text: process.text };
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { code, text } = await plugin(...args);
  strictEqual(code, 0, text);
  return text;
}

/** Names of the nodes that a cloud has. */
async function nodesOf(client: CoreClient, cloud: string): Promise<string[]> {
  const records = await Array.fromAsync(
    client.search(
      "main",
      "list",
      `is(resource) and /ancestors.cloud.reported.id = ${cloud}`,
    ),
  );
  return records.flatMap((record) => {
    const { type, reported } = record as {
      type: string;
      reported?: { name?: string };
    };
    return type === "node" ? [reported?.name ?? ""] : [];
  }).sort();
}

async function replaceIn(path: string, from: string, to: string) {
  const text = await Deno.readTextFile(path);
  ok(text.includes(from), text);
  await Deno.writeTextFile(path, text.replace(from, to));
}

Deno.test("a stranger's plugin by URL: packed, served, added, approved, collected, changed, updated, rolled back", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-author-" });
  const site = `${folder}/site`;
  const source = `${folder}/orchard/mod.ts`;
  await using web = serveFolder(site);
  await using system = await System.start({ core: ["--no-scheduling"] });
  const client = await system.client();
  const registry = new PluginClient(client);
  const core = ["--core-uri", system.coreUri, "--data-dir", system.dataDir];
  const manifestUrl = `${web.url}/orchard-0.1.0.json`;

  await t.step("the template is packed and served", async () => {
    await succeed("new", `${folder}/orchard`);
    const text = await succeed("pack", source, "--out", site);
    match(text, /sha256 [0-9a-f]{64}/);
  });

  await t.step("added by URL it is shown, and waits", async () => {
    const text = await succeed("add", manifestUrl, ...core);
    match(text, /orchard 0\.1\.0: /);
    match(text, /orchard 0\.1\.0 waits: skymap plugin approve orchard@0\.1\.0/);
    const { versions, enabled } = unwrap(await registry.get("orchard"));
    strictEqual(versions[0]?.grant, undefined);
    strictEqual(enabled, false);
  });

  await t.step("approved it collects", async () => {
    const text = await succeed("approve", "orchard", "--yes", ...core);
    match(text, /orchard 0\.1\.0 is approved/);
    await system.untilSubscribed("skymap.worker");
    const run = await system.runWorkflow("collect");
    strictEqual(run.state, "done");
    ok((await nodesOf(client, "orchard")).length > 0);
    const listed = await succeed("list", ...core);
    match(listed, /orchard +0\.1\.0 +enabled +added/);
    match(listed, /demo +1\.0\.0 +enabled +came with Skymap/);
  });

  await t.step(
    "a file that changes at its URL is refused, with both hashes",
    async () => {
      const [before] = unwrap(await registry.get("orchard")).versions;
      const module = `${site}/orchard-0.1.0.js`;
      const good = await Deno.readTextFile(module);
      await Deno.writeTextFile(module, `${good}\n// another one`);
      const lying = await plugin("add", manifestUrl, "--yes", ...core);
      strictEqual(lying.code, 1, lying.text);
      match(lying.text, /has SHA-256 [0-9a-f]{64}, its manifest names/);
      await Deno.writeTextFile(
        source,
        `${await Deno.readTextFile(source)}\nexport const more = "code";\n`,
      );
      await succeed("pack", source, "--out", site, "--replace");
      const changed = await plugin("add", manifestUrl, "--yes", ...core);
      strictEqual(changed.code, 1, changed.text);
      const after = JSON.parse(
        await Deno.readTextFile(`${site}/orchard-0.1.0.json`),
      );
      ok(before?.sha256 !== after.sha256);
      ok(changed.text.includes(before?.sha256 ?? "?"), changed.text);
      ok(changed.text.includes(after.sha256), changed.text);
      const run = await system.runWorkflow("collect");
      strictEqual(run.state, "done");
      strictEqual(
        unwrap(await registry.active())?.plugins.find(({ name }) =>
          name === "orchard"
        )?.sha256,
        before?.sha256,
      );
    },
  );

  await t.step(
    "an update shows the difference, and more permissions wait",
    async () => {
      await replaceIn(source, '"0.1.0"', '"0.2.0"');
      await succeed("pack", source, "--out", site);
      const text = await succeed("update", "orchard", ...core);
      match(text, /0\.1\.0 → 0\.2\.0/);
      match(text, /sha256 +[0-9a-f]{64}/);
      match(text, /orchard 0\.2\.0 is approved and runs from now on/);
      await replaceIn(source, '"0.2.0"', '"0.3.0"');
      await replaceIn(
        source,
        "permissions: {",
        'permissions: { tasks: { env: ["ORCHARD_TOKEN"] },',
      );
      await succeed("pack", source, "--out", site);
      const wider = await succeed("update", "orchard", ...core);
      match(wider, /\+ permission tasks env ORCHARD_TOKEN/);
      match(wider, /orchard 0\.3\.0 waits/);
      strictEqual(unwrap(await registry.get("orchard")).active, "0.2.0");
      match(
        await succeed("approve", "orchard@0.3.0", "--yes", ...core),
        /orchard 0\.3\.0 is approved/,
      );
    },
  );

  await t.step("a roll back returns, step by step", async () => {
    match(await succeed("rollback", "orchard", ...core), /0\.2\.0 runs again/);
    match(await succeed("rollback", "orchard", ...core), /0\.1\.0 runs again/);
    const run = await system.runWorkflow("collect");
    strictEqual(run.state, "done");
  });

  await t.step("the audit names everything that was done", async () => {
    const entries = unwrap(await registry.audit("orchard", { limit: 1_000 }));
    const events = new Set(entries.map(({ event }) => event));
    for (
      const event of ["added", "approved", "refused", "rolled_back"] as const
    ) ok(events.has(event), event);
    match(await succeed("audit", "orchard", ...core), /rolled_back/);
  });

  await t.step("a policy stops what no longer fits", async () => {
    await succeed("enable", "orchard@0.3.0", ...core);
    const text = await succeed("policy", "set", "--env", "none", ...core);
    match(text, /orchard is disabled: .*env ORCHARD_TOKEN/);
    match(await succeed("policy", ...core), /env +none/);
    const { code, text: refused } = await plugin("enable", "orchard", ...core);
    strictEqual(code, 1);
    match(refused, /the policy allows no env/);
    await succeed("policy", "set", "--lift", "env", ...core);
    await succeed("enable", "orchard", ...core);
  });

  await t.step("core's own registry gives it to others by name", async () => {
    const index = `${system.coreUri}/registry/index.json`;
    await succeed("remove", "orchard@0.2.0", ...core);
    await succeed("disable", "orchard", ...core);
    const { name, version } = await (async () => {
      const [first] = unwrap(await registry.index()).plugins;
      return { name: first?.name, version: first?.versions[0]?.version };
    })();
    deepStrictEqual([name, version], ["orchard", "0.3.0"]);
    const text = await succeed(
      "add",
      "orchard@0.1.0",
      "--registry",
      index,
      "--yes",
      ...core,
    );
    match(text, /orchard 0\.1\.0 is approved/);
    await succeed("remove", "orchard", ...core);
    await until(
      "orchard is gone",
      async () => !(await succeed("list", ...core)).includes("orchard"),
    );
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a module that was not packed is added by its URL, and what it imports is fetched once", async () => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-author-" });
  await using web = serveFolder(folder);
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: ["--override", "worker.collector=[pear]"],
  });
  const client = await system.client();
  const core = ["--core-uri", system.coreUri, "--data-dir", system.dataDir];
  await Deno.writeTextFile(`${folder}/names.ts`, 'export const NAME = "one";');
  await Deno.writeTextFile(
    `${folder}/pear.ts`,
    `import { definePlugin } from "@skymap/lib/plugin";
import { NAME } from "./names.ts";
export default definePlugin({
  name: "pear",
  version: "1.0.0",
  description: "Collects one pear",
  containers: { account: "pear_account", region: "pear_region" },
  kinds: [
    { name: "pear_account", bases: ["account"] },
    { name: "pear_region", bases: ["region"] },
  ],
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect({ account, scope }) {
    await fetch("https://evil.example/").catch(() => {});
    await scope({ kind: "pear_account" }, (found) =>
      found.node({ id: account.id, reported: { name: NAME } }));
  },
});
`,
  );
  await succeed("add", `${web.url}/pear.ts`, "--yes", ...core);
  await Deno.writeTextFile(`${folder}/names.ts`, 'export const NAME = "two";');
  await system.untilSubscribed("skymap.worker");
  const run = await system.runWorkflow("collect");
  strictEqual(run.state, "done");
  const records = await Array.fromAsync(
    client.search("main", "list", "is(pear_account)"),
  ) as { type: string; reported?: { name?: string } }[];
  deepStrictEqual(
    records.filter(({ type }) => type === "node").map(({ reported }) =>
      reported?.name
    ),
    ["one"],
  );
  const denied = await until("core knows what was denied", async () => {
    const text = await succeed("audit", "pear", "--denied", ...core);
    return text.includes("evil.example") ? text : undefined;
  });
  match(denied, /denied +1\.0\.0 net evil\.example:443 ×\d+ in collect of 1/);
  await Deno.remove(folder, { recursive: true });
});
