import { deepStrictEqual } from "node:assert/strict";
import { sourceOf } from "./declaration.ts";
import { RESOURCES } from "./resources/mod.ts";
import { selectResources } from "./select_resources.ts";

function kinds(collect: string[], no_collect: string[]): string[] {
  return selectResources(RESOURCES, { collect, no_collect })
    .map(({ kind }) => kind);
}

Deno.test("selectResources() takes all, sources first", () => {
  const all = kinds([], []);
  deepStrictEqual([...all].sort(), RESOURCES.map(({ kind }) => kind).sort());
  const late = RESOURCES.flatMap(({ kind, list }) => {
    const source = sourceOf(list)?.kind;
    return source !== undefined && all.indexOf(source) > all.indexOf(kind)
      ? [kind]
      : [];
  });
  deepStrictEqual(late, []);
});

Deno.test("selectResources() lets no_collect win", () => {
  deepStrictEqual(kinds(["aws_ec2_v*"], ["*_type"]), ["aws_ec2_volume"]);
  deepStrictEqual(kinds(["aws_vp?"], []), ["aws_vpc"]);
});

Deno.test("selectResources() leaves out what it cannot list", () => {
  deepStrictEqual(kinds(["aws_ec2_instance_type"], []), []);
});
