import { ok, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { readWrongSearches } from "../query/_wrong_searches.ts";
import { compileSearch } from "./compile.ts";
import { PropertyModel } from "./property_model.ts";
import { NOW_MS, zooRegistry } from "./_random_search.ts";
import { readSearch } from "./read_search.ts";

Deno.test("compileSearch() says of each wrong search what testdata/errors.txt does", async () => {
  const cases = await readWrongSearches(
    new URL("testdata/errors.txt", import.meta.url),
  );
  ok(cases.length >= 40, `${cases.length} cases`);
  const model = new PropertyModel(zooRegistry());
  for (const { text, message } of cases) {
    try {
      const { query, source } = readSearch(text, { nowMs: NOW_MS });
      compileSearch(query, "list", { text: source, model, nowMs: NOW_MS });
    } catch (error) {
      ok(isSkymapError(error, "query_invalid"), `${text}: ${error}`);
      strictEqual(error.message, message, text);
      continue;
    }
    throw new Error(`Compiled: ${text}`);
  }
});
