import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import {
  isSignedBy,
  publicationFaults,
  type PublishedPlugin,
  sha256Of,
} from "@skymap/lib/plugin_host";
import { join } from "node:path";
import { findInstallation } from "../plugin/source.ts";
import { kitHost } from "./kit_host.ts";
import { packPlugin } from "./pack_plugin.ts";
import { readSigningKey, writeSigningKey } from "./signing_key.ts";
import { writePackage } from "./write_package.ts";

const signal = new AbortController().signal;
const EXAMPLE = new URL("../../plugins/example/mod.ts", import.meta.url).href;

/** A folder with a plugin of two modules in it. */
async function pluginFolder(
  { version = "1.0.0", name = "tiny", word = "hello" } = {},
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-pack-test-" });
  await Deno.writeTextFile(
    join(folder, "word.ts"),
    `export const WORD: string = "${word}";`,
  );
  await Deno.writeTextFile(
    join(folder, "mod.ts"),
    `import { definePlugin } from "@skymap/lib/plugin";
import { WORD } from "./word.ts";
export default definePlugin({
  name: "${name}",
  version: "${version}",
  description: WORD,
  permissions: {},
  commands: { say: ({ write }) => write(WORD) },
});`,
  );
  return folder;
}

Deno.test("packPlugin() gives the same bytes wherever the sources lie", async () => {
  const one = await pluginFolder();
  const other = join(await pluginFolder({ word: "other" }), "deeper", "down");
  await Deno.mkdir(other, { recursive: true });
  for (const file of ["mod.ts", "word.ts"]) {
    await Deno.copyFile(join(one, file), join(other, file));
  }
  const packed = await packPlugin({ spec: join(one, "mod.ts"), signal });
  deepStrictEqual(
    await packPlugin({ spec: join(other, "mod.ts"), signal }),
    packed,
  );
  deepStrictEqual(publicationFaults(packed.published), []);
  strictEqual(packed.published.sha256, await sha256Of(packed.module));
  strictEqual(packed.published.manifest.description, "hello");
  deepStrictEqual(JSON.parse(packed.lock), { version: "5" });
});

Deno.test("packPlugin() packs a plugin that came with Skymap, and it runs so", async () => {
  const { module, published } = await packPlugin({ spec: EXAMPLE, signal });
  const host = kitHost({
    source: { spec: "example", sha256: published.sha256, text: module },
    installation: await findInstallation(),
  });
  const { accounts: [account] } = await host.accounts({}, signal);
  ok(account);
  const lines = host.collect(published.manifest, {}, account, signal);
  let next = await lines.next();
  while (next.done !== true) next = await lines.next();
  deepStrictEqual({ ...next.value, usage: undefined }, {
    nodes: 15,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
});

Deno.test("packPlugin() packs from a URL, with all that the module imports", async () => {
  const folder = await pluginFolder();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) =>
      new Response(
        await Deno.readTextFile(folder + new URL(request.url).pathname),
        { headers: { "content-type": "text/typescript" } },
      ),
  );
  const base = `http://127.0.0.1:${server.addr.port}`;
  const packed = await packPlugin({ spec: `${base}/mod.ts`, signal });
  const local = await packPlugin({ spec: join(folder, "mod.ts"), signal });
  strictEqual(packed.published.sha256, local.published.sha256);
  deepStrictEqual(Object.keys(JSON.parse(packed.lock).remote), [
    `${base}/mod.ts`,
    `${base}/word.ts`,
  ]);
});

Deno.test("packPlugin() tells why a plugin cannot be packed", async () => {
  const folder = await pluginFolder({ version: "one" });
  const missing = join(folder, "missing.ts");
  await rejects(packPlugin({ spec: missing, signal }), {
    code: "plugin_invalid",
    message: /Cannot pack plugin "file:.*missing\.ts"/,
  });
  await rejects(packPlugin({ spec: join(folder, "mod.ts"), signal }), {
    code: "plugin_invalid",
    message: /version is "one", expected as in 1\.2\.3/,
  });
  await Deno.writeTextFile(join(folder, "broken.ts"), "export default {;");
  await rejects(packPlugin({ spec: join(folder, "broken.ts"), signal }), {
    code: "plugin_invalid",
  });
});

Deno.test("packPlugin() signs with a key that only its owner can read", async () => {
  const folder = await pluginFolder();
  const path = join(folder, "key.json");
  const pair = await writeSigningKey(path);
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  await rejects(writeSigningKey(path), { code: "conflict" });
  deepStrictEqual(await readSigningKey(path), pair);
  await rejects(readSigningKey(join(folder, "mod.ts")), {
    code: "signature_invalid",
  });
  const { published: { manifest, sha256, signature } } = await packPlugin({
    spec: join(folder, "mod.ts"),
    key: pair,
    signal,
  });
  ok(signature);
  const part = { manifest: manifest as unknown as Json, sha256 };
  ok(await isSignedBy(part, signature, pair.publicKey));
  const changed = { ...part, sha256: "0".repeat(64) };
  ok(!await isSignedBy(changed, signature, pair.publicKey));
});

Deno.test("writePackage() keeps an index of plugins and versions, the newest first", async () => {
  const target = join(await Deno.makeTempDir(), "public");
  for (
    const part of [
      { version: "1.9.0" },
      { version: "1.10.0" },
      { version: "1.10.0-rc.1" },
      { version: "0.1.0", name: "another" },
    ]
  ) {
    const spec = join(await pluginFolder(part), "mod.ts");
    await writePackage(target, await packPlugin({ spec, signal }));
  }
  const index = JSON.parse(await Deno.readTextFile(join(target, "index.json")));
  deepStrictEqual(
    index.plugins.map((
      { name, versions }: { name: string; versions: { version: string }[] },
    ) => [name, versions.map(({ version }) => version)]),
    [["another", ["0.1.0"]], ["tiny", ["1.10.0", "1.10.0-rc.1", "1.9.0"]]],
  );
  for (const plugin of index.plugins) {
    for (const { manifest, module, lock, sha256 } of plugin.versions) {
      const published: PublishedPlugin = JSON.parse(
        await Deno.readTextFile(join(target, manifest)),
      );
      strictEqual(published.sha256, sha256);
      const text = await Deno.readTextFile(join(target, module));
      strictEqual(await sha256Of(text), sha256);
      match(await Deno.readTextFile(join(target, lock)), /"version"/);
    }
  }
});

Deno.test("writePackage() does not change what is published", async () => {
  const target = await Deno.makeTempDir();
  const pack = async (word: string) =>
    await packPlugin({
      spec: join(await pluginFolder({ word }), "mod.ts"),
      signal,
    });
  const [one, other] = [await pack("one"), await pack("other")];
  await writePackage(target, one);
  await writePackage(target, one);
  await rejects(writePackage(target, other), {
    code: "conflict",
    message:
      `Cannot write plugin "tiny" 1.0.0: ${target}/tiny-1.0.0.json holds it with sha256 ${one.published.sha256}, this one has ${other.published.sha256}; give it a new version, or replace it with --replace`,
  });
  await writePackage(target, other, { replace: true });
  strictEqual(
    await Deno.readTextFile(join(target, "tiny-1.0.0.js")),
    other.module,
  );
});
