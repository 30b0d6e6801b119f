import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { testAddition, testManifest } from "./_test_plugin.ts";
import {
  addApproved,
  db,
  events,
  open,
  reopen,
  running,
  seen,
} from "./_test_registry.ts";

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
