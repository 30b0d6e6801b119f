import { ok, strictEqual } from "node:assert/strict";
import { readWrongSearches } from "./_wrong_searches.ts";
import { parseQuery } from "./parse.ts";
import { QuerySyntaxError } from "./syntax_error.ts";

Deno.test("parseQuery() says of each wrong search what testdata/errors.txt does", async () => {
  const cases = await readWrongSearches(
    new URL("testdata/errors.txt", import.meta.url),
  );
  ok(cases.length >= 100, `${cases.length} cases`);
  for (const { text, message } of cases) {
    try {
      parseQuery(text);
    } catch (error) {
      ok(error instanceof QuerySyntaxError, text);
      strictEqual(error.message, message, text);
      continue;
    }
    throw new Error(`Parsed: ${text}`);
  }
});
