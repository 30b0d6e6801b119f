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

Deno.test("yamlText() writes blocks, with every text in quotes", () => {
  strictEqual(
    yamlText({
      a: "plain text",
      b: [1, [2, []], { c: null, d: {} }],
      "odd: key": { e: "yes", f: "-x", g: " ", i: "1e3" },
    }),
    `a: 'plain text'
b:
  - 1
  - - 2
    - []
  - c: null
    d: {}
'odd: key':
  e: 'yes'
  f: '-x'
  g: ' '
  i: '1e3'
`,
  );
});

const ODD = fc.constantFrom(
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
const TEXT = fc.oneof(ODD, fc.string({ unit: "binary" }), fc.string());

/** JSON values whose objects have such keys. */
function values(keys: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      TEXT,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) =>
        number === 0 ? 0 : number
      ),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
}

Deno.test("yamlText() is read back as it was", () => {
  const key = TEXT.filter((text) => text !== "__proto__");
  fc.assert(
    fc.property(values(key), (json) => {
      const written = yamlText(json);
      deepStrictEqual(read(written, "1.2"), json, written);
    }),
    { numRuns: 500 },
  );
});

Deno.test("yamlText() is read by the older version of YAML when keys are names", () => {
  const key = fc.stringMatching(/^k[a-z_]{1,8}$/);
  fc.assert(
    fc.property(values(key), (json) => {
      const written = yamlText(json);
      deepStrictEqual(read(written, "1.1"), json, written);
    }),
    { numRuns: 500 },
  );
});
