import { deepStrictEqual } from "node:assert/strict";
import { nodeId } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import { collectedFaults } from "./collected_faults.ts";
import type { CollectedScope } from "./collected_scopes.ts";

const KINDS = [
  {
    name: "toy_thing",
    bases: ["resource"],
    properties: {
      size: { kind: "int64", required: true },
      color: { kind: "toy_color" },
      parts: { kind: "toy_part[]" },
      notes: { kind: "dictionary[string, double]" },
    },
  },
  { name: "toy_color", enum: ["red", "blue"] },
  { name: "toy_part", properties: { when: { kind: "datetime" } } },
  { name: "toy_open", bases: ["resource"], allowUnknown: true },
];

const KEY = { cloud: "toy", account: "1", region: "", kind: "toy_thing" };

function scopeOf(
  reported: readonly JsonObject[],
  more: Partial<CollectedScope> = {},
): CollectedScope {
  return {
    ...KEY,
    nodes: reported.map((each, at) => ({
      type: "node",
      scope: 1,
      id: String(at),
      reported: each,
    })),
    edges: [],
    ...more,
  };
}

/** What is reported of one node, and what is wrong with it. */
const CASES: readonly (readonly [reported: JsonObject, faults: string[]])[] = [
  [{
    name: "x",
    ctime: "2026-01-01T00:00:00Z",
    tags: { a: "b" },
    size: "12",
    color: "red",
    parts: [{ when: "2026-01-01" }, null],
    notes: { a: 1.5 },
  }, []],
  [{}, ['"toy_thing.size" is required, but missing']],
  [{ size: 1, toString: "x" }, [
    '"toy_thing.toString" is set, but not declared',
  ]],
  [{ size: 1.5 }, ['"toy_thing.size" is 1.5, expected int64']],
  [{ size: 1, color: "green" }, [
    '"toy_thing.color" is "green", expected one of red, blue',
  ]],
  [{ size: 1, parts: [{ when: "soon" }] }, [
    '"toy_thing.parts[].when" is "soon", expected datetime',
  ]],
  [{ size: 1, parts: {} }, ['"toy_thing.parts" is {}, expected a list']],
  [{ size: 1, notes: { a: "much" } }, [
    '"toy_thing.notes[]" is "much", expected double',
  ]],
];

for (const [reported, faults] of CASES) {
  Deno.test(`collectedFaults() of ${JSON.stringify(reported)}`, () => {
    const scopes = [scopeOf([reported, reported])];
    deepStrictEqual(collectedFaults({ kinds: KINDS }, scopes), faults);
  });
}

Deno.test("collectedFaults() lets in what a kind leaves open", () => {
  const scope = scopeOf([{ anything: { at: "all" } }], { kind: "toy_open" });
  deepStrictEqual(collectedFaults({ kinds: KINDS }, [scope]), []);
});

Deno.test("collectedFaults() names ids that come twice and edges that touch nothing", () => {
  const [node] = scopeOf([{ size: 1 }]).nodes;
  const id = nodeId({ ...KEY, id: "0" });
  const twice = scopeOf([{ size: 1 }, { size: 1 }], {
    nodes: node === undefined ? [] : [node, node],
    edges: [
      { type: "edge", scope: 1, from: id, to: "elsewhere" },
      { type: "edge", scope: 1, from: "elsewhere", to: id },
    ],
  });
  deepStrictEqual(collectedFaults({ kinds: KINDS }, [twice]), [
    '"toy_thing" with id "0" comes twice in a scope',
  ]);
  const far = scopeOf([{ size: 1 }], {
    edges: [{ type: "edge", scope: 1, from: "here", to: "there" }],
  });
  deepStrictEqual(collectedFaults({ kinds: KINDS }, [far]), [
    'an edge of scope "toy_thing" touches no resource of that scope',
  ]);
});
