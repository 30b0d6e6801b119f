import { ok } from "node:assert/strict";
import { KindRegistry } from "../model/kind_registry.ts";
import { compileSearch } from "./compile.ts";
import { PropertyModel } from "./property_model.ts";
import { readSearch } from "./read_search.ts";

Deno.test("every search of docs/search.md can be answered", async () => {
  const text = await Deno.readTextFile(
    new URL("../../docs/search.md", import.meta.url),
  );
  const registry = new KindRegistry();
  const problems = registry.update({
    name: "docs",
    version: "1.0.0",
    cloud: "docs",
    containers: { account: "docs_account", region: "docs_region" },
    kinds: [
      { name: "docs_account", bases: ["account"] },
      { name: "docs_region", bases: ["region"] },
      {
        name: "docs_interface",
        properties: {
          private_ip: { kind: "string" },
          status: { kind: "string" },
        },
      },
      {
        name: "docs_instance",
        bases: ["instance"],
        properties: {
          network_interfaces: { kind: "docs_interface[]" },
          public_ip_address: { kind: "string" },
        },
      },
    ],
  });
  ok(problems.length === 0, JSON.stringify(problems));
  const model = new PropertyModel(registry);
  const searches = [...text.matchAll(/```search\n([^]*?)```/g)]
    .flatMap(([, block = ""]) => block.trim().split("\n"));
  ok(searches.length >= 15, `${searches.length} searches`);
  const nowMs = Date.UTC(2026, 0, 10);
  for (const search of searches) {
    const { query, source } = readSearch(search, { nowMs });
    compileSearch(query, "list", { text: source, model, nowMs });
  }
});
