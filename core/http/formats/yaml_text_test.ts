import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseDocument } from "yaml";
import type { Json } from "@skymap/lib/json";
import { yamlText } from "./yaml_text.ts";

/** What the library reads; both versions of YAML, for readers of either. */
function read(text: string, version: "1.1" | "1.2"): unknown {
  const found = parseDocument(text, { version, uniqueKeys: true });
  deepStrictEqual([...found.errors, ...found.warnings], [], text);
  return found.toJS();
}

Deno.test("yamlText() writes blocks, with quotes where they are needed", () => {
  strictEqual(
    yamlText({
      a: "plain text",
      b: [1, [2, []], { c: null, d: {} }],
      "odd: key": { e: "yes", f: "-x", g: " ", h: "a\nb", i: "1e3" },
    }),
    `a: plain text
b:
  - 1
  - - 2
    - []
  - c: null
    d: {}
"odd: key":
  e: "yes"
  f: "-x"
  g: " "
  h: "a\\nb"
  i: "1e3"
`,
  );
});

Deno.test("yamlText() is read back as it was, by either version of YAML", () => {
  const odd = fc.constantFrom(
    ..."~ null Null yes NO on y .inf 0x1f 0o7 1_000 1:30 2026-01-01 <<".split(
      " ",
    ),
    ..."- ? : # & * ! | > % @ ` [ ] { } , --- ... a: a\u00a0# #".split(" "),
    ..."= 1e3 0.1 -1 +1 \u0085 \u2028 \ufeff \u007f \ud800 😀 \0 \t".split(" "),
    "",
    " ",
    "a b",
    "a: b",
    "a #b",
    "a\n\n b\r\n",
    "k".repeat(2_000),
  );
  const text = fc.oneof(odd, fc.string({ unit: "binary" }), fc.string());
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) =>
        number === 0 ? 0 : number
      ),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text.filter((key) => key !== "__proto__"), tie("value"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(value, (json) => {
      const written = yamlText(json);
      for (const version of ["1.1", "1.2"] as const) {
        deepStrictEqual(read(written, version), json, written);
      }
    }),
    { numRuns: 500 },
  );
});
