import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DEFAULT_METRICS } from "./default_metrics.ts";

const text = await Deno.readTextFile(
  new URL("../../docs/metrics.md", import.meta.url),
);

/** Cells of the rows of a section that begin with a name in code. */
function rows(title: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((each) => each.startsWith(title));
  ok(section !== undefined, title);
  return section.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) =>
      line.split("|").slice(1, -1).map((cell) =>
        cell.trim().replaceAll("`", "")
      )
    );
}

function labelsOf(search: string): string {
  const [, groups = ""] = /^aggregate\(([^:]+):/.exec(search) ?? [];
  return groups.split(", ").map((group) => group.split(" as ").at(-1))
    .join(", ");
}

Deno.test("docs/metrics.md has every default metric", () => {
  deepStrictEqual(
    rows("What is measured"),
    DEFAULT_METRICS.map(({ name, help, search }) => [
      `skymap_${name}`,
      labelsOf(search),
      help,
    ]),
  );
});

Deno.test("docs/metrics.md leads from old names to metrics that there are", () => {
  const names = new Set(DEFAULT_METRICS.map(({ name }) => `skymap_${name}`));
  const moved = rows("Names");
  strictEqual(moved.length, 44);
  for (const [before = "", now = ""] of moved) {
    ok(names.has(now), now);
    ok(now.includes(before.replace(/_total$/, "")), `${before} -> ${now}`);
  }
});
