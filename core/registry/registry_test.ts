import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { PluginVersionJson } from "@skymap/lib/client";
import { createSigningKey, signPlugin } from "@skymap/lib/plugin_host";
import type { Json } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase } from "../db/test_database.ts";
import { testAddition, testManifest } from "./_test_plugin.ts";
import { PluginRegistry } from "./registry.ts";

const { db: { system: db } } = await openTestDatabase();
const clock = new FakeClock();
const INSTALLED = new Set(["demo", "aws"]);

function reopen(): Promise<PluginRegistry> {
  return PluginRegistry.open({ db, clock, installed: INSTALLED });
}

async function open(): Promise<PluginRegistry> {
  await db.query(
    `DELETE plugin; DELETE plugin_version; DELETE plugin_text;
    DELETE plugin_policy; DELETE plugin_key; DELETE plugin_audit`,
  );
  return await reopen();
}

function seen({ sha256, permissions_hash }: PluginVersionJson) {
  return { ...(sha256 !== undefined && { sha256 }), permissions_hash };
}

async function addApproved(
  registry: PluginRegistry,
  ...args: Parameters<typeof testAddition>
): Promise<void> {
  const { version } = await registry.add(await testAddition(...args), "me");
  await registry.approve(version.name, version.version, seen(version), "me");
}

/** Name and version of what workers run. */
function running(registry: PluginRegistry): string[] {
  return registry.active().plugins.map(({ name, version }) =>
    `${name}@${version}`
  );
}

async function events(registry: PluginRegistry, name: string) {
  return (await registry.audit(name, 100)).map(({ event }) => event).sort();
}

Deno.test("a plugin that was added waits, and runs once it is approved", async () => {
  const registry = await open();
  const { version, created } = await registry.add(await testAddition(), "me");
  strictEqual(created, true);
  strictEqual(version.grant, undefined);
  deepStrictEqual(running(registry), []);
  deepStrictEqual(registry.active().inactive, [
    { name: "fruit", reason: "it waits for approval" },
  ]);
  const plugin = await registry.approve(
    "fruit",
    "1.0.0",
    { ...seen(version), limits: { heap_mb: 100 } },
    "you",
  );
  deepStrictEqual([plugin.enabled, plugin.active], [true, "1.0.0"]);
  const [active] = registry.active().plugins;
  deepStrictEqual(active?.permissions, version.manifest.permissions);
  deepStrictEqual(active?.limits, {
    heap_mb: 100,
    memory_mb: 1_024,
    timeout_s: 3_600,
  });
  strictEqual(active?.sha256, version.sha256);
  deepStrictEqual(await events(registry, "fruit"), ["added", "approved"]);
});

Deno.test("a core that starts again knows all that was said", async () => {
  const registry = await open();
  const module = `export default "${"ä".repeat(700_000)}";`;
  await addApproved(registry, {}, module, { lock: '{"version":"5"}' });
  await addApproved(registry, { version: "1.1.0" });
  await registry.setPolicy({ max_heap_mb: 600 }, "me");
  const again = await reopen();
  deepStrictEqual(again.get("fruit"), registry.get("fruit"));
  deepStrictEqual(again.active().plugins, registry.active().plugins);
  deepStrictEqual(again.policy(), { max_heap_mb: 600 });
  strictEqual(await again.module("fruit", "1.0.0"), module);
  strictEqual(await again.lock("fruit", "1.0.0"), '{"version":"5"}');
  await rejects(again.lock("fruit", "1.1.0"), { code: "plugin_unknown" });
});

Deno.test("a version that was added never becomes another one, and both hashes are named", async () => {
  const registry = await open();
  const first = await testAddition({}, "export default 1;");
  await registry.add(first, "me");
  deepStrictEqual((await registry.add(first, "me")).created, false);
  const other = await testAddition({}, "export default 2;");
  await rejects(registry.add(other, "me"), {
    code: "plugin_changed",
    message: `Cannot add plugin "fruit" 1.0.0: its module had SHA-256 ` +
      `${first.sha256} when it was added, and now has ${other.sha256}; ` +
      "wanted a new version",
  });
  await rejects(
    registry.add({
      ...first,
      manifest: testManifest({ permissions: { collect: { env: ["HOME"] } } }),
    }, "me"),
    { code: "plugin_changed" },
  );
  strictEqual(await registry.module("fruit", "1.0.0"), "export default 1;");
  deepStrictEqual(await events(registry, "fruit"), [
    "added",
    "refused",
    "refused",
  ]);
});

Deno.test("a module that is not what its hash says is refused", async () => {
  const registry = await open();
  const addition = await testAddition();
  await rejects(registry.add({ ...addition, module: "evil" }, "me"), {
    code: "plugin_changed",
  });
  await rejects(
    registry.add({ ...addition, module: "export default '\ud800'" }, "me"),
    { code: "plugin_invalid", message: /no valid text/ },
  );
  await rejects(
    registry.add(
      await testAddition({ name: "../x", cloud: "fruit" } as never),
      "me",
    ),
    { code: "plugin_invalid" },
  );
  deepStrictEqual(registry.list(), []);
});

Deno.test("a reaction whose search cannot be watched is refused", async () => {
  const registry = await open();
  for (
    const [search, reason] of [
      ["is(", /reaction "watch": .*ends too early/],
      ["aggregate(kind: sum(1) as n): is(a)", /watches an aggregation/],
    ] as const
  ) {
    const reactions = [{ name: "watch", search }];
    await rejects(registry.add(await testAddition({ reactions }), "me"), {
      code: "plugin_invalid",
      message: reason,
    });
  }
});

Deno.test("an approval is for what was seen", async () => {
  const registry = await open();
  const { version } = await registry.add(await testAddition(), "me");
  for (
    const approval of [
      { ...seen(version), sha256: "0".repeat(64) },
      { ...seen(version), permissions_hash: "0".repeat(64) },
      { permissions_hash: version.permissions_hash },
    ]
  ) {
    await rejects(registry.approve("fruit", "1.0.0", approval, "me"), {
      code: "conflict",
    });
  }
  await rejects(
    registry.approve(
      "fruit",
      "1.0.0",
      { ...seen(version), limits: { memory_mb: 1 } },
      "me",
    ),
    { code: "body_invalid" },
  );
  await rejects(registry.enable("fruit", undefined, "me"), {
    message: /no version of it was approved/,
  });
  await rejects(registry.enable("fruit", "1.0.0", "me"), {
    message: /it waits for approval/,
  });
  deepStrictEqual(running(registry), []);
});

Deno.test("an update shows the difference; what ran goes on until it is approved", async () => {
  const registry = await open();
  await addApproved(registry);
  const { version, difference } = await registry.add(
    await testAddition({
      version: "1.1.0",
      permissions: { collect: { net: ["api.example.com:443", "evil.z:1"] } },
    }),
    "me",
  );
  deepStrictEqual(difference?.permissions_added, ["collect net evil.z:1"]);
  ok(difference?.sha256 !== undefined);
  deepStrictEqual(running(registry), ["fruit@1.0.0"]);
  await registry.approve("fruit", "1.1.0", seen(version), "me");
  deepStrictEqual(running(registry), ["fruit@1.1.0"]);
});

Deno.test("a roll back returns to what was active before, step by step", async () => {
  const registry = await open();
  for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
    await addApproved(registry, { version });
  }
  deepStrictEqual((await registry.rollback("fruit", "me")).active, "1.1.0");
  deepStrictEqual((await registry.rollback("fruit", "me")).active, "1.0.0");
  await rejects(registry.rollback("fruit", "me"), { code: "conflict" });
  deepStrictEqual(
    (await registry.enable("fruit", "2.0.0", "me")).active,
    "2.0.0",
  );
  deepStrictEqual((await registry.rollback("fruit", "me")).active, "1.0.0");
  deepStrictEqual(running(registry), ["fruit@1.0.0"]);
});

Deno.test("limits stay when a version takes the place of another one", async () => {
  const registry = await open();
  const { version } = await registry.add(await testAddition(), "me");
  const limits = { heap_mb: 900, memory_mb: 2_000, timeout_s: 60 };
  await registry.approve("fruit", "1.0.0", { ...seen(version), limits }, "me");
  await addApproved(registry, { version: "1.0.1" });
  deepStrictEqual(registry.active().plugins[0]?.limits, limits);
});

Deno.test("what is beyond the policy is refused whole, with the excess named", async () => {
  const registry = await open();
  await registry.setPolicy({ net: ["*.example.org:443"] }, "me");
  const { version } = await registry.add(await testAddition(), "me");
  await rejects(registry.approve("fruit", "1.0.0", seen(version), "me"), {
    code: "plugin_refused",
    message: 'Cannot approve plugin "fruit": it asks for collect net ' +
      "api.example.com:443, the policy allows net *.example.org:443",
  });
  deepStrictEqual(running(registry), []);
  deepStrictEqual(await events(registry, "fruit"), ["added", "refused"]);
  deepStrictEqual(registry.active().net_cap, ["*.example.org:443"]);
});

Deno.test("a policy made stricter stops what no longer fits, and says why", async () => {
  const registry = await open();
  await addApproved(registry);
  await addApproved(registry, {
    name: "modest",
    permissions: { collect: {} },
  }, "export default 0;");
  const { disabled } = await registry.setPolicy({ net: [] }, "me");
  deepStrictEqual(disabled.map(({ name }) => name), ["fruit"]);
  deepStrictEqual(running(registry), ["modest@1.0.0"]);
  match(registry.get("fruit").reason ?? "", /the policy allows no net/);
  await rejects(registry.enable("fruit", undefined, "me"), {
    code: "plugin_refused",
  });
  await registry.setPolicy({}, "me");
  deepStrictEqual(running(registry), ["modest@1.0.0"]);
  await registry.enable("fruit", undefined, "me");
  strictEqual(registry.get("fruit").reason, undefined);
  deepStrictEqual(running(registry).sort(), ["fruit@1.0.0", "modest@1.0.0"]);
});

Deno.test("a policy can want the signature of a trusted key", async () => {
  const registry = await open();
  const pair = await createSigningKey();
  const plain = await testAddition();
  const signature = await signPlugin({
    manifest: plain.manifest as unknown as Json,
    sha256: plain.sha256,
  }, pair);
  await registry.setPolicy({ require_signature: true }, "me");
  const { version } = await registry.add({ ...plain, signature }, "me");
  await rejects(registry.approve("fruit", "1.0.0", seen(version), "me"), {
    code: "signature_invalid",
    message: new RegExp(`key ${pair.id} signed it, which is not trusted`),
  });
  const { id } = await registry.putKey(
    { public_key: pair.publicKey, comment: "mine" },
    "me",
  );
  strictEqual(registry.version("fruit", "1.0.0").signed_by, id);
  await registry.approve("fruit", "1.0.0", seen(version), "me");
  strictEqual((await reopen()).version("fruit", "1.0.0").signed_by, id);
  const bad = await testAddition({ version: "1.0.1" }, "x", { signature });
  await rejects(registry.add(bad, "me"), { code: "signature_invalid" });
  const { version: unsigned } = await registry.add(
    await testAddition({ version: "1.0.2" }),
    "me",
  );
  await rejects(registry.approve("fruit", "1.0.2", seen(unsigned), "me"), {
    message: /nobody signed it/,
  });
  const { disabled } = await registry.removeKey(id, "me");
  deepStrictEqual(disabled.map(({ name }) => name), ["fruit"]);
  deepStrictEqual(running(registry), []);
  await rejects(registry.removeKey(id, "me"), { code: "not_found" });
});

Deno.test("two plugins never collect one cloud", async () => {
  const registry = await open();
  await addApproved(registry);
  const { version } = await registry.add(
    await testAddition({ name: "thief", cloud: "fruit" }, "steal()"),
    "me",
  );
  await rejects(registry.approve("thief", "1.0.0", seen(version), "me"), {
    code: "conflict",
    message: /"fruit" collects cloud "fruit" already/,
  });
  await registry.disable("fruit", "me");
  await registry.approve("thief", "1.0.0", seen(version), "me");
  await rejects(registry.enable("fruit", undefined, "me"), {
    code: "conflict",
  });
  deepStrictEqual(running(registry), ["thief@1.0.0"]);
});

Deno.test("plugins that came with Skymap are taken from workers, by name", async () => {
  const registry = await open();
  const spies = [
    testManifest({ name: "spy" }),
    { ...testManifest({ name: "aws" }), protocol: 99 },
  ];
  const { refused } = await registry.announce(spies, "w1");
  deepStrictEqual(refused.map(({ name }) => name), ["spy", "aws"]);
  match(refused[1]?.reason ?? "", /it speaks protocol 99/);
  deepStrictEqual(registry.list(), []);
  const demo = testManifest({ name: "demo" });
  await registry.announce([demo, testManifest({ name: "aws" })], "w1");
  await registry.announce([demo], "w2");
  deepStrictEqual(running(registry), ["demo@1.0.0", "aws@1.0.0"]);
  strictEqual(registry.active().plugins[0]?.source, "installation");
  deepStrictEqual(await events(registry, "demo"), ["approved"]);
  await registry.disable("demo", "me");
  await registry.announce([demo], "w1");
  deepStrictEqual(running(registry), ["aws@1.0.0"]);
  await rejects(registry.remove("aws", undefined, "me"), {
    message: /it came with Skymap, wanted disable/,
  });
  await rejects(
    registry.add(await testAddition({ name: "aws" }), "me"),
    { code: "plugin_changed", message: /it came with Skymap/ },
  );
});

Deno.test("a bundled plugin does not collect a cloud that another one has", async () => {
  const registry = await open();
  await addApproved(registry, { name: "mine", cloud: "demo" });
  await registry.announce([testManifest({ name: "demo" })], "w1");
  deepStrictEqual(running(registry), ["mine@1.0.0"]);
  strictEqual(
    registry.get("demo").reason,
    '"mine" collects cloud "demo" already',
  );
  await registry.disable("mine", "me");
  await registry.enable("demo", undefined, "me");
  deepStrictEqual(running(registry), ["demo@1.0.0"]);
});

Deno.test("workers of two installations each find their own version", async () => {
  const registry = await open();
  await registry.announce([testManifest({ name: "demo" })], "new");
  await registry.announce(
    [testManifest({ name: "demo", version: "0.9.0" })],
    "old",
  );
  deepStrictEqual(running(registry), ["demo@1.0.0", "demo@0.9.0"]);
  strictEqual(registry.get("demo").active, "1.0.0");
});

Deno.test("a stranger's plugin in the place of a bundled one can be removed again", async () => {
  const registry = await open();
  await registry.announce([testManifest({ name: "demo" })], "w1");
  const { version, difference } = await registry.add(
    await testAddition({ name: "demo", version: "9.0.0" }),
    "me",
  );
  deepStrictEqual(difference?.source, {
    from: "installation",
    to: "published",
  });
  await registry.approve("demo", "9.0.0", seen(version), "me");
  await registry.announce(
    [testManifest({ name: "demo", version: "1.0.1" })],
    "w1",
  );
  deepStrictEqual(running(registry), ["demo@9.0.0"]);
  await rejects(registry.remove("demo", "9.0.0", "me"), {
    message: /it is active/,
  });
  await registry.remove("demo", undefined, "me");
  strictEqual(registry.get("demo").active, "1.0.1");
});

Deno.test("a bundled plugin beyond the policy waits for the operator", async () => {
  const registry = await open();
  await registry.setPolicy({ net: [] }, "me");
  await registry.announce([testManifest({ name: "demo" })], "w1");
  deepStrictEqual(running(registry), []);
  match(registry.get("demo").reason ?? "", /allows no net/);
  await registry.setPolicy({}, "me");
  const version = registry.version("demo", "1.0.0");
  await registry.approve("demo", "1.0.0", seen(version), "me");
  deepStrictEqual(running(registry), ["demo@1.0.0"]);
});

Deno.test("a plugin that was removed is gone, with its module", async () => {
  const registry = await open();
  await addApproved(registry);
  await addApproved(registry, { version: "1.1.0" });
  await registry.remove("fruit", "1.0.0", "me");
  await rejects(registry.rollback("fruit", "me"), { code: "conflict" });
  await db.query(
    `DELETE plugin_reaction;
    INSERT INTO plugin_reaction [{ plugin: "fruit" }, { plugin: "other" }]`,
  );
  await registry.remove("fruit", undefined, "me");
  await rejects(registry.module("fruit", "1.1.0"), { code: "plugin_unknown" });
  const [cursors] = await db.query<[string[]]>(
    "SELECT VALUE plugin FROM plugin_reaction",
  );
  deepStrictEqual(cursors, ["other"]);
  deepStrictEqual((await reopen()).list(), []);
  const [texts] = await db.query<[unknown[]]>(
    "SELECT VALUE id FROM plugin_text",
  );
  deepStrictEqual(texts, []);
});

Deno.test("the index lists what was approved, and nothing that came with Skymap", async () => {
  const registry = await open();
  await registry.announce([testManifest({ name: "demo" })], "w1");
  await addApproved(registry, {}, undefined, { lock: "{}" });
  await registry.add(await testAddition({ version: "2.0.0" }), "me");
  const { plugins } = registry.index();
  deepStrictEqual(
    plugins.map(({ name, versions }) => [
      name,
      ...versions.map(({ version, module, lock }) => [version, module, lock]),
    ]),
    [["fruit", ["1.0.0", "fruit/1.0.0/module.js", "fruit/1.0.0/lock.json"]]],
  );
});

Deno.test("onChange() tells when workers have something else to run", async () => {
  const registry = await open();
  let told = 0;
  using _listening = registry.onChange(() => told++);
  await addApproved(registry);
  const before = told;
  ok(before > 0);
  await registry.disable("fruit", "me");
  ok(told > before);
});

Deno.test("what a worker says of plugins that there are not is not kept", async () => {
  const registry = await open();
  await addApproved(registry);
  const access = {
    plugin: "fruit",
    version: "1.0.0",
    permission: "net",
    value: "evil.z:443",
    allowed: false,
    count: 2,
    first_at: new Date(0).toISOString(),
    last_at: new Date(0).toISOString(),
  };
  await registry.record([access, { ...access, plugin: "none" }], "w1");
  const [entries] = await db.query<[{ plugin: string }[]]>(
    "SELECT plugin FROM plugin_audit WHERE event = 'access'",
  );
  deepStrictEqual(entries.map(({ plugin }) => plugin), ["fruit"]);
  strictEqual(
    (await registry.audit("fruit", 10, { denied: true }))[0]?.value,
    "evil.z:443",
  );
});

Deno.test("what was done to a plugin, to the policy and to keys stays to be read", async () => {
  const registry = await open();
  const { version } = await registry.add(await testAddition(), "me");
  const other = { ...seen(version), sha256: "0".repeat(64) };
  await rejects(registry.approve("fruit", "1.0.0", other, "thief"));
  await registry.approve("fruit", "1.0.0", seen(version), "me");
  await registry.remove("fruit", undefined, "me");
  deepStrictEqual(await events(registry, "fruit"), [
    "added",
    "approved",
    "refused",
    "removed",
  ]);
  await registry.setPolicy({ net: ["a.example:443"], max_heap_mb: 64 }, "you");
  const [policy] = await registry.audit("policy", 10);
  deepStrictEqual([policy?.event, policy?.by, policy?.message], [
    "changed",
    "you",
    "net a.example:443; max_heap_mb 64",
  ]);
  const pair = await createSigningKey();
  const key = { public_key: pair.publicKey, comment: "mine" };
  const { id } = await registry.putKey(key, "me");
  await registry.removeKey(id, "me");
  deepStrictEqual(
    (await registry.audit("keys", 10)).map(({ message }) => message).sort(),
    [
      `key ${id} (mine) is trusted`,
      `key ${id} (mine) is trusted no more`,
    ],
  );
  await rejects(registry.audit("nothing", 10), { code: "plugin_unknown" });
});

Deno.test("a signature that comes later is taken, and a wrong one is noted", async () => {
  const registry = await open();
  const plain = await testAddition();
  await registry.add(plain, "me");
  const pair = await createSigningKey();
  await registry.putKey({ public_key: pair.publicKey, comment: "" }, "me");
  const { sha256 } = plain;
  const manifest = plain.manifest as unknown as Json;
  const signature = await signPlugin({ manifest, sha256 }, pair);
  const wrong = { ...signature, value: signature.value.replace(/^./, "_") };
  await rejects(registry.add({ ...plain, signature: wrong }, "me"), {
    code: "signature_invalid",
  });
  const { version, created } = await registry.add(
    { ...plain, signature },
    "me",
  );
  deepStrictEqual([version.signed_by, created], [pair.id, false]);
  strictEqual((await reopen()).version("fruit", "1.0.0").signed_by, pair.id);
  deepStrictEqual(await events(registry, "fruit"), [
    "added",
    "added",
    "refused",
  ]);
});

Deno.test("no version that came with Skymap runs beyond a stricter policy", async () => {
  const registry = await open();
  const permissions = { collect: { net: ["old.example.com:443"] } };
  const old = testManifest({ name: "demo", version: "0.9.0", permissions });
  await registry.announce([testManifest({ name: "demo" }), old], "w1");
  deepStrictEqual(running(registry), ["demo@1.0.0", "demo@0.9.0"]);
  await registry.setPolicy({ net: ["api.example.com:443"] }, "me");
  deepStrictEqual(running(registry), ["demo@1.0.0"]);
});

Deno.test("what came with Skymap and asks for more than the policy allows stops, and says why", async () => {
  const registry = await open();
  await registry.setPolicy({ net: ["api.example.com:443"] }, "me");
  await registry.announce([testManifest({ name: "demo" })], "w1");
  const permissions = { collect: { net: ["more.example.com:443"] } };
  await registry.announce([testManifest({ name: "demo", permissions })], "w1");
  deepStrictEqual(running(registry), []);
  match(registry.active().inactive[0]?.reason ?? "", /more\.example\.com/);
});

Deno.test("what is left of a removed plugin does not collect a cloud that another one has", async () => {
  const registry = await open();
  await registry.announce([testManifest({ name: "demo" })], "w1");
  await addApproved(registry, { name: "demo", version: "9.0.0", cloud: "new" });
  await addApproved(registry, { name: "mine", cloud: "demo" });
  await registry.remove("demo", undefined, "me");
  deepStrictEqual(running(registry), ["mine@1.0.0"]);
  match(registry.get("demo").reason ?? "", /"mine" collects cloud "demo"/);
});
