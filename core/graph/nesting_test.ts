import assert from "node:assert/strict";
import { nestingOf } from "./nesting.ts";

Deno.test("nestingOf() counts levels and not what is written in texts", () => {
  for (
    const [value, levels] of [
      [1, 0],
      ["[[[", 0],
      [[], 1],
      [{ a: [1, { b: "}]" }], c: [[]] }, 3],
      [{ 'a"[[[[': '\\"{{{{', b: "\\" }, 1],
    ] as const
  ) assert.equal(nestingOf(JSON.stringify(value)), levels);
  assert.equal(nestingOf("[".repeat(9) + "]".repeat(9)), 9);
});
