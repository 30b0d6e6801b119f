import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { MAX_CHARS, readDocument } from "./read_document.ts";

/** What is told of a text that is refused. */
function refused(text: string): string {
  try {
    readDocument("x", text);
  } catch (error) {
    if (isSkymapError(error, "config_invalid")) return error.message;
    throw error;
  }
  throw new Error(`It was read: ${text}`);
}

Deno.test("readDocument() reads YAML and JSON, and nothing as no properties", () => {
  const read = (text: string) => readDocument("x", text).config;
  deepStrictEqual(read("a: {b: [1, 'x', null, true]}"), {
    a: { b: [1, "x", null, true] },
  });
  deepStrictEqual(read('{"a": {"b": [1]}}'), { a: { b: [1] } });
  deepStrictEqual(read(""), {});
  deepStrictEqual(read("# nothing but a comment\n"), {});
  // Names are what was written, and words of older versions are texts.
  deepStrictEqual(read("012: no\n1.50: on\nyes: ~"), {
    "012": "no",
    "1.50": "on",
    yes: null,
  });
  deepStrictEqual(Object.keys(read("__proto__: {x: 1}")), ["__proto__"]);
});

Deno.test("readDocument() shows each place where a text is no YAML", () => {
  strictEqual(
    refused("a: [1\nb: 2"),
    `Cannot read configuration "x":
line 2, column 1: Flow sequence in block collection must be sufficiently indented and end with a ]
   2 | b: 2
       ^`,
  );
  strictEqual(
    refused("a: 1\nb: 2\na: 3"),
    `Cannot read configuration "x":
line 3, column 1: stands here for the second time, wanted it once
   3 | a: 3
       ^`,
  );
  const several = refused("a: .inf\nb: 123456789012345678901234567890\nc: *d");
  for (const line of [1, 2, 3]) {
    ok(several.includes(`line ${line}, column 4:`), several);
  }
  ok(/wanted lines such as name: value/.test(refused("- a")));
  ok(/wanted lines such as name: value/.test(refused("just a text")));
});

Deno.test("readDocument() says what is wrong in its own words", () => {
  const told = (text: string) => refused(text).split("\n")[1];
  strictEqual(
    told("a: 1\n---\nb: 2"),
    "line 2, column 1: begins a second document, wanted one",
  );
  for (const depth of [100, 100_000]) {
    ok(
      told(`a: ${"[".repeat(depth)}${"]".repeat(depth)}`)
        ?.endsWith("is nested more than 60 levels deep"),
    );
  }
  // A name is another one within another part.
  deepStrictEqual(readDocument("x", "a: {b: 1}\nb: {a: 1}").config, {
    a: { b: 1 },
    b: { a: 1 },
  });
  ok(told("a: {b: 1, 'b': 2}")?.includes("for the second time"));
});

Deno.test("readDocument() reads a document of very many names", () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `name${at}: ${at}`);
  strictEqual(
    Object.keys(readDocument("x", lines.join("\n")).config).length,
    50_000,
  );
  const twice = refused([...lines, ...lines.slice(0, 100)].join("\n"));
  ok(twice.endsWith("\nand 50 faults more"), twice.slice(-100));
});

Deno.test("readDocument() takes nothing for what it is not", () => {
  for (
    const text of [
      "a: !!binary aGk=",
      "a: !secret x",
      "a: 1\n---\nb: 2",
      "? [a]\n: 1",
      "a: &a [*a]",
      "<<: {a: 1}\nb: *c",
      `${"[".repeat(100)}${"]".repeat(100)}`.replace(/^/, "a: "),
      "x".repeat(MAX_CHARS + 1),
    ]
  ) refused(text);
});

Deno.test("readDocument() shows no line that may hold a secret", () => {
  for (
    const text of [
      "api_token: open: sesame",
      "password: 'open sesame\n",
      "a: {secret: open: sesame",
      "access_key: [open sesame",
      'password: "open\n  sesame\n  ',
      "private_key: 'open\n  sesame\n  sesame\nb: [",
    ]
  ) ok(!refused(text).includes("sesame"), refused(text));
});

Deno.test("readDocument() knows where everything stands", () => {
  const { placeOf } = readDocument(
    "x",
    "a:\n  b: 1\n  c:\n    - x\n    - y: 2\n",
  );
  const at = (...path: (string | number)[]) => {
    const { line, column } = placeOf(path);
    return `${line}:${column}`;
  };
  strictEqual(at("a", "b"), "2:6");
  strictEqual(at("a", "c", 0), "4:7");
  strictEqual(at("a", "c", 1, "y"), "5:10");
  // What is not there is where it would be.
  strictEqual(at("a", "missing"), "2:3");
  deepStrictEqual(placeOf(["a", "b"], true), { line: 2, column: 3 });
  throws(() => readDocument("x", "a: ["), { code: "config_invalid" });
});
