import { ok } from "node:assert/strict";
import { testManifest } from "../_test_plugins.ts";
import { describeManifest } from "./describe_manifest.ts";

Deno.test("describeManifest() says in words what a plugin may do to the graph", () => {
  const { permissions } = testManifest("keeper");
  const lines = describeManifest(testManifest("keeper", {
    permissions: {
      ...permissions,
      actions: { graph: ["search", "clean"], net: ["api.example.com:443"] },
    },
  }));
  for (
    const line of [
      "  actions   graph may search the graph, may mark resources to be cleaned up",
      "  actions   net   api.example.com:443",
    ]
  ) ok(lines.includes(line), lines.join("\n"));
});
