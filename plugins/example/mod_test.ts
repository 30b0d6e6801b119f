import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collectPlugin } from "@skymap/lib/testing";
import plugin from "./mod.ts";

Deno.test("example finds the instances of each region, and their volumes", async () => {
  const { accounts, scopes } = await collectPlugin(plugin);
  deepStrictEqual(accounts.accounts.map(({ id }) => id), ["1001", "1002"]);
  const instances = scopes.get("1001/north/example_instance");
  strictEqual(instances?.nodes.length, 3);
  deepStrictEqual(
    instances.nodes.map(({ reported }) => reported["instance_status"]),
    ["running", "running", "stopped"],
  );
  const volumes = scopes.get("1001/north/example_volume");
  strictEqual(volumes?.nodes.length, 3);
  strictEqual(volumes.edges.length, 6);
});

Deno.test("example collects the regions that are configured alone", async () => {
  const { scopes } = await collectPlugin(plugin, {
    config: { region: "south" },
  });
  deepStrictEqual(
    [...new Set([...scopes.values()].map(({ region }) => region))],
    ["", "south"],
  );
  await rejects(
    collectPlugin(plugin, { config: { region: ["west"] } }),
    /there is no west/,
  );
});
