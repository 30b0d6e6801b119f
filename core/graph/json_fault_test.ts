import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonFault } from "./json_fault.ts";

Deno.test("jsonFault() finds where a text stops being JSON", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["{", 1],
    ['{"a":1', 6],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["01", 0],
    ["1.", 0],
    ["{'a':1}", 1],
    ['{"a":tru}', 5],
    ['{"a":"x\ty"}', 5],
    ['{"a":"x', 5],
    ["{} {}", 3],
    ["]", 0],
    ['{"a":[1}', 7],
  ];
  for (const [text, expected] of cases) {
    assert.throws(() => JSON.parse(text), text);
    assert.equal(jsonFault(text), expected, text);
  }
});

Deno.test("jsonFault() finds no fault before the end of a cut document", () => {
  fc.assert(fc.property(fc.json(), fc.nat(), (text, cut) => {
    const part = text.slice(0, cut % (text.length + 1));
    const fault = jsonFault(part);
    // Only what is one word, and has been cut within, is not read to its end.
    assert.ok(
      /^\s*("|-|\d|[a-z])/.test(part.slice(fault)) || fault === part.length,
    );
  }));
});
