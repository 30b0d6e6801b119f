import { deepStrictEqual, match, ok } from "node:assert/strict";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import fc from "fast-check";
import { testRules } from "./_test_configs.ts";
import { type ConfigSchema, dereference, isSection } from "./config_schema.ts";
import { printDocument } from "./print_document.ts";
import { readDocument } from "./read_document.ts";

/** JSON as it is stored: no -0, which JSON does not write. */
function stored<T extends Json>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

const nasty = fc.constantFrom(
  "",
  " ",
  "null",
  "~",
  "true",
  "no",
  "0x1f",
  "012",
  "1e3",
  "1_000",
  "# no comment",
  "a # comment",
  "a: b",
  "- a",
  "[a",
  "{a}",
  "&a",
  "*a",
  "!!str a",
  "|",
  ">-",
  "%a",
  "@a",
  "`a",
  "'",
  '"',
  "\\",
  "a\n",
  "a\n\n",
  "\na",
  "  a\n b\n",
  "a\n\n\nb\n\n\n",
  "\t",
  "a\tb",
  "a\r\nb",
  "\u0000",
  "\u0085",
  "\u2028",
  "\ufeff",
  "ü😀",
  "$(HOME)",
  "...",
  "---",
  "<<",
  "2026-01-31",
  "x".repeat(200),
  "word ".repeat(40),
);

const text = fc.oneof(nasty, fc.string({ unit: "grapheme" }));
const key = fc.oneof(
  text,
  fc.constantFrom("__proto__", "constructor", "core", "worker", "1", "-1"),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(2 ** 53, 2 ** 60, 1e20, 1e21, 5e-324, 1.7976931348623157e308),
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const anything = fc.dictionary(key, value, {
  maxKeys: 5,
  noNullPrototype: true,
}).map((each) => stored(each as JsonObject));

Deno.test("printDocument() and readDocument() give any document back", () => {
  fc.assert(
    fc.property(anything, (config) => {
      deepStrictEqual(readDocument("x", printDocument(config)).config, config);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("readDocument() reads JSON as JSON is read", () => {
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom("", " ", "\t", "    "),
      (config, indent) => {
        const text = JSON.stringify(config, null, indent);
        deepStrictEqual(readDocument("x", text).config, config);
      },
    ),
    { numRuns: 2_000 },
  );
});

/** Documents that fit a schema, each property set or not. */
function fitting(schema: ConfigSchema, root: ConfigSchema): fc.Arbitrary<Json> {
  const { type, properties = {}, enum: values } = schema;
  if (values !== undefined) return fc.constantFrom(...values);
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return fitting(dereference(first, root), root);
  switch (type) {
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(properties).map(([name, each]) => [
            name,
            fitting(dereference(each, root), root),
          ]),
        ),
        { requiredKeys: [...schema.required ?? []], noNullPrototype: true },
      );
    case "array":
      return fc.array(
        typeof schema.items === "object"
          ? fitting(dereference(schema.items, root), root)
          : text,
        { maxLength: 3 },
      );
    case "integer":
    case "number":
      return fc.integer({
        min: schema.minimum ?? 1,
        max: Math.min(schema.maximum ?? 1_000, 1_000),
      });
    case "boolean":
      return fc.boolean();
    default:
      return text;
  }
}

/** A row of a list as a pattern: an object has a line for each property. */
function cells(row: Json): string {
  if (!isObject(row)) return String(row);
  return Object.entries(row).map(([name, value]) => `${name}: ${value}`)
    .join("\n *#    ");
}

for (const rules of testRules()) {
  const schema = rules.schema();

  Deno.test(`printDocument() of ${rules.id} is read as it was, whatever is set`, () => {
    fc.assert(
      fc.property(fitting(schema, schema), (made) => {
        const config = rules.tidy(stored(made as JsonObject));
        const printed = printDocument(config, { schema, head: ["above", ""] });
        const read = rules.tidy(readDocument("x", printed).config);
        deepStrictEqual(read, config);
      }),
      { numRuns: 300 },
    );
  });

  Deno.test(`printDocument() of ${rules.id} shows every default and description`, () => {
    const printed = printDocument({}, { schema });
    const words = printed.replaceAll(/[\s#]+/g, " ");
    let defaults = 0;
    const look = (each: ConfigSchema) => {
      for (const [name, inner] of Object.entries(each.properties ?? {})) {
        const found = dereference(inner, schema);
        const about = found.description?.replaceAll(/[\s#]+/g, " ");
        ok(about === undefined || words.includes(about), `${name}: ${about}`);
        if (isSection(found)) look(found);
        else if (found.default !== undefined) {
          defaults++;
          if (Array.isArray(found.default) && found.default.length > 0) {
            const rows = found.default.map((row) => `\n *#  - ${cells(row)}`);
            const shown = `^[ #]*#${name}:${rows.join("")}$`;
            match(printed, new RegExp(shown, "m"));
            continue;
          }
          const text = JSON.stringify(found.default);
          const plain = typeof found.default === "string"
            ? found.default
            : text;
          const shown = plain.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
          match(printed, new RegExp(`^[ #]*#${name}: "?${shown}"?$`, "m"));
        }
      }
    };
    look(schema);
    ok(defaults > 0);
  });

  Deno.test(`printDocument() of ${rules.id} in force is read as what counts`, () => {
    const printed = printDocument({}, { schema, originOf: () => "x" });
    const read = rules.tidy(readDocument("x", printed).config);
    deepStrictEqual(rules.faults(read), []);
    deepStrictEqual(rules.parse(read), rules.parse({}));
  });
}
