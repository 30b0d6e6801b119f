import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { testAddition, testManifest } from "./_test_plugin.ts";
import {
  addApproved,
  events,
  open,
  running,
  seen,
  versionOf,
} from "./_test_registry.ts";

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
  const version = versionOf(registry, "demo", "1.0.0");
  await registry.approve("demo", "1.0.0", seen(version), "me");
  deepStrictEqual(running(registry), ["demo@1.0.0"]);
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
