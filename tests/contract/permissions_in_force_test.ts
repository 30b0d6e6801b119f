import { deepStrictEqual, ok } from "node:assert/strict";
import type { PluginPermissions, PluginPolicyJson } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import {
  GRAPH_RIGHTS,
  type PermissionPhase,
  type PermissionRequest,
} from "@skymap/lib/plugin";
import { coversPermission, permissionFlags } from "@skymap/lib/plugin_host";
import { FakeClock } from "@skymap/lib/testing";
import fc from "fast-check";
import { openTestDatabase } from "../../core/db/test_database.ts";
import { testAddition } from "../../core/registry/_test_plugin.ts";
import { PluginRegistry } from "../../core/registry/registry.ts";
import { grantApproved } from "../../worker/plugin/grant.ts";

const { db: { system: db } } = await openTestDatabase();

const NAMES = ["net", "env", "read", "sys", "graph"] as const;
const PHASES: readonly PermissionPhase[] = ["accounts", "collect", "commands"];

const host = fc.constantFrom(
  "a.x.y:443",
  "*.x.y:443",
  "x.y",
  "evil.z:443",
  "127.0.0.1:99",
);
const request = fc.record({
  net: fc.uniqueArray(host, { maxLength: 2 }),
  env: fc.uniqueArray(fc.constantFrom("AWS_*", "AWS_REGION", "TOKEN"), {
    maxLength: 2,
  }),
  read: fc.uniqueArray(fc.constantFrom("/etc", "/etc/ssl", "~/.aws"), {
    maxLength: 1,
  }),
  sys: fc.uniqueArray(fc.constantFrom("osRelease", "hostname"), {
    maxLength: 1,
  }),
}, { requiredKeys: [] });
/** What collects has no rights to the graph, so it asks for none. */
const workRequest = fc.tuple(
  request,
  fc.option(fc.subarray([...GRAPH_RIGHTS]), { nil: undefined }),
).map(([asked, graph]) => ({ ...asked, ...(graph && { graph }) }));
const permissions: fc.Arbitrary<PluginPermissions> = fc.record({
  accounts: request,
  collect: request,
  commands: workRequest,
}, { requiredKeys: [] });
const caps: fc.Arbitrary<PluginPolicyJson> = fc.record({
  net: fc.uniqueArray(host, { maxLength: 3 }),
  env: fc.uniqueArray(fc.constantFrom("AWS_*", "TOKEN"), { maxLength: 2 }),
  read: fc.uniqueArray(fc.constantFrom("/etc", "~/.aws"), { maxLength: 2 }),
  sys: fc.uniqueArray(fc.constantFrom("osRelease", "hostname"), {
    maxLength: 2,
  }),
  graph: fc.subarray([...GRAPH_RIGHTS], { minLength: 2 }),
}, { requiredKeys: [] });

// One cap at a time beside all of them: else nearly everything is refused.
const policy = fc.oneof(
  caps,
  fc.tuple(caps, fc.constantFrom(...NAMES)).map(([all, name]) =>
    all[name] === undefined ? {} : { [name]: all[name] }
  ),
);

/** What Deno would be told, one value at a time. */
function flagsOf(wanted: PermissionRequest, home: string): string[] {
  return NAMES.flatMap((name) => {
    // The worker's to hold to: Deno has no such permission.
    if (name === "graph") return [];
    const values = (wanted[name] ?? []) as readonly string[];
    const places = values.map((value) => value.replace(/^~/, home));
    return places.length === 0 ? [] : [`--allow-${name}=${places.join(",")}`];
  });
}

Deno.test("the permissions that were approved are those in force: all that was asked for, within the policy, or none", async () => {
  const registry = await PluginRegistry.open({
    db,
    clock: new FakeClock(),
    installed: new Set(),
  });
  let number = 0;
  let granted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(permissions, policy, async (asked, caps) => {
      const version = `1.0.${number++}`;
      await registry.setPolicy(caps, "me");
      const { version: added } = await registry.add(
        await testAddition({ version, permissions: { collect: {}, ...asked } }),
        "me",
      );
      const { sha256 = "", permissions_hash } = added;
      const isApproved = await registry.approve(
        "fruit",
        version,
        { sha256, permissions_hash },
        "me",
      ).then(() => true, (error) => {
        ok(isSkymapError(error, "plugin_refused"), String(error));
        return false;
      });
      const [active] = registry.active().plugins;
      if (!isApproved) {
        refused++;
        ok(active?.version !== version);
        return;
      }
      granted++;
      const grant = grantApproved(active?.permissions ?? {}, "/home/me");
      for (const phase of PHASES) {
        const wanted = asked[phase] ?? {};
        deepStrictEqual(grant(phase, {}).graph, wanted.graph ?? []);
        const flags = permissionFlags(grant(phase, {}));
        deepStrictEqual(flags, flagsOf(wanted, "/home/me"));
        for (const name of NAMES) {
          const cap = caps[name];
          if (cap === undefined) continue;
          for (const value of (wanted[name] ?? []) as readonly string[]) {
            ok(cap.some((each) => coversPermission(name, each, value)), value);
          }
        }
      }
    }),
    { numRuns: 200 },
  );
  ok(granted > 20 && refused > 20, `${granted} granted, ${refused} refused`);
});
