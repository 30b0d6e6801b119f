import { deepStrictEqual, ok } from "node:assert/strict";
import { callsOf } from "./declaration.ts";
import { readActions, readPolicy } from "./iam_policy.ts";
import { RESOURCES } from "./resources/mod.ts";
import { VOLUME } from "./resources/ec2/volume.ts";
import { CONFIG_SCHEMA } from "./settings.ts";

const DOCS = await Deno.readTextFile(
  new URL("../../docs/aws.md", import.meta.url),
);

Deno.test("readActions() names each call once", () => {
  deepStrictEqual(readActions([VOLUME, VOLUME]), [
    "ec2:DescribeRegions",
    "ec2:DescribeVolumes",
  ]);
});

Deno.test("readPolicy() is what docs/aws.md shows", () => {
  const shown = /```json\n([^]*?)```/.exec(DOCS)?.[1] ?? "{}";
  deepStrictEqual(JSON.parse(shown), readPolicy(RESOURCES));
});

for (const resource of RESOURCES) {
  Deno.test(`docs/aws.md describes ${resource.kind}`, () => {
    const calls = callsOf(resource).map(({ operation }) => `\`${operation}\``);
    const row = [
      `\`${resource.kind}\``,
      resource.description,
      calls.join(", ") || "–",
    ];
    const rows = DOCS.split("\n").map((line) =>
      line.split("|").slice(1, -1).map((cell) => cell.trim()).join("|")
    );
    ok(rows.includes(row.join("|")), row.join(" | "));
  });
}

Deno.test("docs/aws.md names every setting", () => {
  const names = Object.keys(CONFIG_SCHEMA["properties"] as object);
  deepStrictEqual(names.filter((name) => !DOCS.includes(name)), []);
});
