import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import { createSigningKey, signPlugin } from "@skymap/lib/plugin_host";
import { testAddition } from "./_test_plugin.ts";
import {
  addApproved,
  events,
  open,
  reopen,
  running,
  seen,
  versionOf,
} from "./_test_registry.ts";

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
  strictEqual(versionOf(registry, "fruit", "1.0.0").signed_by, id);
  await registry.approve("fruit", "1.0.0", seen(version), "me");
  strictEqual(versionOf(await reopen(), "fruit", "1.0.0").signed_by, id);
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
  strictEqual(versionOf(await reopen(), "fruit", "1.0.0").signed_by, pair.id);
  deepStrictEqual(await events(registry, "fruit"), [
    "added",
    "added",
    "refused",
  ]);
});
