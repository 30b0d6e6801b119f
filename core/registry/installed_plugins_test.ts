import { deepStrictEqual } from "node:assert/strict";
import { installedPlugins } from "./installed_plugins.ts";

Deno.test("installedPlugins() are the folders of the source tree", async () => {
  const folders: string[] = [];
  for await (
    const { name } of Deno.readDir(new URL("../../plugins", import.meta.url))
  ) folders.push(name);
  deepStrictEqual([...await installedPlugins()].sort(), folders.sort());
});

Deno.test("installedPlugins() are the files of the bundle", async () => {
  const app = await Deno.makeTempDir();
  await Deno.mkdir(`${app}/plugins`);
  for (const name of ["demo.js", "aws.js", "aws.js.map"]) {
    await Deno.writeTextFile(`${app}/plugins/${name}`, "");
  }
  deepStrictEqual(
    [...await installedPlugins(`file://${app}/core.js`)].sort(),
    ["aws", "demo"],
  );
  await Deno.remove(app, { recursive: true });
});

Deno.test("installedPlugins() are none where there is no such folder", async () => {
  deepStrictEqual(
    [...await installedPlugins("file:///nowhere/core.js")],
    [],
  );
});
