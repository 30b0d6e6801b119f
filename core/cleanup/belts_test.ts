import { match, strictEqual } from "node:assert/strict";
import { CLEANUP_SECTION } from "../config/cleanup_section.ts";
import { KindRegistry } from "../model/kind_registry.ts";
import { mark } from "./_random_marks.ts";
import { Belts, type Protection } from "./belts.ts";
import type { MarkedNode } from "./plan.ts";

const kinds = new KindRegistry();
kinds.update({
  name: "toy",
  version: "1.0.0",
  cloud: "toy",
  containers: { account: "toy_account", region: "toy_region" },
  kinds: [
    { name: "toy_account", bases: ["account"], operations: ["delete"] },
    { name: "toy_region", bases: ["region"] },
    { name: "toy_type", bases: ["instance_type"], operations: ["delete"] },
    { name: "toy_box", bases: ["instance"], operations: ["delete"] },
    { name: "toy_rock", bases: ["resource"], operations: ["tag"] },
  ],
});

function obstacle(
  config: Partial<Protection>,
  node: Partial<MarkedNode> = {},
): string | undefined {
  const belts = new Belts(
    { ...CLEANUP_SECTION.parse({}), accounts: ["a1"], ...config },
    kinds,
  );
  const found = belts.obstacle(mark("b1", node));
  return found && `${found.reason}: ${found.message}`;
}

Deno.test("Belts keep what the configuration says", () => {
  const tags = { Owner: "me" };
  const cases: [Partial<Protection>, Partial<MarkedNode>, RegExp][] = [
    [{}, { isProtected: true }, /^protected: it is protected$/],
    [{}, { kind: "toy_rock" }, /^kind: no plugin says that it can delete/],
    [{}, { kind: "toy_type" }, /^kind: a toy_type is nothing that can be/],
    [{}, { kind: "toy_account" }, /^belt: .*is a account \(protected_kinds\)$/],
    [{ protected_kinds: ["toy_box"] }, {}, /kind toy_box is protected \(/],
    [{ accounts: [] }, {}, /no account is opened for cleanups \(accounts\)$/],
    [{ accounts: ["a2"] }, {}, /account a1 \(One\) is not opened/],
    [{ accounts: [""] }, { account: "" }, /is not opened/],
    [{ protected_accounts: ["A1"] }, {}, /account a1 \(One\) is protected/],
    [{ protected_accounts: ["one"] }, {}, /\(protected_accounts\)$/],
    [{ protected_ids: ["n-1"] }, { node: "n-1" }, /id n-1 is protected/],
    [{ protected_ids: ["b1"] }, {}, /id b1 is protected \(protected_ids\)$/],
    [{}, { tags: { "Do-Not-Delete": "" } }, /its tag Do-Not-Delete= protects/],
    [{}, { tags: { protected: "false" } }, /its tag protected=false protects/],
    [{ protected_tags: ["owner"] }, { tags }, /its tag Owner=me protects it/],
    [{ protected_tags: ["owner=M*"] }, { tags }, /\(protected_tags\)$/],
  ];
  for (const [config, node, message] of cases) {
    match(
      obstacle(config, node) ?? "",
      message,
      JSON.stringify([config, node]),
    );
  }
});

Deno.test("Belts let pass what nothing speaks of", () => {
  const tags = { Owner: "me" };
  strictEqual(obstacle({}), undefined);
  strictEqual(obstacle({ protected_tags: ["owner=you"] }, { tags }), undefined);
  strictEqual(obstacle({ protected_tags: ["owner=m"] }, { tags }), undefined);
  strictEqual(obstacle({ protected_tags: ["owner=m."] }, { tags }), undefined);
  strictEqual(obstacle({ protected_ids: ["b"] }), undefined);
});
