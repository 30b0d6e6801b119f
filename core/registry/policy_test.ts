import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { PluginPolicyJson } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { GRAPH_RIGHTS } from "@skymap/lib/plugin";
import { coversPermission } from "@skymap/lib/plugin_host";
import fc from "fast-check";
import { listPermissions, permissionsHash } from "./permission_list.ts";
import {
  DEFAULT_LIMITS,
  grantWithin,
  policyExcess,
  usualLimits,
  type Wanted,
} from "./policy.ts";

const host = fc.constantFrom(
  "a.x.y:443",
  "*.x.y:443",
  "*.x.y",
  "x.y",
  "b.a.x.y:80",
  "evil.z:443",
  "127.0.0.1:9",
);
const env = fc.constantFrom("HOME", "AWS_*", "AWS_REGION", "TOKEN");
const path = fc.constantFrom("/etc", "/etc/ssl", "~/.aws", "~/.aws/config");
const right = fc.constantFrom(...GRAPH_RIGHTS);
const fact = fc.constantFrom("osRelease", "hostname");
const limits = fc.record({
  heap_mb: fc.integer({ min: 32, max: 2_000 }),
  memory_mb: fc.integer({ min: 64, max: 2_000 }),
  timeout_s: fc.integer({ min: 1, max: 9_000 }),
});
const request = fc.record({
  net: fc.array(fc.oneof(host, fc.constant({ config: "endpoint" }))),
  env: fc.array(env),
  read: fc.array(path),
  sys: fc.array(fact),
  graph: fc.array(right),
}, { requiredKeys: [] });
const wanted: fc.Arbitrary<Wanted> = fc.record({
  permissions: fc.dictionary(
    fc.constantFrom("accounts", "collect", "tasks"),
    request,
    { noNullPrototype: true },
  ),
  limits,
});
const cap = fc.integer({ min: 32, max: 9_000 });
const policy: fc.Arbitrary<PluginPolicyJson> = fc.record({
  net: fc.array(host),
  env: fc.array(env),
  read: fc.array(path),
  sys: fc.array(fact),
  graph: fc.array(right),
  max_heap_mb: cap,
  max_memory_mb: cap,
  max_timeout_s: cap,
}, { requiredKeys: [] });

Deno.test("grantWithin() gives what was asked for, or refuses and names the excess", () => {
  let given = 0;
  let refused = 0;
  fc.assert(
    fc.property(wanted, policy, (each, caps) => {
      let grant: Wanted;
      try {
        grant = grantWithin("x", each, caps);
      } catch (error) {
        refused++;
        ok(isSkymapError(error, "plugin_refused"));
        const { excess } = error.details as { excess: readonly string[] };
        ok(excess.length > 0);
        ok(excess.every((text) => error.message.includes(text)));
        return;
      }
      given++;
      deepStrictEqual(grant, each);
      for (
        const { name, value, isConfigured } of listPermissions(
          grant.permissions,
        )
      ) {
        const within = caps[name];
        if (within === undefined || isConfigured) continue;
        ok(within.some((one) => coversPermission(name, one, value)), value);
      }
      ok(grant.limits.heap_mb <= (caps.max_heap_mb ?? Infinity));
      ok(grant.limits.memory_mb <= (caps.max_memory_mb ?? Infinity));
      ok(grant.limits.timeout_s <= (caps.max_timeout_s ?? Infinity));
    }),
    { numRuns: 3_000 },
  );
  // Both happen, so that neither half of the property is empty.
  ok(given > 100 && refused > 100, `${given} given, ${refused} refused`);
});

Deno.test("policyExcess() names each thing that is too much, with its cap", () => {
  const excess = policyExcess({
    permissions: {
      collect: { net: ["a.x.y:443", "evil.z"], env: ["TOKEN"] },
      accounts: { read: ["~/.ssh"] },
    },
    limits: { ...DEFAULT_LIMITS, heap_mb: 4_000 },
  }, { net: ["*.x.y:443"], env: [], read: ["~/.aws"], max_heap_mb: 1_000 });
  deepStrictEqual(excess, [
    "accounts read ~/.ssh, the policy allows read ~/.aws",
    "collect net evil.z, the policy allows net *.x.y:443",
    "collect env TOKEN, the policy allows no env",
    "heap_mb 4000, the policy allows 1000",
  ]);
  throws(() =>
    grantWithin(
      "spy",
      { permissions: { collect: { env: ["TOKEN"] } }, limits: DEFAULT_LIMITS },
      { env: [] },
    ), {
    code: "plugin_refused",
    message:
      'Cannot approve plugin "spy": it asks for collect env TOKEN, the policy allows no env',
  });
});

Deno.test("usualLimits() fit the policy", () => {
  fc.assert(
    fc.property(policy, (caps) => {
      deepStrictEqual(
        policyExcess({ permissions: {}, limits: usualLimits(caps) }, caps),
        [],
      );
    }),
  );
  deepStrictEqual(usualLimits({}), DEFAULT_LIMITS);
});

Deno.test("permissionsHash() tells apart what differs, and only that", () => {
  fc.assert(
    fc.property(wanted, wanted, ({ permissions: a }, { permissions: b }) => {
      const lines = (each: typeof a) =>
        [...new Set(listPermissions(each).map((one) => JSON.stringify(one)))]
          .sort().join();
      strictEqual(
        permissionsHash(a) === permissionsHash(b),
        lines(a) === lines(b),
      );
    }),
    { numRuns: 1_000 },
  );
  strictEqual(
    permissionsHash({ collect: { env: ["A", "B"] } }),
    permissionsHash({ accounts: {}, collect: { env: ["B", "A", "A"] } }),
  );
});
