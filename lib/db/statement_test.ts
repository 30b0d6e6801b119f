import assert from "node:assert/strict";
import { escapeIdent } from "./statement.ts";

Deno.test("escapeIdent() escapes what ends or changes a name", () => {
  const cases = [
    ["plain", "`plain`"],
    ["", "``"],
    ["a`b", "`a\\`b`"],
    ["a\\b", "`a\\\\b`"],
    ["\\`", "`\\\\\\``"],
    ["⟨x⟩", "`⟨x⟩`"],
  ];
  for (const [name, escaped] of cases) {
    assert.equal(escapeIdent(name ?? ""), escaped);
  }
});
