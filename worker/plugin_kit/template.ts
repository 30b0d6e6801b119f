/** The plugin's module; `NAME` is its name. */
const MODULE = `/** Collects NAME: servers and their disks, region by region. */
import {
  type CollectContext,
  type CollectorDefinition,
  definePlugin,
  uses,
} from "@skymap/lib/plugin";

/** What an operator can set: \`--override NAME.region=[north]\`. */
interface Config {
  readonly region: readonly string[];
}

/** A server, as the API of NAME would answer it. */
interface Server {
  readonly id: string;
  readonly label: string;
  readonly cpus: number;
  readonly disks: readonly { readonly id: string; readonly gib: number }[];
}

/** Stands for a call of a real API; see fetchJson() and pagesByCursor(). */
function listServers(region: string): Server[] {
  return [1, 2].map((number) => ({
    id: \`\${region}-\${number}\`,
    label: \`web-\${number}\`,
    cpus: 2 * number,
    disks: [{ id: \`\${region}-\${number}-disk\`, gib: 20 * number }],
  }));
}

function readConfig(value: unknown): Config {
  const { region = ["north", "south"] } = (value ?? {}) as Partial<Config>;
  return { region };
}

async function collectRegion(
  { scope }: CollectContext<Config>,
  region: string,
): Promise<void> {
  const servers = listServers(region);
  await scope({ kind: "NAME_server", region }, async (found) => {
    for (const { id, label, cpus } of servers) {
      await found.node({
        id,
        reported: { name: label, instance_cores: cpus },
      });
    }
  });
  await scope({ kind: "NAME_disk", region }, async (found) => {
    for (const { id: server, disks } of servers) {
      for (const { id, gib } of disks) {
        await found.node({ id, reported: { name: id, volume_size: gib } });
        await uses(
          found,
          { kind: "NAME_server", id: server },
          { kind: "NAME_disk", id },
        );
      }
    }
  });
}

const plugin: CollectorDefinition<Config> = definePlugin({
  name: "NAME",
  version: "0.1.0",
  description: "Collects servers and disks of NAME",
  containers: { account: "NAME_account", region: "NAME_region" },
  kinds: [
    { name: "NAME_account", bases: ["account"], description: "An account" },
    { name: "NAME_region", bases: ["region"], description: "A region" },
    { name: "NAME_server", bases: ["instance"], description: "A server" },
    { name: "NAME_disk", bases: ["volume"], description: "A disk" },
  ],
  config: { parse: readConfig },
  // What a real one calls: { collect: { net: ["api.example.com:443"] } }
  permissions: {},
  accounts: () => ({ accounts: [{ id: "main", name: "NAME main" }] }),
  async collect(context) {
    const { account, config, scope } = context;
    await scope({ kind: "NAME_account" }, async (found) => {
      await found.node({
        id: account.id,
        reported: { name: account.name ?? account.id },
      });
    });
    await scope({ kind: "NAME_region" }, async (found) => {
      for (const id of config.region) {
        await found.node({ id, reported: { name: id } });
      }
    });
    for (const region of config.region) await collectRegion(context, region);
  },
});

export default plugin;
`;

const TEST = `import { deepStrictEqual } from "node:assert/strict";
import { collectPlugin } from "@skymap/lib/testing";
import plugin from "./mod.ts";

Deno.test("NAME finds the servers of each region", async () => {
  const { scopes, faults } = await collectPlugin(plugin, {
    config: { region: ["north"] },
  });
  deepStrictEqual(faults, []);
  deepStrictEqual(
    scopes.get("main/north/NAME_server")?.nodes.map(({ id }) => id),
    ["north-1", "north-2"],
  );
});
`;

/** The files of a new plugin, by name. */
export function templateFiles(
  name: string,
  imports: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    "mod.ts": MODULE.replaceAll("NAME", name),
    "mod_test.ts": TEST.replaceAll("NAME", name),
    "deno.json": `${JSON.stringify({ imports }, null, 2)}\n`,
  };
}
