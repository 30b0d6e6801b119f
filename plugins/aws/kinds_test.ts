import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ResourceDeclaration } from "./declaration.ts";
import { kindsOf } from "./kinds.ts";
import { text, volatile } from "./property.ts";
import { RESOURCES } from "./resources/mod.ts";

const KINDS = kindsOf(RESOURCES);

Deno.test("kindsOf() declares each kind once", () => {
  const names = KINDS.map(({ name }) => name);
  deepStrictEqual(names, [...new Set(names)]);
});

Deno.test("kindsOf() declares each kind of values that is used", () => {
  const names = new Set(KINDS.map(({ name }) => name));
  const used = KINDS.flatMap(({ properties = {} }) =>
    Object.values(properties).map(({ kind }) => kind.replace(/\[\]$/, ""))
  );
  deepStrictEqual(
    used.filter((kind) => kind.startsWith("aws_") && !names.has(kind)),
    [],
  );
});

Deno.test("kindsOf() makes each resource an aws_resource of its bases", () => {
  const bases = new Map(KINDS.map(({ name, bases }) => [name, bases]));
  deepStrictEqual(bases.get("aws_ec2_volume"), ["aws_resource", "volume"]);
  deepStrictEqual(bases.get("aws_ec2_image"), ["aws_resource"]);
  strictEqual(bases.get("aws_ec2_volume_attachment"), undefined);
});

Deno.test("kindsOf() tells what can be done to a kind, and after which others", () => {
  const call = {
    service: "ec2",
    operation: "DeleteX",
    input: () => ({}),
  } as const;
  const thing = (kind: string): ResourceDeclaration => ({
    kind,
    description: "A thing",
    list: { service: "ec2", operation: "DescribeThings", result: "Things[*]" },
    id: "Id",
    properties: { seen: volatile(text("Seen")) },
  });
  const kinds = new Map(
    kindsOf([
      {
        ...thing("aws_a"),
        remove: { calls: [call], gone: [] },
        detach: [call],
      },
      {
        ...thing("aws_b"),
        tagging: { set: call, unset: call },
        edges: [
          { predecessor: "aws_a", id: "A", deletedFirst: "self" },
          { successor: "aws_c", id: "C", deletedFirst: "other" },
          { successor: "aws_gone", id: "D", deletedFirst: "other" },
          // What goes along with it must have been seen.
          { successor: "aws_d", id: "E", goesAlong: "other" },
          { predecessor: "aws_e", id: "F", goesAlong: "self" },
        ],
      },
      {
        ...thing("aws_c"),
        edges: [{
          successor: "aws_a",
          id: "A",
          deletedFirst: () => undefined,
        }],
      },
      thing("aws_d"),
      thing("aws_e"),
    ]).map((kind) => [kind.name, kind]),
  );
  const told = (name: string) => {
    const { deletedAfter, operations } = kinds.get(name) ?? {};
    return { deletedAfter, operations };
  };
  deepStrictEqual(told("aws_a"), {
    deletedAfter: ["aws_b", "aws_c"],
    operations: ["delete", "detach"],
  });
  deepStrictEqual(told("aws_b"), {
    deletedAfter: ["aws_c", "aws_d"],
    operations: ["tag"],
  });
  deepStrictEqual(told("aws_e").deletedAfter, ["aws_b"]);
  // A function may say either.
  deepStrictEqual(told("aws_c"), {
    deletedAfter: ["aws_a"],
    operations: undefined,
  });
  deepStrictEqual(kinds.get("aws_a")?.properties, {
    seen: { kind: "string", ignoreHistory: true },
  });
});
