import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { PluginVersionJson } from "@skymap/lib/client";
import type { PublishedPlugin } from "@skymap/lib/plugin_host";
import { packPlugin } from "../plugin_kit/pack_plugin.ts";
import { writePackage } from "../plugin_kit/write_package.ts";
import { fetchNamed, type FetchOptions, fetchPlugin } from "./fetch_plugin.ts";
import { fetchUpdate } from "./fetch_update.ts";

const folder = await Deno.makeTempDir({ prefix: "skymap-fetch-" });
const signal = AbortSignal.timeout(120_000);

/** Tokens that the server was sent, by path. */
const tokens = new Map<string, string | null>();

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  async (request) => {
    const { pathname } = new URL(request.url);
    tokens.set(pathname, request.headers.get("authorization"));
    if (pathname === "/broken.json") return new Response("{");
    if (pathname === "/busy.json") return new Response("", { status: 503 });
    return await Deno.readFile(`${folder}${pathname}`)
      .then((bytes) => new Response(bytes))
      .catch(() => new Response("no such file", { status: 404 }));
  },
);
const site = `http://127.0.0.1:${server.addr.port}`;

const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
/** Where nobody answers. */
const closed = `http://127.0.0.1:${listener.addr.port}`;
listener.close();

function options(coreUri = "http://127.0.0.1:1"): FetchOptions {
  return {
    core: { coreUri, token: () => Promise.resolve("secret") },
    signal,
  };
}

async function publish(version: string): Promise<PublishedPlugin> {
  const source = `${folder}/plum.ts`;
  await Deno.writeTextFile(
    source,
    `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "plum",
  version: "${version}",
  description: "Answers",
  permissions: { commands: { net: ["api.example.com:443"] } },
  commands: { ask: async ({ write }) => await write("plum") },
});
`,
  );
  const packed = await packPlugin({ spec: source, signal });
  await writePackage(folder, packed);
  return packed.published;
}

const first = await publish("1.0.0");
const second = await publish("1.10.0");
await publish("1.9.0");

Deno.test("fetchPlugin() takes what is published by its manifest or its module", async () => {
  for (const name of ["plum-1.0.0.json", "plum-1.0.0.js"]) {
    const addition = await fetchPlugin(`${site}/${name}`, options());
    strictEqual(addition.sha256, first.sha256);
    strictEqual(addition.url, `${site}/plum-1.0.0.json`);
    strictEqual(typeof addition.lock, "string");
    deepStrictEqual(addition.manifest, first.manifest);
  }
  const local = await fetchPlugin(`${folder}/plum-1.0.0.json`, options());
  strictEqual(local.sha256, first.sha256);
});

Deno.test("fetchNamed() finds the newest version, or the one that is named", async () => {
  const index = `${site}/index.json`;
  const newest = await fetchNamed("plum", undefined, index, options());
  strictEqual(newest.manifest.version, "1.10.0");
  strictEqual(newest.sha256, second.sha256);
  const named = await fetchNamed("plum", "1.0.0", index, options());
  strictEqual(named.sha256, first.sha256);
  await rejects(fetchNamed("plum", "7.0.0", index, options()), {
    code: "plugin_unknown",
    message: /there is 1\.10\.0, 1\.9\.0, 1\.0\.0/,
  });
  await rejects(fetchNamed("pear", undefined, index, options()), {
    code: "plugin_unknown",
    message: /there is plum/,
  });
});

Deno.test("fetchPlugin() refuses a manifest that lies, and names how", async () => {
  const lying = {
    ...first,
    manifest: {
      ...first.manifest,
      description: "Harmless",
      permissions: { ...first.manifest.permissions, commands: {} },
    },
  };
  await Deno.writeTextFile(`${folder}/lie.json`, JSON.stringify(lying));
  await rejects(fetchPlugin(`${site}/lie.json`, options()), {
    code: "plugin_invalid",
    message: /they differ in description, permissions$/,
  });
});

Deno.test("fetchPlugin() refuses a module that is not what its manifest names", async () => {
  await Deno.writeTextFile(
    `${folder}/swap.json`,
    JSON.stringify({ ...first, module: second.module }),
  );
  await rejects(fetchPlugin(`${site}/swap.json`, options()), (error: Error) => {
    match(error.message, new RegExp(second.sha256));
    match(error.message, new RegExp(first.sha256));
    return true;
  });
});

Deno.test("fetchPlugin() says what is wrong at an address", async () => {
  for (
    const [path, code, reason] of [
      ["none.json", "plugin_unreachable", /there is nothing/],
      ["broken.json", "plugin_unreachable", /it is no JSON/],
      ["busy.json", "plugin_unreachable", /HTTP 503/],
      ["index.json", "plugin_invalid", /its format is undefined/],
    ] as const
  ) {
    await rejects(fetchPlugin(`${site}/${path}`, options()), {
      code,
      message: reason,
    });
  }
});

Deno.test("fetchPlugin() says that there is no module, and what is no address", async () => {
  for (
    const [spec, code, reason] of [
      [`${site}/none.ts`, "plugin_unreachable", /there is nothing$/],
      [`${folder}/none.ts`, "plugin_unreachable", /there is nothing$/],
      [`${closed}/x.ts`, "plugin_unreachable", /Connection refused/],
      ["ftp://example.com/x.ts", "usage", /wanted http/],
      ["http://", "usage", /no address/],
    ] as const
  ) {
    await rejects(fetchPlugin(spec, options()), { code, message: reason });
  }
});

Deno.test("fetchNamed() takes nothing that the index does not name", async () => {
  const entry = { version: "1.0.0", size: 1, manifest: "plum-1.0.0.json" };
  const index = (name: string, version: object) =>
    Deno.writeTextFile(
      `${folder}/other.json`,
      JSON.stringify({
        plugins: [{ name, versions: [{ ...entry, ...version }] }],
      }),
    );
  const named = (name: string) =>
    fetchNamed(name, undefined, `${site}/other.json`, options());
  await index("pear", { sha256: first.sha256 });
  await rejects(named("pear"), {
    code: "plugin_changed",
    message: /it is "plum" 1\.0\.0, wanted what the index names/,
  });
  await index("plum", { sha256: second.sha256 });
  await rejects(named("plum"), {
    code: "plugin_changed",
    message: new RegExp(`${first.sha256}, the index names ${second.sha256}`),
  });
});

/** Version 1.9.0 as the registry has it. */
function running(url: string, more: Partial<PluginVersionJson> = {}) {
  return {
    name: "plum",
    version: "1.9.0",
    source: "published",
    url,
    has_lock: false,
    manifest: first.manifest,
    permissions_hash: "",
    added_at: "",
    added_by: "",
    ...more,
  } as const;
}

Deno.test("fetchUpdate() follows no address to another plugin or an older version", async () => {
  const newest = await fetchUpdate(
    running(`${site}/plum-1.9.0.json`),
    options(),
  );
  strictEqual(newest.manifest.version, "1.10.0");
  await rejects(
    fetchUpdate(running(`${site}/plum-1.0.0.js`), options()),
    { code: "plugin_changed", message: /is 1\.0\.0, wanted 1\.9\.0 or newer/ },
  );
  await rejects(
    fetchUpdate(
      running(`${site}/plum-1.10.0.js`, { name: "pear" }),
      options(),
    ),
    { code: "plugin_changed", message: /is plugin "plum" now, wanted "pear"/ },
  );
});

Deno.test("fetchPlugin() sends the key of core to core alone", async () => {
  await fetchPlugin(`${site}/plum-1.0.0.json`, options());
  strictEqual(tokens.get("/plum-1.0.0.json"), null);
  await fetchPlugin(`${site}/plum-1.0.0.json`, options(`${site}/`));
  strictEqual(tokens.get("/plum-1.0.0.json"), "Bearer secret");
  strictEqual(tokens.get("/plum-1.0.0.js"), "Bearer secret");
});

Deno.test.afterAll(async () => {
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});
