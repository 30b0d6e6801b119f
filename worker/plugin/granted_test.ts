import { deepStrictEqual, ok } from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import type { PermissionRequest } from "@skymap/lib/plugin";
import {
  coversPermission,
  PERMISSION_NAMES,
  type PermissionName,
  sha256Of,
} from "@skymap/lib/plugin_host";
import fc from "fast-check";
import { PluginHost } from "./host.ts";
import { findInstallation } from "./source.ts";

const NEVER = new AbortController().signal;

/** What may be asked for, approved, and reached for. */
const UNIVERSE: Readonly<Record<PermissionName, readonly string[]>> = {
  net: [
    "a.example",
    "a.example:443",
    "a.example:8443",
    "b.a.example:443",
    "*.a.example",
    "*.a.example:443",
    "aa.example:443",
    "127.0.0.1:80",
    "[::1]:80",
  ],
  env: ["AWS_REGION", "AWS_*", "AWSOME", "GITHUB_TOKEN", "GITHUB_*"],
  read: ["/etc/hosts", "/etc", "/etcetera", "/srv/a/b", "/srv/a"],
  sys: ["hostname", "osRelease", "uid"],
  // Deno knows nothing of it: the worker asks no process for it.
  graph: [],
};

/** Each thing that may be reached for: no pattern. */
const REACHED = PERMISSION_NAMES.flatMap((name) =>
  UNIVERSE[name].filter((value) => !value.includes("*"))
    .map((value) => ({ name, value }))
);

const MODULE = `import { definePlugin } from "@skymap/lib/plugin";
const KEYS = { net: "host", env: "variable", read: "path", sys: "kind" };
export default definePlugin({
  name: "asker",
  version: "1.0.0",
  description: "Asks for all there is",
  permissions: { commands: ${JSON.stringify(UNIVERSE)} },
  commands: {
    async query({ input, write }) {
      for (const { name, value } of input) {
        const { state } = Deno.permissions.querySync({ name, [KEYS[name]]: value });
        await write(state);
      }
      for (const name of ["write", "run", "ffi", "import", "net", "env", "read", "sys"]) {
        await write(Deno.permissions.querySync({ name }).state);
      }
    },
  },
});`;

/** Any part of the universe. */
const APPROVED: fc.Arbitrary<Required<PermissionRequest>> = fc.record({
  net: fc.subarray([...UNIVERSE.net]),
  env: fc.subarray([...UNIVERSE.env]),
  read: fc.subarray([...UNIVERSE.read]),
  sys: fc.subarray([...UNIVERSE.sys]),
  graph: fc.constant([]),
});

Deno.test("PluginHost puts into force what was approved, no more and no less", async () => {
  const installation = await findInstallation();
  const sha256 = await sha256Of(MODULE);
  await fc.assert(
    fc.asyncProperty(APPROVED, async (approved) => {
      const host = new PluginHost({
        source: { spec: "asker", sha256, text: MODULE },
        installation,
        approved: { commands: approved },
        deno: Deno.execPath(),
        env: (name) => Deno.env.get(name),
        limits: {
          timeoutMs: 20_000,
          maxHeapMb: 64,
          maxMemoryMb: 300,
          maxLineChars: 100_000,
        },
      });
      const states: Json[] = [];
      const values = host.work({
        type: "command",
        name: "query",
        args: [],
        input: REACHED,
        config: {},
      }, NEVER);
      for await (const state of values) states.push(state);
      const expected = REACHED.map(({ name, value }) =>
        (approved[name] as readonly string[]).some((each) =>
          coversPermission(name, each, value)
        )
      );
      deepStrictEqual(
        states.slice(0, REACHED.length).map((state, at) => [
          REACHED[at]?.value,
          state === "granted",
        ]),
        expected.map((is, at) => [REACHED[at]?.value, is]),
      );
      ok(states.slice(REACHED.length).every((state) => state !== "granted"));
    }),
    { numRuns: 15 },
  );
});
