import assert from "node:assert/strict";
import type { PluginJson, PluginSummaryJson } from "@skymap/lib/client";
import { runTestLine } from "../_test_line.ts";
import type { CoreServices } from "../core_services.ts";

/** Plugins, and what was done to them. */
function world() {
  const done: unknown[] = [];
  const known = (name: string, enabled: boolean): PluginJson => ({
    name,
    active: "1.1.0",
    enabled,
    history: [],
    versions: ["1.1.0", "1.0.0"].map((version) => ({
      version,
      source: "published",
    })) as unknown as PluginJson["versions"],
  });
  const note = (enabled: boolean) => (...words: unknown[]) => {
    done.push(words);
    return Promise.resolve(known(String(words[0]), enabled));
  };
  const summary: PluginSummaryJson = {
    name: "fruit",
    description: "Lists fruit",
    cloud: "fruit",
    enabled: true,
    active: "1.1.0",
    versions: [
      { version: "1.2.0", state: "waiting" },
      { version: "1.1.0", state: "approved" },
    ],
  };
  const services: Partial<CoreServices> = {
    plugins: {
      list: () => [summary],
      get: (name: string) => known(name, true),
      audit: (name: string, limit: number) => {
        done.push(["audit", name, limit]);
        return Promise.resolve([{ at: "2026-01-01", event: "added" }]);
      },
      enable: note(true),
      disable: note(false),
      rollback: note(true),
      remove: note(true),
    } as unknown as CoreServices["plugins"],
  };
  return {
    done,
    run: async (line: string) => (await runTestLine(line, { services })).text,
  };
}

Deno.test("plugins lists and shows", async () => {
  const { run, done } = world();
  assert.equal(
    await run("plugins list | format --ndjson"),
    '{"name":"fruit","version":"1.1.0","enabled":true,"source":"published",' +
      '"cloud":"fruit","waiting":["1.2.0"]}\n',
  );
  assert.match(await run("plugins show fruit | format --json"), /"1\.0\.0"/);
  assert.match(await run("plugins audit --limit 5 fruit"), /event=added/);
  assert.deepEqual(done, [["audit", "fruit", 5]]);
});

Deno.test("plugins switches plugins, and says what goes before it removes one", async () => {
  const { run, done } = world();
  assert.equal(await run("plugins enable fruit"), "Plugin fruit 1.1.0 runs\n");
  await run("plugins enable fruit@1.0.0");
  assert.equal(
    await run("plugins disable fruit"),
    "Plugin fruit does not run any more\n",
  );
  await run("plugins rollback fruit");
  await assert.rejects(run("plugins remove fruit"), {
    code: "usage",
    message:
      'Cannot remove plugin "fruit": 2 versions (1.1.0, 1.0.0) and its ' +
      'approval would be lost, wanted "plugins remove --force fruit"',
  });
  assert.equal(
    await run("plugins remove --force fruit@1.0.0"),
    "Plugin fruit: version 1.0.0 was removed\n",
  );
  assert.deepEqual(done, [
    ["fruit", undefined, "test"],
    ["fruit", "1.0.0", "test"],
    ["fruit", "test"],
    ["fruit", "test"],
    ["fruit", "1.0.0", "test"],
  ]);
});
