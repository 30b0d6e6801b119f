import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createToken, loadKey } from "@skymap/lib/auth";
import {
  type ActivePlugins,
  CoreClient,
  PluginClient,
  unwrap,
} from "@skymap/lib/client";
import type { Problem } from "@skymap/lib/errors";
import { sha256Of } from "@skymap/lib/plugin_host";
import { System } from "../helpers/system.ts";
import { install, manifestOfText, pluginText } from "./_installation.ts";

const TEXT = pluginText("fruit", "", {
  permissions: `{ collect: { net: ["api.example.com:443"] } }`,
});

let system: System;
let client: CoreClient;
let plugins: PluginClient;

Deno.test.beforeAll(async () => {
  system = await System.start({ core: ["--no-scheduling"] });
  client = await system.client();
  plugins = new PluginClient(client);
  await install(client, TEXT);
});

Deno.test.afterAll(async () => {
  // What kept it from starting is told by then.
  await (system as System | undefined)?.[Symbol.asyncDispose]();
});

/** Sends something and gives the refusal. */
async function refused(
  path: string,
  body?: unknown,
  { method = body === undefined ? "GET" : "POST", by = client }: {
    readonly method?: "GET" | "POST" | "PUT" | "DELETE";
    readonly by?: CoreClient;
  } = {},
): Promise<Problem> {
  const answer = await by.fetch(path as never, {
    method,
    ...(body !== undefined && { json: body }),
  });
  const text = await answer.text();
  ok(!answer.ok, `${path}: ${text}`);
  return JSON.parse(text);
}

async function active(): Promise<ActivePlugins> {
  return unwrap(await plugins.active()) ??
    { revision: "", plugins: [], inactive: [] };
}

/** What runs of `fruit`; every attack must leave it as it is. */
async function checkFruit(): Promise<void> {
  const { plugins: all } = await active();
  const fruit = all.find(({ name }) => name === "fruit");
  strictEqual(fruit?.version, "1.0.0");
  strictEqual(fruit.sha256, await sha256Of(TEXT));
  deepStrictEqual(fruit.permissions.collect, { net: ["api.example.com:443"] });
  ok(!system.process("core").ended);
  ok(!system.process("worker").ended);
}

function registryTest(name: string, run: () => Promise<void>): void {
  Deno.test(`attack on the registry: ${name}`, async () => {
    await run();
    await checkFruit();
  });
}

async function addition(
  text: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  return {
    manifest: await manifestOfText(text),
    module: text,
    sha256: await sha256Of(text),
    ...change,
  };
}

registryTest("a published version becomes another one", async () => {
  const other = `${TEXT}\n// changed\n`;
  const problem = await refused("/plugins", await addition(other));
  strictEqual(problem.code, "plugin_changed");
  deepStrictEqual(problem.details, {
    was: await sha256Of(TEXT),
    is: await sha256Of(other),
  });
  const [entry] = unwrap(await plugins.audit("fruit", { limit: 1 }));
  strictEqual(entry?.event, "refused");
  match(entry.message ?? "", /when it was added, and now has/);
});

registryTest(
  "the same module comes with a manifest that asks for more",
  async () => {
    const told = await addition(TEXT);
    const problem = await refused("/plugins", {
      ...told,
      manifest: {
        ...told["manifest"] as object,
        permissions: {
          collect: { net: ["api.example.com:443", "evil.example"] },
        },
      },
    });
    ok(
      ["plugin_changed", "plugin_invalid"].includes(problem.code),
      problem.code,
    );
  },
);

registryTest("a module is not what its hash says", async () => {
  const problem = await refused(
    "/plugins",
    await addition(pluginText("apple", ""), {
      sha256: await sha256Of("other"),
    }),
  );
  strictEqual(problem.code, "plugin_changed");
  strictEqual((await refused("/plugins/apple")).code, "plugin_unknown");
});

registryTest("an update widens what the plugin may reach", async () => {
  const text = pluginText("fruit", "", {
    version: "1.1.0",
    permissions:
      `{ collect: { net: ["api.example.com:443", "evil.example"], env: ["AWS_SECRET_ACCESS_KEY"] } }`,
  });
  const seen = unwrap(await plugins.get("fruit")).versions[0];
  const told = await addition(text);
  const { version, difference } = unwrap(await plugins.add(told as never));
  deepStrictEqual(difference?.permissions_added.length, 2);
  match(
    difference.permissions_added.join(),
    /evil\.example.*AWS_SECRET|AWS_SECRET.*evil\.example/,
  );
  await checkFruit();
  // What the operator saw before is no approval of what is asked for now.
  const approve = "/plugins/fruit/1.1.0/approve";
  const old = await refused(approve, {
    sha256: await sha256Of(text),
    permissions_hash: seen?.permissions_hash,
  });
  strictEqual(old.code, "conflict");
  const foreign = await refused(approve, {
    sha256: await sha256Of(TEXT),
    permissions_hash: version.permissions_hash,
  });
  strictEqual(foreign.code, "conflict");
  const none = await refused(approve, {
    permissions_hash: version.permissions_hash,
  });
  strictEqual(none.code, "conflict");
  const waiting = await refused("/plugins/fruit/enable", { version: "1.1.0" });
  strictEqual(waiting.code, "conflict");
});

registryTest("an update wants more than the policy allows", async () => {
  const text = pluginText("pear", "", {
    permissions:
      `{ collect: { net: ["evil.example"], env: ["HOME"], read: ["/etc"] } }`,
  });
  const before = unwrap(await plugins.policy());
  unwrap(
    await plugins.setPolicy({
      ...before,
      net: ["*.example.com"],
      env: [],
      read: ["/opt"],
      max_memory_mb: 2_000,
    }),
  );
  try {
    const { version } = unwrap(
      await plugins.add(await addition(text) as never),
    );
    const { sha256, permissions_hash } = version;
    const problem = await refused("/plugins/pear/1.0.0/approve", {
      sha256,
      permissions_hash,
      limits: { memory_mb: 4_000 },
    });
    strictEqual(problem.code, "plugin_refused");
    for (const excess of [/evil\.example/, /HOME/, /\/etc/, /4000/]) {
      match(problem.detail, excess);
    }
    const audit = unwrap(await plugins.audit("pear"));
    ok(
      audit.some(({ event, message = "" }) =>
        event === "refused" && message.includes("evil.example")
      ),
    );
    ok(!(await active()).plugins.some(({ name }) => name === "pear"));
  } finally {
    unwrap(await plugins.setPolicy(before));
  }
});

/** Manifests that a client sends past the command line. */
const MANIFESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["a name that is a path", { name: "../../etc/passwd" }],
  ["a name that is a word of the API", { name: "policy" }],
  ["a name with a NUL", { name: "fruit\u0000" }],
  ["a name with a new line", { name: "fruit\nx" }],
  ["a version that is a path", { version: "1.0.0/../../../x" }],
  ["a version without an end", { version: `1.0.0-${"x".repeat(100_000)}` }],
  ["a cloud that is a path", { cloud: "../aws" }],
  ["every host", { permissions: { collect: { net: ["*"] } } }],
  ["settings of Skymap", {
    permissions: { collect: { env: ["SKYMAP_CORE_PSK"] } },
  }],
  ["what is never granted", { permissions: { collect: { run: ["sh"] } } }],
  [
    "prototypes",
    JSON.parse('{"permissions":{"__proto__":{"net":["a.example"]}}}'),
  ],
];

for (const [name, change] of MANIFESTS) {
  registryTest(`a manifest asks for ${name}`, async () => {
    const told = await addition(TEXT);
    const problem = await refused("/plugins", {
      ...told,
      manifest: { ...told["manifest"] as object, ...change },
    });
    // A name that every object has is no part of what is compared.
    match(problem.code, /^(plugin_invalid|body_invalid|plugin_changed)$/);
    ok(problem.detail.length < 300_000);
  });
}

registryTest("paths lead out of it", async () => {
  for (
    const path of [
      "/registry/..%2f..%2f..%2fetc/passwd/module.js",
      "/registry/fruit/..%2f..%2fskymap.json/module.js",
      "/registry/fruit/1.0.0/..%2f..%2fkey",
      "/registry/%00/1.0.0/module.js",
      "/registry/__proto__/constructor/module.js",
      "/registry/fruit/__proto__/module.js",
      `/registry/${"x".repeat(5_000)}/1.0.0/module.js`,
      "/plugins/__proto__",
      "/plugins/constructor/audit",
    ]
  ) {
    const problem = await refused(path);
    match(problem.code, /unknown|not_found|invalid/, path);
  }
});

registryTest("whoever has the token of a worker approves", async () => {
  const key = await loadKey(system.dataDir, { create: false });
  const by = new CoreClient({
    coreUri: system.coreUri,
    token: () =>
      createToken(key, { subject: "stolen", role: "worker", ttlSeconds: 60 }),
  });
  const told = await addition(pluginText("plum", ""));
  for (
    const [method, path, body] of [
      ["POST", "/plugins", told],
      ["POST", "/plugins/fruit/1.0.0/approve", { permissions_hash: "x" }],
      ["POST", "/plugins/fruit/disable", undefined],
      ["POST", "/plugins/fruit/rollback", undefined],
      ["DELETE", "/plugins/fruit", undefined],
      ["PUT", "/plugins/policy", {}],
      ["POST", "/plugins/keys", { id: "x", public_key: "x" }],
      ["GET", "/plugins/fruit/audit", undefined],
    ] as const
  ) {
    const problem = await refused(path, body, { method, by });
    strictEqual(problem.code, "permission_denied", `${method} ${path}`);
  }
  // Nor does it bring a plugin in as one that came with Skymap.
  const answer = await by.fetch("/plugins/installation" as never, {
    method: "PUT",
    json: [told["manifest"]],
  });
  deepStrictEqual(await answer.json(), {
    refused: [{ name: "plum", reason: "it did not come with core's Skymap" }],
  });
  strictEqual((await refused("/plugins/plum")).code, "plugin_unknown");
});

registryTest("nobody in particular adds a plugin", async () => {
  for (const headers of [{}, { authorization: "Bearer x.y.z" }]) {
    const answer = await fetch(`${system.coreUri}/plugins`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: "{}",
    });
    strictEqual(answer.status, 401);
    await answer.body?.cancel();
  }
});
