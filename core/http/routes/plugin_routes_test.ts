import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { PluginAdded, PluginVersionJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { createSigningKey } from "@skymap/lib/plugin_host";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase } from "../../db/test_database.ts";
import { testAddition, testManifest } from "../../registry/_test_plugin.ts";
import { PluginRegistry } from "../../registry/registry.ts";
import { createApi } from "../app.ts";
import type { Caller } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";

const { db: { system: db } } = await openTestDatabase();

/** The API over an empty registry; a token is the name of its role. */
async function openApi() {
  await db.query(
    `DELETE plugin; DELETE plugin_version; DELETE plugin_text;
    DELETE plugin_policy; DELETE plugin_key; DELETE plugin_audit`,
  );
  const plugins = await PluginRegistry.open({
    db,
    clock: new FakeClock(),
    installed: new Set(["demo"]),
  });
  const api = createApi({
    version: "1.2.3",
    ready: () => undefined,
    authenticate: (token: string) =>
      ["operator", "worker", "metrics"].includes(token)
        ? Promise.resolve({ subject: `s.${token}`, role: token } as Caller)
        : Promise.reject(new SkymapError("token_invalid", "Cannot read it")),
    plugins,
    pluginCommands: {
      run: (name, command, { args, input }) =>
        Promise.resolve({
          printed: [name, command, ...args, ...input],
          messages: [],
        }),
    },
  } as Partial<Services> as Services);
  return async (
    method: string,
    path: string,
    body?: unknown,
    token = "operator",
  ) => {
    const response = await api.request(path, {
      method,
      headers: {
        ...(token !== "" && { authorization: `Bearer ${token}` }),
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: response.headers,
      // deno-lint-ignore no-explicit-any -- each test knows what it asked for
      body: (isJson ? JSON.parse(text) : text) as any,
    };
  };
}

function seen({ sha256, permissions_hash }: PluginVersionJson) {
  return { sha256, permissions_hash };
}

Deno.test("/plugins takes a plugin from its addition to its removal", async () => {
  const call = await openApi();
  const addition = await testAddition({}, undefined, { lock: "{}" });
  const added = await call("POST", "/plugins", addition);
  strictEqual(added.status, 200);
  const { version, created } = added.body as PluginAdded;
  deepStrictEqual([created, version.added_by], [true, "s.operator"]);
  const approved = await call(
    "POST",
    "/plugins/fruit/1.0.0/approve",
    seen(version),
  );
  deepStrictEqual(
    [approved.body.enabled, approved.body.active],
    [true, "1.0.0"],
  );
  const active = await call("GET", "/plugins/active", undefined, "worker");
  strictEqual(active.body.plugins[0].sha256, addition.sha256);
  const known = `/plugins/active?unless=${active.body.revision}`;
  strictEqual((await call("GET", known, undefined, "worker")).status, 204);
  deepStrictEqual((await call("GET", "/plugins")).body[0], {
    name: "fruit",
    description: "Collects fruit",
    cloud: "fruit",
    enabled: true,
    active: "1.0.0",
    source: "published",
    versions: [{ version: "1.0.0", state: "approved" }],
  });
  const next = await testAddition({ version: "1.1.0" });
  const { body: second } = await call("POST", "/plugins", next);
  strictEqual(second.difference.sha256.to, next.sha256);
  await call("POST", "/plugins/fruit/1.1.0/approve", seen(second.version));
  strictEqual(
    (await call("POST", "/plugins/fruit/rollback")).body.active,
    "1.0.0",
  );
  strictEqual(
    (await call("POST", "/plugins/fruit/disable")).body.enabled,
    false,
  );
  strictEqual((await call("GET", known, undefined, "worker")).status, 200);
  strictEqual(
    (await call("POST", "/plugins/fruit/enable", { version: "1.1.0" })).body
      .active,
    "1.1.0",
  );
  strictEqual((await call("DELETE", "/plugins/fruit/1.0.0")).status, 204);
  const events = await call("GET", "/plugins/fruit/audit?limit=3");
  strictEqual(events.body.length, 3);
  strictEqual((await call("DELETE", "/plugins/fruit")).status, 204);
  const gone = await call("GET", "/plugins/fruit");
  deepStrictEqual([gone.status, gone.body.code], [404, "plugin_unknown"]);
});

Deno.test("/plugins refuses a version that became another one, with both hashes", async () => {
  const call = await openApi();
  const first = await testAddition({}, "export default 1;");
  const other = await testAddition({}, "export default 2;");
  await call("POST", "/plugins", first);
  const { status, body } = await call("POST", "/plugins", other);
  deepStrictEqual([status, body.code], [409, "plugin_changed"]);
  ok(body.detail.includes(first.sha256) && body.detail.includes(other.sha256));
  deepStrictEqual(body.details, { was: first.sha256, is: other.sha256 });
});

Deno.test("/plugins/policy and /plugins/keys cap what plugins get", async () => {
  const call = await openApi();
  const { body: { version } } = await call(
    "POST",
    "/plugins",
    await testAddition(),
  );
  await call("POST", "/plugins/fruit/1.0.0/approve", seen(version));
  const set = await call("PUT", "/plugins/policy", {
    net: ["*.example.org:443"],
    require_signature: true,
  });
  deepStrictEqual(
    set.body.disabled.map(({ name }: { name: string }) => name),
    ["fruit"],
  );
  const refused = await call("POST", "/plugins/fruit/enable", {});
  deepStrictEqual(
    [refused.status, refused.body.code],
    [403, "plugin_refused"],
  );
  deepStrictEqual((await call("GET", "/plugins/policy")).body, {
    net: ["*.example.org:443"],
    require_signature: true,
  });
  const { publicKey, id } = await createSigningKey();
  const key = await call("POST", "/plugins/keys", {
    public_key: publicKey,
    comment: "ours",
  });
  strictEqual(key.body.id, id);
  strictEqual((await call("GET", "/plugins/keys")).body.length, 1);
  strictEqual((await call("DELETE", `/plugins/keys/${id}`)).status, 200);
  const bad = await call("POST", "/plugins/keys", {
    public_key: "x",
    comment: "",
  });
  deepStrictEqual([bad.status, bad.body.code], [403, "signature_invalid"]);
  const wrong = await call("PUT", "/plugins/policy", { nett: [] });
  deepStrictEqual([wrong.status, wrong.body.code], [400, "body_invalid"]);
});

Deno.test("workers tell what they have and what plugins did, and nothing else", async () => {
  const call = await openApi();
  const demo = testManifest({ name: "demo" });
  const spy = testManifest({ name: "spy" });
  const told = await call(
    "PUT",
    "/plugins/installation",
    [spy, demo],
    "worker",
  );
  deepStrictEqual(told.body, {
    refused: [{ name: "spy", reason: "it did not come with core's Skymap" }],
  });
  const at = new Date(0).toISOString();
  const access = {
    plugin: "demo",
    version: "1.0.0",
    permission: "net",
    value: "evil.z:443",
    allowed: false,
    count: 3,
    first_at: at,
    last_at: at,
  };
  strictEqual(
    (await call("POST", "/plugins/audit", [access], "worker")).status,
    204,
  );
  const { body } = await call("GET", "/plugins/demo/audit?denied=true");
  deepStrictEqual(
    body.map(({ by, count }: { by: string; count: number }) => [
      by,
      count,
    ]),
    [["s.worker", 3]],
  );
  for (
    const [method, path] of [
      ["GET", "/plugins"],
      ["POST", "/plugins"],
      ["GET", "/plugins/demo"],
      ["POST", "/plugins/demo/1.0.0/approve"],
      ["POST", "/plugins/demo/enable"],
      ["POST", "/plugins/demo/disable"],
      ["POST", "/plugins/demo/rollback"],
      ["DELETE", "/plugins/demo"],
      ["DELETE", "/plugins/demo/1.0.0"],
      ["GET", "/plugins/demo/audit"],
      ["GET", "/plugins/policy"],
      ["PUT", "/plugins/policy"],
      ["GET", "/plugins/keys"],
      ["POST", "/plugins/keys"],
      ["DELETE", "/plugins/keys/x"],
    ] as const
  ) {
    const { status } = await call(method, path, undefined, "worker");
    strictEqual(status, 403, `${method} ${path}`);
  }
  strictEqual(
    (await call("GET", "/plugins/active", undefined, "metrics")).status,
    403,
  );
});

Deno.test("/registry gives index, manifest, module and lock of what was approved", async () => {
  const call = await openApi();
  const addition = await testAddition({}, 'export default "ä";', {
    lock: '{"version":"5"}',
  });
  const { body: { version } } = await call("POST", "/plugins", addition);
  await call("POST", "/plugins/fruit/1.0.0/approve", seen(version));
  const index = await call("GET", "/registry/index.json", undefined, "worker");
  const [{ versions: [listed] }] = index.body.plugins;
  const manifest = await call("GET", `/registry/${listed.manifest}`);
  deepStrictEqual(manifest.body, {
    format: 1,
    manifest: addition.manifest,
    module: "module.js",
    sha256: addition.sha256,
    size: 20,
    lock: "lock.json",
  });
  const module = await call(
    "GET",
    `/registry/${listed.module}`,
    undefined,
    "worker",
  );
  strictEqual(module.body, addition.module);
  match(module.headers.get("content-type") ?? "", /^text\/javascript/);
  match(module.headers.get("cache-control") ?? "", /immutable/);
  deepStrictEqual((await call("GET", `/registry/${listed.lock}`)).body, {
    version: "5",
  });
  strictEqual(
    (await call("GET", "/registry/fruit/9.9.9/module.js")).status,
    404,
  );
  strictEqual(
    (await call("GET", "/registry/index.json", undefined, "")).status,
    401,
  );
});

Deno.test("a command of a plugin gets its words and its input, from operators only", async () => {
  const call = await openApi();
  const path = "/plugins/fruit/commands/peel";
  const { body } = await call("POST", path, { args: ["a"], input: [{ b: 1 }] });
  deepStrictEqual(body, ["fruit", "peel", "a", { b: 1 }]);
  deepStrictEqual((await call("POST", path, {})).body, ["fruit", "peel"]);
  strictEqual((await call("POST", path, { arg: 1 })).status, 400);
  strictEqual((await call("POST", path, {}, "worker")).status, 403);
});

Deno.test("a plugin cannot be called as a path is", async () => {
  const call = await openApi();
  for (const name of ["active", "audit", "installation", "keys", "policy"]) {
    const { status, body } = await call(
      "POST",
      "/plugins",
      await testAddition({ name }),
    );
    deepStrictEqual([status, body.code], [400, "plugin_invalid"], name);
    match(body.detail, /reserved/);
  }
});
