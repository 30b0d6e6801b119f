import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { splitArray } from "./split_array.ts";

Deno.test("splitArray() gives the elements as they were written", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["[]", []],
    ["[ ]", []],
    ["[1, 100000000000000000000001 ,1.50]", [
      "1",
      "100000000000000000000001",
      "1.50",
    ]],
    ['[[1,2],{"a":[3,4]}]', ["[1,2]", '{"a":[3,4]}']],
    ['["a,]\\"","\\\\",""]', ['"a,]\\""', '"\\\\"', '""']],
    ['{"a":[1]}', ['{"a":[1]}']],
    ["7", ["7"]],
  ];
  for (const [text, wanted] of cases) {
    deepStrictEqual(splitArray(text), wanted, text);
  }
});

Deno.test("splitArray() gives what JSON.parse() gives", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.boolean(), (array, spaced) => {
      const text = JSON.stringify(array, null, spaced ? 2 : 0);
      deepStrictEqual(
        splitArray(text).map((each) => JSON.parse(each)),
        JSON.parse(text),
      );
    }),
  );
});
