import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ERROR_CODES, isSkymapError, SkymapError } from "./errors.ts";

/** The table of docs/errors.md, as it must read. */
function table(): string {
  const rows = Object.entries(ERROR_CODES)
    .map(([code, meaning]) => `| \`${code}\` | ${meaning}. |`);
  return ["| code | means |", "| --- | --- |", ...rows].join("\n");
}

Deno.test("ERROR_CODES are sorted", () => {
  const codes = Object.keys(ERROR_CODES);
  deepStrictEqual(codes, [...codes].sort());
});

Deno.test("docs/errors.md lists every code of ERROR_CODES", async () => {
  const path = new URL("../docs/errors.md", import.meta.url);
  const text = await Deno.readTextFile(path);
  const cells = (each: string) =>
    each.split("\n").filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|").map((cell) => cell.trim()).join("|"));
  deepStrictEqual(cells(text), cells(table()));
});

Deno.test("isSkymapError() tells codes apart", () => {
  const error = new SkymapError("conflict", "Cannot do it", {
    cause: new Error("inner"),
    details: { id: 1 },
  });
  strictEqual(isSkymapError(error), true);
  strictEqual(isSkymapError(error, "conflict", "internal"), true);
  strictEqual(isSkymapError(error, "internal"), false);
  strictEqual(isSkymapError(new Error("x")), false);
  strictEqual((error.cause as Error).message, "inner");
});
