import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { TestRegistry } from "./_page.ts";
import { PluginMetrics } from "./plugin_metrics.ts";

function access(permission: string, allowed: boolean, count: number) {
  const at = "2026-01-01T00:00:00.000Z";
  const common = { plugin: "demo", version: "1.0.0", value: "x" };
  return { ...common, permission, allowed, count, first_at: at, last_at: at };
}

Deno.test("PluginMetrics counts what was denied, under a bounded number of names", async () => {
  const registry = new TestRegistry();
  const metrics = new PluginMetrics(registry);
  metrics.accessed([access("net", true, 5)]);
  deepStrictEqual(await registry.lines(), []);
  metrics.accessed([access("net", false, 2), access("net", false, 1)]);
  const name = "plugin_denials_total";
  deepStrictEqual(await registry.lines(), [
    `${name}{plugin="demo",permission="net"} 3`,
  ]);
  for (let n = 0; n < 100; n++) {
    metrics.accessed([access(`made_up_${n}`, false, 1)]);
  }
  strictEqual((await registry.lines()).length, 33);
});
