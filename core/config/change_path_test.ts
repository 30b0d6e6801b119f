import { deepStrictEqual, throws } from "node:assert/strict";
import { readAssignment, readPath, setPath, unsetPath } from "./change_path.ts";

Deno.test("setPath() sets below names and places of lists", () => {
  const config = { a: { b: 1 }, list: [{ x: 1 }, { x: 2 }] };
  const set = (path: string, value: number) =>
    setPath(config, { path: path.split("."), value });
  deepStrictEqual(set("a.c.d", 3), { ...config, a: { b: 1, c: { d: 3 } } });
  deepStrictEqual(set("list.1.x", 9), {
    ...config,
    list: [{ x: 1 }, { x: 9 }],
  });
  deepStrictEqual(config, { a: { b: 1 }, list: [{ x: 1 }, { x: 2 }] });
  const odd = setPath({}, { path: ["__proto__", "x"], value: 1 });
  deepStrictEqual(Object.keys(odd), ["__proto__"]);
  deepStrictEqual(({} as Record<string, unknown>)["x"], undefined);
});

Deno.test("setPath() puts nothing in the place of a list or a value", () => {
  const config = { list: [1], text: "x" };
  const fails = (path: string, message: RegExp) =>
    throws(() => setPath(config, { path: path.split("."), value: 1 }), {
      code: "config_invalid",
      message,
    });
  fails("list.name", /"list.name": list is a list of 1 elements/);
  fails("list.1", /list is a list of 1 elements/);
  fails("text.more", /text is a value without properties/);
});

Deno.test("unsetPath() takes away what is there", () => {
  const config = { a: { b: 1, c: 2 }, list: [1, 2, 3] };
  const unset = (path: string) => unsetPath(config, path.split("."));
  deepStrictEqual(unset("a.b"), { a: { c: 2 }, list: [1, 2, 3] });
  deepStrictEqual(unset("a"), { list: [1, 2, 3] });
  deepStrictEqual(unset("list.1"), { ...config, list: [1, 3] });
  for (const path of ["x", "a.x", "a.b.c", "list.9", "toString"]) {
    deepStrictEqual(unset(path), config, path);
  }
});

Deno.test("readAssignment() takes a value for what the schema wants", () => {
  const schema = {
    type: "object",
    properties: {
      id: { type: "string" },
      size: { type: "integer" },
      list: { type: "array", items: { type: "string" } },
    },
  };
  const read = (text: string) => readAssignment(text, schema);
  deepStrictEqual(read("id=012"), { path: ["id"], value: "012" });
  deepStrictEqual(read("id=12"), { path: ["id"], value: "12" });
  deepStrictEqual(read("id=true"), { path: ["id"], value: "true" });
  deepStrictEqual(read('id="12"'), { path: ["id"], value: "12" });
  deepStrictEqual(read("list.0=12"), { path: ["list", "0"], value: "12" });
  deepStrictEqual(read("size=12"), { path: ["size"], value: 12 });
  deepStrictEqual(read("x.y=[a, 1]"), { path: ["x", "y"], value: ["a", 1] });
  throws(() => read("id"), { code: "usage" });
  throws(() => readPath("a..b"), { code: "usage" });
});
