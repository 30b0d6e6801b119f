import { deepStrictEqual, throws } from "node:assert/strict";
import { KindRegistry } from "../model/kind_registry.ts";
import { readSearch } from "./read_search.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import { searchKinds } from "./search_kinds.ts";

const registry = new KindRegistry();
registry.update({
  name: "toy",
  version: "1.0.0",
  cloud: "toy",
  containers: { account: "toy_account", region: "toy_region" },
  kinds: [
    { name: "toy_account", bases: ["account"] },
    { name: "toy_region", bases: ["region"] },
    { name: "toy_box", bases: ["instance"] },
    { name: "toy_vm", bases: ["instance"] },
    {
      name: "toy_disk",
      bases: ["volume"],
      properties: { spin: { kind: "int64" } },
    },
  ],
});

function kindsOf(text: string): readonly string[] | null {
  const { query, source } = readSearch(text, { nowMs: 0 });
  const model = new PropertyModel(registry);
  return searchKinds(query, new Resolver(model, { text: source, nowMs: 0 }));
}

Deno.test("searchKinds() names the concrete kinds that a search is about, null for any", () => {
  const boxes = ["instance", "toy_box", "toy_vm"];
  const disks = ["toy_disk", "volume"];
  const linked = ["deferred_edge", ...boxes, ...disks].sort();
  const cases: readonly (readonly [string, readonly string[] | null])[] = [
    ["is(instance)", boxes],
    ["is(toy_disk)", ["toy_disk"]],
    ["is(instance) and tags.a = b sort name limit 3", boxes],
    ["is(instance) or is(volume)", [...boxes, ...disks].sort()],
    ["is(instance) and is(toy_vm)", ["toy_vm"]],
    ["is(instance) and (is(toy_vm) or name = a)", boxes],
    ["is(instance) or name = a", null],
    ["not is(instance)", null],
    ["all", null],
    ['"a phrase"', null],
    ["id(a)", null],
    ["id(a) and is(toy_vm)", ["toy_vm"]],
    ["spin > 3", ["toy_disk"]],
    [
      "aggregate(/ancestors.account.reported.name as a, account: sum(1)): " +
      "is(instance)",
      boxes,
    ],
    ["is(instance) -->", null],
    ["is(instance) --> is(volume)", linked],
    ["is(instance) -[0:1]-> is(volume)", linked],
    ["is(instance) -[1:2]-> is(volume)", null],
    ["is(instance) -[0:]-> is(volume)", null],
    ["is(instance) --> name = a", null],
    ["is(instance) with(empty, --> is(volume))", linked],
    ["is(instance) with(empty, -->)", null],
    ["is(instance) with(any, --> is(volume) with(any, <--))", null],
    ["is(instance) {disks[]: --> is(volume)}", linked],
    ["is(instance) {disks[]: -[1:]-> is(volume)}", null],
    [
      "aggregate(name: sum(/ancestors.volume.reported.spin)): is(instance)",
      null,
    ],
    ["is(instance) sort /descendants.volume.reported.spin", null],
    [
      "aggregate(name: sum(spin * /ancestors.instance.reported.name)): " +
      "is(toy_disk)",
      null,
    ],
  ];
  for (const [text, kinds] of cases) {
    deepStrictEqual(kindsOf(text), kinds, text);
  }
});

Deno.test("searchKinds() refuses a kind that nobody declared", () => {
  throws(() => kindsOf("is(toy_bx)"), { code: "query_invalid" });
});

Deno.test("searchKinds() reads long chains", () => {
  const text = Array.from({ length: 1_500 }, () => "is(toy_vm)").join(" or ");
  deepStrictEqual(kindsOf(text), ["toy_vm"]);
});
