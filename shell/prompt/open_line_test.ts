import { strictEqual } from "node:assert/strict";
import { continued } from "./open_line.ts";

Deno.test("continued() knows which lines go on", () => {
  const cases: readonly [string, string | undefined][] = [
    ["search all", undefined],
    ["search all |", "search all |\n"],
    ["search all | ", "search all | \n"],
    ["search all \\", "search all \n"],
    ["search all \\\\", undefined],
    ['search name = "a', 'search name = "a\n'],
    ['search name = "a"', undefined],
    ['search name = "a\\"', 'search name = "a\\"\n'],
    ["jq '.a | b", "jq '.a | b\n"],
    [`echo "it's"`, undefined],
    ["", undefined],
  ];
  for (const [text, wanted] of cases) {
    strictEqual(continued(text), wanted, text);
  }
});
