import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import type { MergeMessage } from "@skymap/lib/plugin_host";
import {
  openTestDatabase,
  type TestDatabase,
} from "../../core/db/test_database.ts";
import { openGraph } from "../../core/graph/open_graph.ts";
import { toBody } from "../../core/graph/_toy_graph.ts";
import type { PluginAccess } from "../../worker/plugin/host.ts";
import { findInstallation } from "../../worker/plugin/source.ts";
import { kitHost } from "../../worker/plugin_kit/kit_host.ts";
import {
  type PackedPlugin,
  packPlugin,
} from "../../worker/plugin_kit/pack_plugin.ts";
import {
  type Exchange,
  readExchanges,
  RecordedApi,
} from "../helpers/recorded_api.ts";

const signal = new AbortController().signal;
const PLUGINS = new URL("../../plugins/", import.meta.url);
const DOCS = new URL("../../docs/collectors.md", import.meta.url);

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

interface Collector {
  readonly name: string;
  /** Files of recorded answers. */
  readonly recorded: readonly string[];
  /** Configuration, given the address of the server. */
  readonly config: (origin: string) => JsonObject;
  /** Secrets, where the plugin finds them by itself. */
  readonly env: Readonly<Record<string, string>>;
  /** The scopes of the account, with how many nodes and edges each has. */
  readonly scopes: Readonly<Record<string, readonly [number, number]>>;
}

const COLLECTORS: readonly Collector[] = [
  {
    name: "slack",
    recorded: ["auth", "team", "users", "conversations", "usergroups"],
    config: (origin) => ({ endpoint: `${origin}/api` }),
    env: { SLACK_TOKEN: "xoxb-test-1" },
    scopes: {
      slack_team: [1, 0],
      slack_user: [5, 0],
      slack_conversation: [5, 0],
      slack_usergroup: [2, 4],
    },
  },
  {
    name: "onelogin",
    recorded: ["token", "users", "apps", "app_users", "roles", "groups"],
    config: (origin) => ({ endpoint: origin }),
    env: { ONELOGIN_CLIENT_ID: "client-1", ONELOGIN_CLIENT_SECRET: "secret-1" },
    scopes: {
      onelogin_account: [1, 0],
      onelogin_group: [2, 0],
      onelogin_user: [4, 2],
      onelogin_app: [2, 2],
      onelogin_role: [2, 5],
    },
  },
  {
    name: "github",
    recorded: [
      "orgs",
      "org",
      "repositories",
      "members",
      "teams",
      "team_details",
    ],
    config: (origin) => ({ endpoint: origin }),
    env: { GITHUB_TOKEN: "ghp_test1" },
    scopes: {
      github_org: [1, 0],
      github_repository: [4, 0],
      github_user: [3, 0],
      github_team: [2, 6],
    },
  },
];

/** What was recorded, without what has to be waited for. */
async function answers({ name, recorded }: Collector): Promise<Exchange[]> {
  const folder = new URL(`${name}/testdata/`, PLUGINS);
  return (await readExchanges(folder, recorded)).filter(
    ({ response: { status = 200, body } }) =>
      status === 200 && (body as { readonly ok?: unknown })?.ok !== false,
  );
}

/** Publishes the plugin's sources at a URL, and packs it from there. */
async function publish(name: string): Promise<PackedPlugin> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      if (!/^\/(?:resources\/)?\w+\.ts$/.test(pathname)) {
        return new Response(null, { status: 404 });
      }
      return new Response(
        await Deno.readTextFile(new URL(`${name}${pathname}`, PLUGINS)),
        { headers: { "content-type": "application/typescript" } },
      );
    },
  );
  const { port } = server.addr;
  return await packPlugin({ spec: `http://127.0.0.1:${port}/mod.ts`, signal });
}

/** What a packed module imports. */
function importsOf(module: string): string[] {
  return [...new Set(module.match(/(?<=\bimport\b[^"]*")[^"]+/g))];
}

for (const collector of COLLECTORS) {
  const { name, env, config, scopes } = collector;

  Deno.test(`${name} is packed into one file: published at a URL, it collects with what it asks for and no more`, async () => {
    const { published: { manifest, sha256 }, module } = await publish(name);
    deepStrictEqual(importsOf(module), ["@skymap/lib/plugin"]);
    await using api = new RecordedApi(await answers(collector));
    const accesses: PluginAccess[] = [];
    const host = kitHost({
      source: { spec: name, sha256, text: module },
      installation: await findInstallation(),
      approved: manifest.permissions,
      env: (variable) => env[variable] ?? Deno.env.get(variable),
      onAccess: (access) => accesses.push(access),
    });
    const given = config(api.origin);
    const { accounts } = await host.accounts(given, signal);
    const [account] = accounts;
    ok(account);
    const lines: JsonObject[] = [];
    const collecting = host.collect(manifest, given, account, signal);
    let step = await collecting.next();
    for (; step.done !== true; step = await collecting.next()) {
      for (const line of step.value.trimEnd().split("\n")) {
        lines.push(JSON.parse(line));
      }
    }
    const { failure, failedScopes, forgedScopes } = step.value;
    deepStrictEqual({ failure, failedScopes, forgedScopes }, {
      failure: undefined,
      failedScopes: 0,
      forgedScopes: 0,
    });
    const opened = lines.filter(({ state }) => state === "open");
    deepStrictEqual(
      Object.fromEntries(opened.map(({ kind, scope: number }) => {
        const count = (type: string) =>
          lines.filter((line) =>
            line["type"] === type && line["scope"] === number
          )
            .length;
        return [String(kind), [count("node"), count("edge")]];
      })),
      scopes,
    );
    const reached = accesses.flatMap(({ request, accesses }) =>
      accesses.map(({ permission, value }) =>
        `${request} ${permission} ${value}`
      )
    );
    const { host: server } = new URL(api.origin);
    deepStrictEqual(
      [...new Set(reached)].sort(),
      [
        ...Object.keys(env).map((variable) => `accounts env ${variable}`),
        `accounts net ${server}`,
        `collect net ${server}`,
      ].sort(),
    );
    await using graph = await openGraph({
      name,
      session: await database.db.graph(name),
      indexDirectory: `${database.dataDir}/index/${name}`,
    });
    const { version, cloud, containers, kinds } = manifest;
    await graph.updateModel({
      plugin: { name, version, cloud, containers, kinds },
    });
    const end = { type: "end", collected: { cloud, account: account.id } };
    const merge = async () => {
      const messages = [...lines, end] as unknown as MergeMessage[];
      const { rejections, scopes_complete, ...report } = await graph.merge(
        toBody(messages),
        { signal },
      );
      deepStrictEqual(rejections, []);
      strictEqual(scopes_complete, Object.keys(scopes).length);
      return report;
    };
    const first = await merge();
    const count = (type: string) =>
      lines.filter((line) => line["type"] === type).length;
    // Containment is an edge as well, and the cloud a node.
    ok(first.nodes_created >= count("node"));
    ok(first.edges_created >= count("node") + count("edge"));
    const again = await merge();
    strictEqual(again.sequence, first.sequence, "the same is no change");
    const text = JSON.stringify(lines);
    for (const secret of Object.values(env)) ok(!text.includes(secret));
  });

  Deno.test(`docs/collectors.md tells what ${name} collects, takes and may reach`, async () => {
    const { default: plugin } = await import(`../../plugins/${name}/mod.ts`);
    const docs = await Deno.readTextFile(DOCS);
    const section = docs.split("\n## ").find((each) =>
      each.toLowerCase().startsWith(`${name}\n`)
    );
    ok(section, "it has a section");
    const { properties } = plugin.configSchema as {
      readonly properties: JsonObject;
    };
    const { accounts } = plugin.permissions;
    const told = [
      ...plugin.kinds.map((kind: { readonly name: string }) => kind.name)
        .filter((kind: string) => !/_(region|type)$/.test(kind)),
      ...Object.keys(properties),
      ...accounts.env,
      ...accounts.net.filter((each: unknown) => typeof each === "string"),
    ];
    strictEqual(
      told.filter((each: string) => !section.includes(`\`${each}\``)).join(
        ", ",
      ),
      "",
    );
  });
}
