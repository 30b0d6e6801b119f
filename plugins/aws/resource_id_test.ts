import { deepStrictEqual } from "node:assert/strict";
import type { IdParts } from "./declaration.ts";
import { idPaths, resourceId } from "./resource_id.ts";

const RECORD: IdParts = {
  of: ["Name", "Type"],
  optional: ["SetIdentifier"],
  read: (...values) => values.filter((value) => value !== "").join("/"),
};

const CASES: readonly [string, string | IdParts, object, string | undefined][] =
  [
    ["a path", "Id", { Id: "i-1" }, "i-1"],
    ["an empty one", "Id", { Id: "" }, undefined],
    ["none", "Id", {}, undefined],
    ["what is no text", "Id", { Id: 1 }, undefined],
    [
      "several values",
      RECORD,
      { Name: "a", Type: "A", SetIdentifier: "eu" },
      "a/A/eu",
    ],
    ["several values without one", RECORD, { Name: "a", Type: "A" }, "a/A"],
    ["several values without a needed one", RECORD, { Name: "a" }, undefined],
  ];

for (const [what, id, item, expected] of CASES) {
  Deno.test(`resourceId() reads ${what}`, () => {
    deepStrictEqual(resourceId({ id }, item as never), expected);
  });
}

Deno.test("idPaths() names all that an id is read from", () => {
  deepStrictEqual([idPaths({ id: "Id" }), idPaths({ id: RECORD })], [
    ["Id"],
    ["Name", "Type", "SetIdentifier"],
  ]);
});
