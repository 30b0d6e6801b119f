import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, isObject, type Json, sortKeys } from "./json.ts";

/** The value with the keys of every object in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).reverse()
      .map(([key, each]) => [key, shuffled(each)]),
  );
}

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

Deno.test("canonicalJson() gives one text, whatever the order of keys", () => {
  fc.assert(fc.property(json, (value) => {
    strictEqual(canonicalJson(shuffled(value)), canonicalJson(value));
    deepStrictEqual(
      JSON.parse(canonicalJson(value)),
      JSON.parse(JSON.stringify(value)),
    );
  }));
});

Deno.test("sortKeys() keeps a key named __proto__ a key", () => {
  const value = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}') as Json;
  strictEqual(canonicalJson(value), '{"__proto__":{"a":2,"z":1},"b":1}');
});

Deno.test("sortKeys() shares what is in order already", () => {
  const value = { a: { b: 1 }, c: [{ d: 1 }] };
  strictEqual(sortKeys(value), value);
});
