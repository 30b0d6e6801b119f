import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { idOf, isJsonObject, jsonOf, textOf, valueAt } from "./json_value.ts";

Deno.test("isJsonObject() is an object, no list and not null", () => {
  deepStrictEqual(
    [{}, [], null, "text", 1, undefined].map(isJsonObject),
    [true, false, false, false, false, false],
  );
});

Deno.test("textOf() gives a text that says something", () => {
  deepStrictEqual(
    ["text", "", 1, null, undefined].map(textOf),
    ["text", undefined, undefined, undefined, undefined],
  );
});

Deno.test("idOf() writes a number as a text, when it can be told from others", () => {
  deepStrictEqual(
    ["u1", 7, 0, "", 1.5, 2 ** 53, null].map(idOf),
    ["u1", "7", "0", undefined, undefined, undefined, undefined],
  );
});

Deno.test("valueAt() follows names, and finds nothing that is inherited", () => {
  const item = { a: { b: { c: 7 } }, list: [1] };
  strictEqual(valueAt(item, "a.b.c"), 7);
  deepStrictEqual(valueAt(item, "list"), [1]);
  for (const path of ["a.x", "a.b.c.d", "list.length", "constructor.name"]) {
    strictEqual(valueAt(item, path), undefined, path);
  }
});

Deno.test("jsonOf() reads JSON, and nothing of what is none", async () => {
  deepStrictEqual(await jsonOf(Response.json({ a: [null] })), { a: [null] });
  strictEqual(await jsonOf(new Response("null")), null);
  strictEqual(await jsonOf(new Response("<html>")), undefined);
  strictEqual(await jsonOf(new Response(null)), undefined);
});
