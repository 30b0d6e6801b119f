import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { failureOf } from "./failure.ts";

const CASES: readonly (readonly [string, unknown, object])[] = [
  ["a plain error", new Error("no"), { code: "collect_failed", message: "no" }],
  ["a named error", new RangeError("no"), {
    code: "RangeError",
    message: "no",
  }],
  [
    "code, message and permission",
    Object.assign(new Error("no"), {
      code: "AccessDenied",
      permission: "ec2:DescribeVolumes",
    }),
    {
      code: "AccessDenied",
      message: "no",
      permission: "ec2:DescribeVolumes",
    },
  ],
  [
    "causes, each once",
    new TypeError("cannot fetch: reset", {
      cause: new Error("reset", { cause: new Error("by peer") }),
    }),
    { code: "TypeError", message: "cannot fetch: reset: by peer" },
  ],
  [
    "the first of several",
    new AggregateError([new Error("one"), new Error("two")], "all failed"),
    { code: "AggregateError", message: "all failed: one" },
  ],
  ["a text", "boom", { code: "collect_failed", message: "boom" }],
  ["nothing", undefined, { code: "collect_failed", message: "undefined" }],
];

for (const [what, thrown, failure] of CASES) {
  Deno.test(`failureOf() reads ${what}`, () => {
    deepStrictEqual(failureOf(thrown), failure);
  });
}

Deno.test("failureOf() bounds the message", () => {
  strictEqual(failureOf(new Error("x".repeat(9_000))).message.length, 2_000);
});
