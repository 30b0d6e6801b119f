import { deepStrictEqual, ok } from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import type { ConfigSchema } from "./config_schema.ts";
import { type FaultOptions, pathText, schemaFaults } from "./schema_faults.ts";

function told(
  schema: ConfigSchema,
  value: Json,
  options: FaultOptions = {},
): readonly string[] {
  return schemaFaults(schema, value, options).map(({ path, message }) =>
    `${pathText(path)}: ${message}`
  );
}

const TABLE: readonly (readonly [ConfigSchema, Json, readonly string[]])[] = [
  [{ type: "string" }, "a", []],
  [{ type: "string" }, 1, [": is 1, wanted a text"]],
  [{ type: "string" }, ["a"], [": is a list, wanted a text"]],
  [{ type: "string" }, null, [": is empty, wanted a text"]],
  [{ type: ["string", "null"] }, null, []],
  [{ type: "integer" }, 1.5, [": is 1.5, wanted a whole number"]],
  [{ type: "integer" }, 2, []],
  [{ type: "number" }, 2, []],
  [{ type: "number" }, true, [": is true, wanted a number"]],
  [{ type: "integer", minimum: 1 }, 0, [": is 0, wanted at least 1"]],
  [{ type: "number", exclusiveMinimum: 0 }, 0, [": is 0, wanted more than 0"]],
  [{ type: "number", maximum: 3 }, 4, [": is 4, wanted at most 3"]],
  [{ type: "number", exclusiveMaximum: 3 }, 3, [": is 3, wanted less than 3"]],
  [{ type: "string", minLength: 1 }, "", [": is empty, wanted a text"]],
  [{ minLength: 3 }, "ab", [": has 2 characters, wanted at least 3"]],
  [{ maxLength: 1 }, "ab", [": has 2 characters, wanted at most 1"]],
  [{ pattern: "^a" }, "b", [': is "b", wanted what matches ^a']],
  [{ format: "uri" }, "b", [': is "b", wanted a URL']],
  [{ format: "uri" }, "https://b", []],
  [{ const: 3 }, 4, [": is 4, wanted 3"]],
  [{ enum: ["north", "south", 3] }, "nort", [
    ': is "nort", wanted "north", "south" or 3; did you mean "north"?',
  ]],
  [{ enum: ["north", 3] }, 3, []],
  [{ enum: ["north", 3] }, 4, [': is 4, wanted "north" or 3']],
  [{ type: "array", items: { type: "string" } }, ["a", 1, 2], [
    "[1]: is 1, wanted a text",
    "[2]: is 2, wanted a text",
  ]],
  [{ type: "array", minItems: 1 }, [], [
    ": has 0 elements, wanted at least 1",
  ]],
  [{ type: "array", maxItems: 0 }, [1], [": has 1 elements, wanted at most 0"]],
  [{ type: "object", properties: { a: {} }, required: ["a", "b"] }, {}, [
    "a: is missing",
    "b: is missing",
  ]],
  [
    {
      type: "object",
      properties: { region: {}, role: {} },
      additionalProperties: false,
    },
    { regoin: 1, zzz: 2 },
    [
      'regoin: is no such property; did you mean "region"?',
      "zzz: is no such property, wanted region or role",
    ],
  ],
  [
    {
      type: "object",
      propertyNames: { pattern: "^[a-z]+$" },
      additionalProperties: { type: "integer" },
    },
    { A: 1, b: "x" },
    [
      'A: the name is "A", wanted what matches ^[a-z]+$',
      'b: is "x", wanted a whole number',
    ],
  ],
  // Of several the one that was meant tells what is wrong.
  [
    {
      anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    },
    [1],
    ["[0]: is 1, wanted a text"],
  ],
  [
    { oneOf: [{ type: "string" }, { type: "integer" }] },
    true,
    [": is true, wanted a text or a whole number"],
  ],
  [
    { allOf: [{ type: "integer" }, { minimum: 3 }] },
    1,
    [": is 1, wanted at least 3"],
  ],
  [
    { $ref: "#/$defs/a", $defs: { a: { type: "integer" } } },
    "x",
    [': is "x", wanted a whole number'],
  ],
  // What is described in a circle is looked at as far as the value goes.
  [
    {
      $ref: "#/$defs/tree",
      $defs: {
        tree: {
          type: "object",
          properties: { inner: { $ref: "#/$defs/tree" } },
          additionalProperties: false,
        },
      },
    },
    { inner: { inner: { innr: 1 } } },
    ['inner.inner.innr: is no such property; did you mean "inner"?'],
  ],
  [{ $ref: "#/$defs/x", $defs: { x: { $ref: "#/$defs/x" } } }, 1, []],
  [{ $ref: "#/$defs/nowhere" }, 1, []],
];

Deno.test("schemaFaults() names each fault with its path", () => {
  for (const [schema, value, faults] of TABLE) {
    const what = `${JSON.stringify(schema)} of ${JSON.stringify(value)}`;
    deepStrictEqual(told(schema, value), faults, what);
  }
});

Deno.test("schemaFaults() tells no secret", () => {
  const schema: ConfigSchema = {
    type: "object",
    properties: {
      token: { enum: ["x"] },
      passwords: { type: "array", items: { type: "integer" } },
      secret: { properties: { inner: { minLength: 30, format: "uri" } } },
      endpoint: { format: "uri" },
    },
  };
  const faults = told(schema, {
    token: "open-sesame",
    passwords: ["open-sesame"],
    secret: { inner: "open-sesame open-sesame open-sesame" },
    endpoint: `open-sesame${"!".repeat(60)}`,
  });
  deepStrictEqual(faults.length, 4);
  ok(!faults.join().includes("sesame"), faults.join("\n"));
});

Deno.test("schemaFaults() leaves references and foreign expressions to who uses them", () => {
  const schema = { type: "string", format: "uri", enum: ["a"], minLength: 90 };
  deepStrictEqual(told(schema, "$(PLACE)", { takesReferences: true }), []);
  deepStrictEqual(
    told({ type: "integer" }, "$(SIZE)", { takesReferences: true }),
    [
      ': is "$(SIZE)", wanted a whole number',
    ],
  );
  deepStrictEqual(told(schema, "$(PLACE)").length, 1);
  // An expression that takes for ever is not even begun.
  const evil = { pattern: "^(a+)+$" };
  deepStrictEqual(
    told(evil, `${"a".repeat(60)}!`, { skipsPatterns: true }),
    [],
  );
});
