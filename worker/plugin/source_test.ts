import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { bundledPlugins, findInstallation, resolvePlugin } from "./source.ts";

Deno.test("findInstallation() finds the source tree, and what bare names mean in it", async () => {
  const { base, imports, lock } = await findInstallation();
  ok(base.startsWith("file:///") && base.endsWith("/"));
  strictEqual(imports["@skymap/lib/plugin"], `${base}lib/plugin/mod.ts`);
  ok(imports["zod"]?.startsWith("npm:zod@"));
  ok(lock?.endsWith("/deno.lock"));
});

Deno.test("findInstallation() finds bundled files beside the one that runs", async () => {
  const installation = await findInstallation("file:///opt/skymap/role.js");
  strictEqual(installation.runner, "file:///opt/skymap/runner.js");
  strictEqual(installation.pluginPath, "plugins/NAME.js");
  strictEqual(installation.lock, undefined);
});

Deno.test("bundledPlugins() lists folders of sources, or files of a bundle", async () => {
  const sources = await bundledPlugins(await findInstallation());
  ok(sources.includes("demo") && sources.includes("example"));
  const folder = await Deno.makeTempDir({ prefix: "skymap-" });
  try {
    await Deno.mkdir(`${folder}/plugins`);
    await Deno.writeTextFile(`${folder}/plugins/b.js`, "");
    await Deno.writeTextFile(`${folder}/plugins/a.js`, "");
    await Deno.writeTextFile(`${folder}/plugins/a.js.map`, "");
    const bundle = await findInstallation(`file://${folder}/role.js`);
    deepStrictEqual(await bundledPlugins(bundle), ["a", "b"]);
    strictEqual(
      (await resolvePlugin("b", bundle)).url,
      `file://${folder}/plugins/b.js`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("resolvePlugin() takes names of what came with Skymap", async () => {
  const installation = await findInstallation();
  const { base } = installation;
  deepStrictEqual(await resolvePlugin("demo", installation), {
    spec: "demo",
    url: `${base}plugins/demo/mod.ts`,
  });
});

for (
  const name of [
    "nothing",
    "",
    "..",
    "../core",
    "demo/../aws",
    "./plugins/demo/mod.ts",
    "https://plugins.example/mod.ts",
    "data:text/javascript,1",
    "npm:left-pad",
  ]
) {
  Deno.test(`resolvePlugin() refuses "${name}"`, async () => {
    const installation = await findInstallation();
    await rejects(resolvePlugin(name, installation), {
      code: "plugin_unreachable",
      message:
        /^Cannot load plugin ".*": it did not come with Skymap, there are aws, .*demo, example/,
    });
  });
}
