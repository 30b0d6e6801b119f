import { deepStrictEqual } from "node:assert/strict";
import { differenceOf } from "./difference.ts";
import { DEFAULT_LIMITS } from "./policy.ts";
import { testVersion } from "./_test_plugin.ts";

Deno.test("differenceOf() says nothing of two that are alike", () => {
  const same = { version: testVersion(), limits: DEFAULT_LIMITS };
  deepStrictEqual(differenceOf(same, same), {
    from: "1.0.0",
    to: "1.0.0",
    permissions_added: [],
    permissions_removed: [],
    kinds_added: [],
    kinds_removed: [],
    kinds_changed: [],
    limits: [],
  });
});

Deno.test("differenceOf() names code, origin, permissions, kinds and limits", () => {
  const before = testVersion({
    permissions: { accounts: {}, collect: { net: ["a.example.com:443"] } },
  }, { sha256: "aa", signed_by: "k1" });
  const { kinds } = before.manifest;
  const [account, ...rest] = kinds;
  const after = testVersion({
    version: "1.1.0",
    permissions: {
      accounts: { env: ["TOKEN"] },
      actions: { graph: ["clean"] },
      collect: { net: ["b.example.com:443", { config: "endpoint" }] },
    },
    kinds: [
      { ...account, name: "fruit_account", bases: ["account"], properties: {} },
      ...rest.slice(0, -1),
      { name: "fruit_pear" },
    ],
  }, { sha256: "bb" });
  deepStrictEqual(
    differenceOf(
      { version: before, limits: DEFAULT_LIMITS },
      { version: after, limits: { ...DEFAULT_LIMITS, heap_mb: 900 } },
    ),
    {
      from: "1.0.0",
      to: "1.1.0",
      sha256: { from: "aa", to: "bb" },
      signed_by: { from: "k1", to: "none" },
      permissions_added: [
        "accounts env TOKEN",
        "actions graph clean: may mark resources to be cleaned up",
        "collect net b.example.com:443",
        'collect net the host of "endpoint" in the configuration',
      ],
      permissions_removed: ["collect net a.example.com:443"],
      kinds_added: ["fruit_pear"],
      kinds_removed: ["fruit_apple"],
      kinds_changed: ["fruit_account"],
      limits: ["heap_mb 512 → 900"],
    },
  );
});

Deno.test("differenceOf() says when a stranger takes the place of a bundled plugin", () => {
  const { source } = differenceOf(
    {
      version: testVersion({}, { source: "installation" }),
      limits: DEFAULT_LIMITS,
    },
    { version: testVersion(), limits: DEFAULT_LIMITS },
  );
  deepStrictEqual(source, { from: "installation", to: "published" });
});
