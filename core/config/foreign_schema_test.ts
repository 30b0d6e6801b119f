import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert/strict";
import { testRules } from "./_test_configs.ts";
import { printDocument } from "./print_document.ts";
import { pathText } from "./schema_faults.ts";

const CONTROL =
  // deno-lint-ignore no-control-regex -- that is what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function workerRules(schema: unknown) {
  const rules = testRules([{
    name: "fruit",
    description: "Fruit \u001b[2J\u202e",
    schema,
  }]).find(({ id }) => id === "skymap.worker");
  if (rules === undefined) throw new Error("no rules");
  return rules;
}

/** What is shown of a schema and of a value that is wrong in it. */
function shown(schema: unknown, value: unknown) {
  const rules = workerRules(schema);
  const fruit = JSON.parse(JSON.stringify(value));
  const faults = rules.faults({ fruit }).map(({ path, message }) =>
    `${pathText(path)} ${message}`
  );
  const printed = printDocument({ fruit }, { schema: rules.schema() }) +
    printDocument({}, { schema: rules.schema() });
  return { faults, printed };
}

let deep: unknown = { type: "string" };
for (let level = 0; level < 20_000; level++) {
  deep = { type: "object", properties: { inner: deep } };
}

const HOSTILE: readonly unknown[] = [
  null,
  "x",
  [],
  true,
  deep,
  { properties: "x", required: 3, enum: {}, items: 4, anyOf: [], allOf: {} },
  { type: ["object", 7], properties: { a: null, b: [], c: true } },
  { type: "nothing", enum: [], minimum: "x", pattern: "(", $ref: 3 },
  { $ref: "#" },
  {
    $ref: "#/$defs/a",
    $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
  },
  { properties: { a: { anyOf: [{ $ref: "#/properties/a" }] } } },
  { properties: { a: { allOf: [{ $ref: "#/properties/a" }] } } },
  {
    properties: {
      a: { anyOf: [{ $ref: "#/properties/a" }, { $ref: "#/properties/a" }] },
    },
  },
  {
    type: "object",
    properties: { a: { $ref: "#" }, b: { $ref: "#" }, c: { $ref: "#" } },
  },
  {
    type: "object",
    default: {},
    properties: {
      a: { $ref: "#", default: {} },
      b: { $ref: "#", default: {} },
    },
  },
  {
    properties: {
      "\u001b[31mred": {
        description: "\u001b]0;x\u0007\r\n\u202e",
        type: "integer",
      },
      a: { enum: ["\u001b[2J", "\u202e"], default: "\u001b[2J" },
    },
    required: ["\u001b[31mred", "\u202e"],
    additionalProperties: false,
  },
];

Deno.test("a schema of a plugin harms nobody, whatever it is", () => {
  for (const schema of HOSTILE) {
    for (const value of [{}, { a: "x", inner: { inner: 1 } }, { a: [{}] }]) {
      const { faults, printed } = shown(schema, value);
      doesNotMatch(faults.join("\n"), CONTROL);
      doesNotMatch(printed, CONTROL);
    }
  }
});

Deno.test("a schema of a plugin may refer to its own parts", () => {
  const schema = {
    $defs: { size: { type: "integer", minimum: 3, description: "How large" } },
    type: "object",
    properties: { size: { $ref: "#/$defs/size" } },
    additionalProperties: false,
  };
  const { faults, printed } = shown(schema, { size: 1 });
  deepStrictEqual(faults, ["fruit.size is 1, wanted at least 3"]);
  match(printed, /^ {2}# How large \(at least 3\)$/m);
});

Deno.test("expressions of a plugin are not run", () => {
  const { faults } = shown(
    { properties: { a: { type: "string", pattern: "^(a+)+$" } } },
    { a: `${"a".repeat(50)}!` },
  );
  deepStrictEqual(faults, []);
});

Deno.test("no plugin takes the place of the settings of workers", () => {
  const rules = testRules([{
    name: "worker",
    description: "Nasty",
    schema: { properties: {} },
  }]).find(({ id }) => id === "skymap.worker");
  ok(rules?.schema().properties?.["worker"]?.properties?.["pool_size"]);
  deepStrictEqual(rules?.faults({ worker: { pool_size: 3 } }), []);
});
