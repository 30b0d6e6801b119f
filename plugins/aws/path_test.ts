import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { hasList, parsePath, readAll, readFirst } from "./path.ts";

const ITEM = {
  Id: "i-1",
  Placement: { Zone: "a" },
  Empty: [],
  Groups: [{ Id: "g-1", Names: ["x"] }, { Names: [] }, {
    Id: "g-2",
    Names: ["y", "z"],
  }],
  Tags: [{ Key: "Name", Value: "web" }, { Key: "a:b", Value: "" }],
  tags: [{ key: "Name", value: "lower" }],
  Labels: { team: "web" },
  Methods: { GET: { Uri: "a" }, POST: { Uri: "b" } },
  Dimensions: [{ Name: "InstanceId", Value: "i-1" }],
  Since: new Date(0),
};

for (
  const [path, values] of [
    ["Id", ["i-1"]],
    ["Placement.Zone", ["a"]],
    ["Placement.Region", []],
    ["Id.Part", []],
    ["Since.Time", []],
    ["Groups[*].Id", ["g-1", "g-2"]],
    ["Groups[*].Names[*]", ["x", "y", "z"]],
    ["Empty[*].Id", []],
    ["Id[*]", []],
    ["Tags[Name]", ["web"]],
    ["Tags[a:b]", [""]],
    ["Tags[Owner]", []],
    ["tags[Name]", ["lower"]],
    ["Labels[team]", ["web"]],
    ["Labels[toString]", []],
    ["Methods[*].Uri", ["a", "b"]],
    ["Dimensions[InstanceId]", ["i-1"]],
  ] as const
) {
  Deno.test(`readAll() reads ${path}`, () => {
    deepStrictEqual(readAll(parsePath(path), ITEM), values);
    strictEqual(readFirst(parsePath(path), ITEM), values[0]);
  });
}

Deno.test("hasList() tells an empty list from none", () => {
  strictEqual(hasList(parsePath("Empty[*].Id"), ITEM), true);
  strictEqual(hasList(parsePath("Groups[*].Id"), ITEM), true);
  strictEqual(hasList(parsePath("Missing[*].Id"), ITEM), false);
});

for (const path of ["", "A..B", "A[", "A[*]B", "a-b", "A.[*]"]) {
  Deno.test(`parsePath() refuses "${path}"`, () => {
    throws(() => parsePath(path), SyntaxError);
  });
}
