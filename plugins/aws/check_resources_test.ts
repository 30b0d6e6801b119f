import { deepStrictEqual, throws } from "node:assert/strict";
import { checkResources, resourceFaults } from "./check_resources.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import {
  object,
  type Property,
  text,
  valueKind,
  volatile,
} from "./property.ts";
import { RESOURCES } from "./resources/mod.ts";

Deno.test("resourceFaults() finds none in the plugin's own", () => {
  deepStrictEqual(resourceFaults(RESOURCES), []);
});

const GOOD: ResourceDeclaration = {
  kind: "aws_thing",
  description: "A thing",
  list: { service: "ec2", operation: "DescribeThings", result: "Things[*]" },
  id: "Id",
  properties: { name: text("Name") },
};

const detail = {
  as: "$more",
  of: "Id",
  service: "ec2",
  operation: "DescribeMore",
  askFor: () => ({}),
} as const;

const list: Property = { ...text("Names[*]"), kind: "string[]", take: "all" };

const CASES: readonly [string, Partial<ResourceDeclaration>, string[]][] = [
  ["nothing", {}, []],
  ["a bad name", { kind: "Thing" }, ["Thing: its name is not aws_snake_case"]],
  ["a bad operation", {
    list: { service: "ec2", operation: "describe-things", result: "Things[*]" },
  }, ['aws_thing: "describe-things" is no operation']],
  ["a result without items", {
    list: { service: "ec2", operation: "DescribeThings", result: "Things" },
  }, ['aws_thing: list: "Things" gives no items, it must end with [*]']],
  ["a bad path", { id: "I d", zone: "" }, [
    'aws_thing: id: Cannot read path "I d": "I d" is no member, member[*] or member[tag]',
    'aws_thing: zone: Cannot read path "": "" is no member, member[*] or member[tag]',
  ]],
  ["an unknown source", {
    list: { values: { kind: "aws_other", path: "Type" }, as: "Type" },
  }, ['aws_thing: it is listed by "aws_other", which is no kind']],
  ["a source of its own", {
    list: { values: { kind: "aws_thing", path: "Type" }, as: "Type" },
  }, ["aws_thing: it is listed by itself"]],
  ["an edge to nowhere", { edges: [{ successor: "aws_other", id: "Other" }] }, [
    'aws_thing: edge with "aws_other", which is no kind',
  ]],
  ["a property with a bad name", { properties: { Name: text("Name") } }, [
    'aws_thing: property "Name" is not snake_case',
  ]],
  ["a bad name inside", {
    properties: {
      spec: object("Spec", valueKind("aws_spec", { Cores: text("Cores") })),
    },
  }, ['aws_thing: property "spec.Cores" is not snake_case']],
  ["a list without elements", {
    properties: { names: { ...list, paths: text("Names").paths } },
  }, ['aws_thing: property "names" is a list, but its path has no [*]']],
  ["a list that is none", {
    properties: { names: { ...list, kind: "string" } },
  }, ['aws_thing: property "names" takes a list, but is string']],
  ["a detail that nobody reads", { details: [detail] }, [
    'aws_thing: detail "$more" is never read',
  ]],
  ["a detail that nobody gives", {
    properties: { more: text("$more.Name") },
  }, ['aws_thing: "$more" is read, but no detail']],
  ["what follows others without being a property", {
    remove: {
      calls: [{ service: "ec2", operation: "DeleteThing", input: () => ({}) }],
      gone: [],
      follows: { name: "any", "name.first": "any", color: "less" },
    },
  }, ['aws_thing: "color" follows others, but is no property']],
  ["details that cannot be told apart", {
    details: [{ ...detail, batch: 10 }],
    properties: { more: text("$more.Name") },
  }, ['aws_thing: detail "$more" has a batch, but no match']],
  ["a source that keeps its value badly", {
    list: {
      service: "ec2",
      operation: "DescribeThings",
      result: "Things[*]",
      each: {
        kind: "aws_thing",
        path: "Id",
        batch: 10,
        input: () => ({}),
        as: "by",
      },
    },
  }, [
    "aws_thing: it is listed by itself",
    'aws_thing: list: "by" must start with $',
    'aws_thing: list: "by" needs a batch of 1',
  ]],
  ["a removal without calls", { remove: { calls: [], gone: [] } }, [
    "aws_thing: it is removed by no call",
  ]],
  ["a name that changes by itself", {
    properties: { name: volatile(text("Name")) },
  }, ['aws_thing: property "name" is of all kinds, it cannot be volatile']],
  ["a bad operation that removes", {
    remove: {
      calls: [{ service: "ec2", operation: "delete", input: () => ({}) }],
      gone: [],
    },
  }, ['aws_thing: "delete" is no operation']],
  ["a kind of values in two ways", {
    properties: {
      a: object("A", valueKind("aws_value", { x: text("X") })),
      b: object("B", valueKind("aws_value", { y: text("Y") })),
    },
  }, ['aws_thing: "aws_value" is declared in two ways']],
];

for (const [what, changed, faults] of CASES) {
  Deno.test(`resourceFaults() tells ${what}`, () => {
    deepStrictEqual(resourceFaults([{ ...GOOD, ...changed }]), faults);
  });
}

Deno.test("resourceFaults() tells kinds that are listed in a circle", () => {
  const by = (kind: string, source: string): ResourceDeclaration => ({
    ...GOOD,
    kind,
    list: { values: { kind: source, path: "X" }, as: "X" },
  });
  deepStrictEqual(
    resourceFaults([by("aws_a", "aws_b"), by("aws_b", "aws_a")]),
    [
      "aws_a: it is listed by itself",
      "aws_b: it is listed by itself",
    ],
  );
});

Deno.test("resourceFaults() tells a kind that is listed by one of another place", () => {
  deepStrictEqual(
    resourceFaults([GOOD, {
      ...GOOD,
      kind: "aws_other",
      place: "global",
      list: { values: { kind: "aws_thing", path: "X" }, as: "X" },
    }]),
    ['aws_other: it is listed by "aws_thing", which lies elsewhere'],
  );
});

Deno.test("checkResources() throws with every fault", () => {
  throws(
    () => checkResources([GOOD, GOOD, { ...GOOD, kind: "x" }]),
    /x: its name is not.*aws_thing: is declared twice/,
  );
});
