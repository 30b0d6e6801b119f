import assert from "node:assert/strict";
import type { Json, JsonObject } from "@skymap/lib/json";
import { KindRegistry } from "./kind_registry.ts";
import { NodeChecks } from "./check_node.ts";

const registry = new KindRegistry();
registry.update({
  name: "toy",
  version: "1.0.0",
  cloud: "toy",
  containers: { account: "toy_account", region: "toy_region" },
  kinds: [
    { name: "toy_account", bases: ["account"] },
    { name: "toy_region", bases: ["region"] },
    { name: "toy_open", bases: ["resource"], allowUnknown: true },
    {
      name: "toy_tree",
      properties: {
        name: { kind: "string", required: true },
        below: { kind: "toy_tree[]" },
      },
    },
    {
      name: "toy_thing",
      bases: ["resource"],
      properties: {
        text: { kind: "string" },
        small: { kind: "int32" },
        large: { kind: "int64" },
        real: { kind: "double" },
        flag: { kind: "boolean" },
        day: { kind: "date" },
        time: { kind: "datetime" },
        span: { kind: "duration" },
        free: { kind: "any" },
        status: { kind: "instance_status" },
        list: { kind: "int64[]" },
        map: { kind: "dictionary[string, int64[]]" },
        tree: { kind: "toy_tree" },
      },
    },
  ],
});
const checks = new NodeChecks(registry);

/** What is stored for what is reported, or the fault. */
function check(kind: string, reported: JsonObject): Json | string {
  const checker = checks.of(kind);
  assert.ok(checker !== undefined, kind);
  const result = checker({ id: "x", ...reported });
  if ("fault" in result) return `${result.fault.path} ${result.fault.problem}`;
  const { id: _id, kind: found, ...rest } = result.reported;
  assert.equal(found, kind);
  return rest;
}

Deno.test("NodeChecks takes values as they are or in their one form", () => {
  const cases: [string, Json, Json][] = [
    ["text", "x", "x"],
    ["text", null, null],
    ["small", 5, 5],
    ["small", "-5", -5],
    ["large", 9007199254740991, 9007199254740991],
    ["large", "12", 12],
    ["real", "1.5e3", 1500],
    ["real", 5, 5],
    ["flag", "true", true],
    ["flag", false, false],
    ["day", "2024-02-29", "2024-02-29"],
    ["time", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["time", "2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05Z"],
    ["time", "2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"],
    ["time", "2026-01-02T03:04:05+0200", "2026-01-02T01:04:05Z"],
    ["time", "2026-01-02 03:04:05 -02", "2026-01-02T05:04:05Z"],
    ["time", "2026-01-02 03:04", "2026-01-02T03:04:00Z"],
    ["time", "2026-01-02", "2026-01-02T00:00:00Z"],
    ["span", "3d 2h", "3d 2h"],
    ["free", { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ["status", "running", "running"],
    ["list", ["1", 2], [1, 2]],
    ["map", { a: ["1"], "b c": [] }, { a: [1], "b c": [] }],
    ["tags", { owner: "me", none: null }, { owner: "me", none: null }],
    ["tree", { name: "a", below: [{ name: "b" }] }, {
      name: "a",
      below: [{ name: "b" }],
    }],
  ];
  for (const [key, value, expected] of cases) {
    assert.deepEqual(
      check("toy_thing", { [key]: value }),
      { [key]: expected },
      `${key} ${JSON.stringify(value)}`,
    );
  }
});

Deno.test("NodeChecks names path, value and what was expected", () => {
  const cases: [JsonObject, string][] = [
    [{ text: 5 }, "reported.text is 5, expected string"],
    [{ small: 3e9 }, "reported.small is 3000000000, expected int32"],
    [{ large: 1.5 }, "reported.large is 1.5, expected int64"],
    [{ large: "1e3" }, 'reported.large is "1e3", expected int64'],
    [{ real: "NaN" }, 'reported.real is "NaN", expected double'],
    [{ flag: "yes" }, 'reported.flag is "yes", expected boolean'],
    [{ day: "2023-02-29" }, 'reported.day is "2023-02-29", expected date'],
    [
      { time: "2026-13-01" },
      'reported.time is "2026-13-01", expected datetime',
    ],
    [
      { time: "2026-01-01T25:00:00Z" },
      'reported.time is "2026-01-01T25:00:00Z", expected datetime',
    ],
    [{ span: "soon" }, 'reported.span is "soon", expected duration'],
    [{ list: 5 }, "reported.list is 5, expected a list"],
    [{ list: [1, "x"] }, 'reported.list[1] is "x", expected int64'],
    [
      { map: { "a b": [true] } },
      'reported.map."a b"[0] is true, expected int64',
    ],
    [
      { tree: { name: "a", below: [{}] } },
      "reported.tree.below[0].name is missing, but it is required",
    ],
    [{ id: null }, "reported.id is null, but it is required"],
    [
      { age: "3d" },
      'reported.age is given, but it is computed from "ctime"',
    ],
    [
      { unheard: 1 },
      'reported.unheard is no property of kind "toy_thing"',
    ],
    [{ tags: { a: 1 } }, "reported.tags.a is 1, expected string"],
  ];
  for (const [reported, expected] of cases) {
    assert.equal(check("toy_thing", reported), expected);
  }
  let deep: Json = 1;
  for (let at = 0; at < 100; at++) deep = [deep];
  assert.match(String(check("toy_thing", { free: deep })), /expected any$/);
});

Deno.test("NodeChecks lets unknown properties in where they are allowed", () => {
  assert.deepEqual(check("toy_open", { a: { b: 1 } }), { a: { b: 1 } });
});

Deno.test("NodeChecks does not change what it is given", () => {
  const reported = { id: "x", list: ["1"], map: { a: ["2"] } };
  const before = structuredClone(reported);
  check("toy_thing", reported);
  assert.deepEqual(reported, before);
});

Deno.test("NodeChecks knows no nodes of kinds that are no resources", () => {
  for (const kind of ["toy_tree", "instance_status", "nothing"]) {
    assert.equal(checks.of(kind), undefined);
  }
});
