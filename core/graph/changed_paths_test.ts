import assert from "node:assert/strict";
import { changedPaths } from "./changed_paths.ts";

Deno.test("changedPaths() names each place that differs", () => {
  const before = {
    same: { a: [1, { b: 2, c: 3 }] },
    tags: { owner: "me", "aws:x": "1" },
    list: [1, 2],
    gone: 1,
    kind: null,
  };
  const after = {
    same: { a: [1, { c: 3, b: 2 }] },
    tags: { owner: "you", "aws:x": "2" },
    list: [2, 1],
    kind: { a: 1 },
    come: {},
  };
  assert.deepEqual(changedPaths(before, after, "reported"), [
    "reported.tags.owner",
    "reported.tags.`aws:x`",
    "reported.list",
    "reported.gone",
    "reported.kind",
    "reported.come",
  ]);
  assert.deepEqual(changedPaths(before, before, "reported"), []);
});

Deno.test("changedPaths() stops at 100", () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`k${at}`, at]),
  );
  assert.equal(changedPaths({}, many, "reported").length, 100);
});
