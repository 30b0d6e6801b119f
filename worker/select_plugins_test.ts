import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { ActivePlugins } from "@skymap/lib/client";
import { testActive } from "./_test_plugins.ts";
import { type PluginChoice, selectPlugins } from "./select_plugins.ts";

const INSTALLED = { source: "installation" } as const;
const ACTIVE: ActivePlugins = {
  revision: "1",
  plugins: [
    testActive("cloud", INSTALLED),
    testActive("other", INSTALLED),
    testActive("toy", INSTALLED, { fallback: true }),
    testActive("notifier", {}, { collects: false }),
  ],
  inactive: [{ name: "off", reason: "it is disabled" }],
};
const ADDED: ActivePlugins = {
  ...ACTIVE,
  plugins: [...ACTIVE.plugins, testActive("added")],
};

function names(active: ActivePlugins, choice: PluginChoice): string[] {
  return selectPlugins(active, choice).plugins.map(({ name }) => name);
}

Deno.test("selectPlugins() takes what is configured here, or else the fallback", () => {
  deepStrictEqual(names(ACTIVE, { configured: [] }), ["toy"]);
  deepStrictEqual(names(ACTIVE, { configured: ["toy"] }), ["toy"]);
  deepStrictEqual(names(ACTIVE, { configured: ["cloud"] }), ["cloud"]);
  deepStrictEqual(names(ACTIVE, { configured: ["toy", "cloud"] }), ["cloud"]);
});

Deno.test("selectPlugins() takes what was added without a configuration", () => {
  deepStrictEqual(names(ADDED, { configured: [] }), ["added"]);
  deepStrictEqual(names(ADDED, { configured: ["cloud"] }), ["cloud", "added"]);
});

Deno.test("selectPlugins() takes no other than what is named", () => {
  deepStrictEqual(
    names(ADDED, { named: ["toy", "other"], configured: ["cloud"] }),
    ["other", "toy"],
  );
  deepStrictEqual(names(ADDED, { named: [], configured: ["cloud"] }), []);
});

Deno.test("selectPlugins() says why what is named does not run", () => {
  const { plugins, failures } = selectPlugins(ACTIVE, {
    named: ["off", "nothing", "cloud", "off"],
    configured: [],
  });
  strictEqual(plugins.length, 1);
  deepStrictEqual(failures, [
    'Cannot collect with plugin "off": it is disabled',
    'Cannot collect with plugin "nothing": it is not in the registry, there ' +
    "is cloud, notifier, other, toy; add it with skymap plugin add",
  ]);
});

Deno.test("selectPlugins() does not take a wrong name for a wish to see something", () => {
  const { plugins, failures } = selectPlugins(ACTIVE, {
    configured: ["clod", "off"],
  });
  deepStrictEqual(plugins, []);
  strictEqual(failures.length, 1);
  match(failures[0] ?? "", /"clod": it is not in the registry/);
});
