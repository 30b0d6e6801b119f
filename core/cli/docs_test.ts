import { deepStrictEqual } from "node:assert/strict";
import { VARIABLES } from "./environment.ts";

Deno.test("docs/cli.md has every variable", async () => {
  const docs = new URL("../../docs/cli.md", import.meta.url);
  const text = await Deno.readTextFile(docs);
  const [, section = ""] = text.split("### Variables");
  const [table = ""] = section.split("\n### ");
  deepStrictEqual(
    [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name),
    VARIABLES.map(({ name }) => name),
  );
});
