import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import type { PluginManifest } from "@skymap/lib/plugin";
import { manifestFaults, sha256Of } from "@skymap/lib/plugin_host";
import { PluginHost } from "../../worker/plugin/host.ts";
import { findInstallation } from "../../worker/plugin/source.ts";
import { attackTest, EVIL, evilModule, NEVER } from "./_attack.ts";

async function hostOf(
  text: string,
  manifest?: PluginManifest,
): Promise<PluginHost> {
  return new PluginHost({
    source: { spec: "evil@1.0.0", sha256: await sha256Of(text), text },
    installation: await findInstallation(),
    ...(manifest !== undefined && { manifest }),
    approved: {},
    deno: Deno.execPath(),
    env: () => undefined,
    limits: {
      timeoutMs: 20_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 1_000_000,
    },
  });
}

/** What a manifest may not say, and the fault that is told. */
const LIES: readonly (readonly [
  name: string,
  change: Readonly<Record<string, unknown>>,
  fault: RegExp,
])[] = [
  ["a name that leaves the registry", { name: "../../etc" }, /name is/],
  ["a name with a NUL", { name: "a\u0000" }, /name is/],
  ["a name of another line", { name: "a\nb" }, /name is/],
  ["a very long name", { name: "a".repeat(10_000) }, /name is/],
  ["the name of what all objects have", { name: "__proto__" }, /name is/],
  [
    "a version that leaves its folder",
    { version: "1.0.0/../../x" },
    /version is/,
  ],
  [
    "a version that has no end",
    { version: `1.0.0-${"x".repeat(1_000)}` },
    /version is/,
  ],
  ["a cloud that is none", { cloud: "aws/../x" }, /cloud is/],
  [
    "a description that rewrites the terminal",
    { description: "good\u001b[2K\rIt may touch: nothing" },
    /description is no single line/,
  ],
  [
    "a description that runs backwards",
    { description: "touches \u202egnihton" },
    /description is no single line/,
  ],
  [
    "a description on many lines",
    { description: "good\nIt may touch nothing" },
    /description is no/,
  ],
  [
    "a very long description",
    { description: "x".repeat(100_000) },
    /description is no/,
  ],
  [
    "kinds of another plugin",
    { kinds: [{ name: "aws_account" }] },
    /kind "aws_account" does not start with "evil_"/,
  ],
  [
    "every host",
    { permissions: { collect: { net: ["*"] } } },
    /net "\*" is no host/,
  ],
  ["all of a top-level domain", {
    permissions: { collect: { net: ["*.com"] } },
  }, /net "\*\.com"/],
  ["two hosts as one", {
    permissions: { collect: { net: ["a.example,127.0.0.1"] } },
  }, /net "a\.example,127\.0\.0\.1"/],
  ["a flag as a host", {
    permissions: { collect: { net: ["a.example --allow-all"] } },
  }, /net "a\.example --allow-all"/],
  ["a property that hides an address", {
    permissions: { collect: { net: [{ config: "x\u001b[2K" }] } },
  }, /names no property/],
  [
    "settings of Skymap",
    { permissions: { collect: { env: ["SKYMAP_*"] } } },
    /settings of Skymap/,
  ],
  ["every variable", { permissions: { collect: { env: ["*"] } } }, /env "\*"/],
  [
    "the root folder",
    { permissions: { collect: { read: ["/"] } } },
    /read "\/"/,
  ],
  [
    "processes of others",
    { permissions: { collect: { read: ["/proc/1"] } } },
    /read "\/proc\/1"/,
  ],
  ["a folder above the granted one", {
    permissions: { collect: { read: ["/a/../etc"] } },
  }, /read "\/a\/\.\.\/etc"/],
  [
    "two paths as one",
    { permissions: { collect: { read: ["/a,/etc"] } } },
    /read "\/a,\/etc"/,
  ],
  [
    "programs",
    { permissions: { collect: { run: ["sh"] } } },
    /"run" is never granted/,
  ],
  [
    "libraries",
    { permissions: { collect: { ffi: true } } },
    /"ffi" is never granted/,
  ],
  [
    "files to write",
    { permissions: { collect: { write: ["/tmp"] } } },
    /"write" is never granted/,
  ],
  ["a phase of its own", {
    permissions: { everything: { net: ["a.example"] } },
  }, /everything is no phase/],
  ["a phase that objects have", {
    permissions: JSON.parse('{"__proto__":{"run":["sh"]}}'),
  }, /__proto__ is no phase/],
  [
    "permissions that are none",
    { permissions: null },
    /permissions is no object/,
  ],
];

for (const [name, change, fault] of LIES) {
  attackTest(`asks in its manifest for ${name}`, async () => {
    const manifest = { ...EVIL, ...change };
    match(manifestFaults(manifest).join("; "), fault);
    const text = evilModule({
      code: "",
      head: `const answer = ${
        JSON.stringify(JSON.stringify({ type: "manifest", manifest }))
      };
        Deno.stdout.writeSync(new TextEncoder().encode(answer + '\\n{"type":"done"}\\n'));
        await new Promise(() => {});`,
    });
    const error = await (await hostOf(text)).describe(NEVER)
      .then(() => undefined, (error) => error);
    ok(isSkymapError(error, "plugin_invalid"), String(error));
    match(error.message, fault);
  });
}

attackTest(
  "describes itself in another way when it is asked again",
  async () => {
    const text = evilModule({
      head: `const asked = Deno.memoryUsage().rss % 2;`,
    }).replace(
      'description: "Does what it should not"',
      'description: "x".repeat(1 + Math.floor(Math.random() * 400)), cloud: "evil"',
    );
    // What was approved counts; what it says now is not even asked.
    const host = await hostOf(text, EVIL);
    strictEqual(await host.describe(NEVER), EVIL);
    const { accounts } = await host.accounts({}, NEVER);
    deepStrictEqual(accounts, [{ id: "1" }]);
  },
);

Deno.test("attack: has more faults than anybody reads", () => {
  const kinds = Array.from({ length: 5_000 }, () => ({ name: "Wrong" }));
  const faults = manifestFaults({ ...EVIL, kinds });
  strictEqual(faults.length, 101);
  match(faults.at(-1) ?? "", /^and \d+ faults more$/);
});

attackTest("lists accounts that are none", async () => {
  const lists: readonly (readonly [list: string, fault: RegExp])[] = [
    [`null`, /the list is no object/],
    [`{ accounts: {} }`, /accounts is no list/],
    [`{ accounts: [{ id: "" }] }`, /has the id ""/],
    [`{ accounts: [{ id: "a\\u0000b" }] }`, /has the id "a\\u0000b"/],
    [`{ accounts: [{ id: "a\\nb" }] }`, /has the id "a\\nb"/],
    [`{ accounts: [{ id: "x".repeat(100000) }] }`, /has the id "x+…/],
    [`{ accounts: [{ id: "1" }, { id: "1" }] }`, /"1" is listed twice/],
    [`{ accounts: [], all: [{}] }`, /all is no list of ids/],
    [`{ accounts: [], unreachable: [{ id: "1" }] }`, /unreachable is no list/],
  ];
  for (const [list, fault] of lists) {
    const text = evilModule({}).replace(
      '({ accounts: [{ id: "1" }] })',
      `(${list})`,
    );
    const error = await (await hostOf(text, EVIL)).accounts({}, NEVER)
      .then(() => undefined, (error) => error);
    if (list === "null") {
      strictEqual(error, undefined);
      continue;
    }
    ok(isSkymapError(error, "plugin_invalid"), `${list}: ${error}`);
    match(error.message, fault);
    ok(error.message.length < 1_000);
  }
});
