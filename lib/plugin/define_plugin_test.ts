import { match, ok, strictEqual, throws } from "node:assert/strict";
import { isSkymapError, type SkymapError } from "../errors.ts";
import type { CollectorDefinition } from "./contract.ts";
import { definePlugin, definitionFaults } from "./define_plugin.ts";
import { manifestFaults, manifestOf } from "./manifest.ts";

const GOOD: CollectorDefinition = {
  name: "tiny",
  version: "1.0.0",
  description: "One account",
  containers: { account: "tiny_account", region: "tiny_region" },
  kinds: [
    { name: "tiny_account", bases: ["account"] },
    { name: "tiny_region", bases: ["region"] },
    {
      name: "tiny_thing",
      bases: ["resource"],
      properties: {
        size: { kind: "int64" },
        names: { kind: "string[]" },
        parts: { kind: "dictionary[string, tiny_part[]]" },
      },
    },
    { name: "tiny_part", enum: ["a", "b"] },
  ],
  permissions: { collect: { net: ["api.tiny.example"] } },
  accounts: () => ({ accounts: [] }),
  collect: () => Promise.resolve(),
};

Deno.test("definePlugin() gives the definition back, frozen", () => {
  const plugin = { ...GOOD };
  strictEqual(definePlugin(plugin), plugin);
  ok(Object.isFrozen(plugin));
});

Deno.test("definePlugin() names every fault at once", () => {
  let error: SkymapError | undefined;
  try {
    definePlugin({
      ...GOOD,
      version: "one",
      kinds: [
        ...GOOD.kinds,
        { name: "tiny_thing", bases: ["resource"] },
        { name: "other", properties: { x: { kind: "int64[" } } },
        { name: "tiny_both", enum: ["a"], properties: {} },
        {
          name: "tiny_odd",
          operations: ["eat" as "tag"],
          deletedAfter: ["Tiny Thing"],
        },
      ],
      permissions: {
        accounts: { env: ["*"] },
        collect: { graph: ["clean"] },
        tasks: { graph: ["clean"] },
      },
      collect: undefined as never,
      commandHelp: { fly: { brief: "Flies" } as never },
    });
  } catch (thrown) {
    if (isSkymapError(thrown, "plugin_invalid")) error = thrown;
  }
  ok(error);
  for (
    const fault of [
      /version is "one"/,
      /"tiny_thing" is declared twice/,
      /"other" does not start with "tiny_"/,
      /"other.x" is "int64\["/,
      /"tiny_both" has both enum and properties/,
      /permissions.accounts: env "\*"/,
      /"tiny_odd": operations is no list of tag, delete, detach/,
      /"tiny_odd": deletedAfter is no list of kinds/,
      /permissions.collect: graph is for actions, tasks, commands, reactions/,
      /it does nothing: it has none of collect, actions/,
      /declares kinds, but has no collect/,
      /commandHelp has "fly", which is no command/,
      /commandHelp of "fly" is not \{ brief, words, description/,
    ]
  ) match(error.message, fault);
  strictEqual((error.details["faults"] as string[]).length, 13);
});

Deno.test("definitionFaults() tells what is no definition at all", () => {
  for (const value of [undefined, null, 1, "x", []]) {
    match(definitionFaults(value).join(), /no default export/);
  }
  ok(definitionFaults({}).length > 3);
});

Deno.test("manifestOf() survives a way through JSON without a fault", () => {
  const manifest = JSON.parse(JSON.stringify(manifestOf(GOOD)));
  strictEqual(manifestFaults(manifest).join(), "");
  strictEqual(manifest.cloud, "tiny");
});

Deno.test("manifestOf() says whether a plugin collects only where no other does", () => {
  strictEqual(manifestOf({ ...GOOD, fallback: true }).fallback, true);
  strictEqual("fallback" in manifestOf(GOOD), false);
  match(
    manifestFaults({ ...manifestOf(GOOD), fallback: "yes" }).join(),
    /fallback is neither true nor false/,
  );
});

Deno.test("manifestFaults() refuses another protocol", () => {
  match(
    manifestFaults({ ...manifestOf(GOOD), protocol: 99 }).join(),
    /it speaks protocol 99/,
  );
  throws(() => definePlugin(undefined as never), { code: "plugin_invalid" });
});

Deno.test("manifestFaults() takes long names of kinds, and says how long they may be", () => {
  const long = `tiny_${"x".repeat(123)}`;
  const faultsOf = (name: string) =>
    manifestFaults(manifestOf({
      ...GOOD,
      kinds: [
        ...GOOD.kinds,
        { name },
        { name: "tiny_user", properties: { of: { kind: `${name}[]` } } },
      ],
    }));
  strictEqual(faultsOf(long).join(), "");
  match(faultsOf(`${long}x`).join(), /is not snake_case of at most 128/);
});
