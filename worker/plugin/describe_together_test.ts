import { deepStrictEqual } from "node:assert/strict";
import { readEnvironment } from "../read_environment.ts";
import { describeTogether } from "./describe_together.ts";
import { PluginHost } from "./host.ts";
import { bundledPlugins, findInstallation, resolvePlugin } from "./source.ts";

const { signal } = new AbortController();
const installation = await findInstallation();

Deno.test("describeTogether() tells of each plugin what it tells alone", async () => {
  const names = ["demo", "example", "protector"];
  const found = await describeTogether(names, installation, signal);
  deepStrictEqual([...found.keys()].sort(), names);
  for (const name of names) {
    const host = new PluginHost({
      source: await resolvePlugin(name, installation),
      installation,
      deno: installation.deno,
      env: readEnvironment,
      approved: {},
      limits: {
        timeoutMs: 60_000,
        maxHeapMb: 512,
        maxMemoryMb: 1_024,
        maxLineChars: 1_000_000,
      },
    });
    deepStrictEqual(found.get(name), await host.describe(signal));
  }
});

Deno.test("describeTogether() finds all plugins that came with Skymap", async () => {
  const names = await bundledPlugins(installation);
  const found = await describeTogether(names, installation, signal);
  deepStrictEqual([...found.keys()].sort(), names);
});

Deno.test("describeTogether() leaves out what cannot be loaded, and whoever shares a process with what ends it", async () => {
  const base = await Deno.makeTempDir({ prefix: "skymap-together-" });
  const write = async (name: string, text: string) => {
    await Deno.mkdir(`${base}/plugins/${name}`, { recursive: true });
    await Deno.writeTextFile(`${base}/plugins/${name}/mod.ts`, text);
  };
  const fine = (name: string) =>
    `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({ name: "${name}", version: "1.0.0",
  description: "Fine", commands: { nothing() {} } });`;
  await write("a", "export default 1;");
  await write("b", fine("b"));
  await write("c", fine("c"));
  await write("d", "this is no module");
  await write("e", "Deno.exit(0);");
  const here = { ...installation, base: new URL(`file://${base}/`).href };
  const names = await bundledPlugins(here);
  const found = await describeTogether(names, here, signal);
  deepStrictEqual([...found.keys()], ["b"]);
  await Deno.remove(base, { recursive: true });
});
