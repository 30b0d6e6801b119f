import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { openTestDatabase } from "../db/test_database.ts";
import { cutText, TextStore } from "./text_store.ts";

const database = await openTestDatabase();

Deno.test("cutText() cuts no character in two", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 5 }),
      (text, chars) => {
        const pieces = cutText(text, chars);
        strictEqual(pieces.join(""), text);
        ok(pieces.every((piece) => piece.isWellFormed() && piece !== ""));
      },
    ),
  );
});

Deno.test("TextStore gives back what was stored, of any length, until it is deleted", async () => {
  const store = new TextStore(database.db.system);
  const texts = ["", "a", "ä\u0000\n😀".repeat(600_000)];
  for (const [at, text] of texts.entries()) await store.put(`t${at}`, text);
  deepStrictEqual(
    await Promise.all(texts.map((_, at) => store.get(`t${at}`))),
    [undefined, ...texts.slice(1)],
  );
  await store.delete("t2");
  strictEqual(await store.get("t2"), undefined);
  strictEqual(await store.get("t1"), "a");
  const [rest] = await database.db.system.query<[unknown[]]>(
    "SELECT VALUE id FROM plugin_text",
  );
  strictEqual(rest.length, 1);
});
