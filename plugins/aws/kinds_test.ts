import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { kindsOf } from "./kinds.ts";
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
