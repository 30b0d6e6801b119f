import { escapeIdent, RecordId } from "@skymap/lib/db";
import fc from "fast-check";
import assert from "node:assert/strict";
import { openTestDatabase } from "./test_database.ts";

const at = await openTestDatabase();

Deno.test("escapeIdent() keeps every name in its place", async () => {
  const nasty = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(..."`\\⟨⟩[]{}()'\"; -/*#$@:.\n a"),
      minLength: 1,
      maxLength: 40,
    }),
  ).filter((name) => name.isWellFormed() && !name.includes("\0"));
  const db = await at.db.graph("names");
  await db.query("CREATE victim:1");
  await fc.assert(
    fc.asyncProperty(nasty, async (name) => {
      const place = escapeIdent(name);
      const [made] = await db.query<[Record<string, unknown>]>(
        `RETURN { ${place}: 1 }`,
      );
      assert.deepEqual(Object.keys(made), [name]);
      const [id] = await db.query<[RecordId]>(`RETURN victim:${place}`);
      assert.equal(id.id, name);
      const [table] = await db.query<[RecordId]>(`RETURN ${place}:1`);
      assert.equal(table.table.name, name);
    }),
    {
      numRuns: 200,
      examples: [
        ["x\\⟩ FROM n; DELETE victim; --"],
        ["`; DELETE victim; --"],
        [
          "\\`; DELETE victim; --",
        ],
        ["\\"],
        ["`"],
        ["\\`"],
      ],
    },
  );
  const [left] = await db.query<[unknown[]]>("SELECT * FROM victim");
  assert.equal(left.length, 1);
});

Deno.test("bound names and values never leave their place", async () => {
  const db = await at.db.graph("names");
  await db.query("DELETE victim; CREATE victim:1");
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", maxLength: 40 })
        .filter((text) => text.isWellFormed()),
      fc.string({
        unit: fc.constantFrom(..."`\\\\⟨⟩[]{}()'\"; -/*#$@:."),
        maxLength: 40,
      }),
      async (key, value) => {
        const id = new RecordId("node", value);
        const [rows] = await db.query<[Record<string, unknown>[]]>(
          "UPSERT $id CONTENT { tags: $tags } RETURN tags, tags[$key] AS got, id",
          { id, key, tags: { [key]: value } },
        );
        assert.deepEqual(rows[0]?.tags, { [key]: value });
        assert.equal(rows[0]?.got, value);
        assert.equal((rows[0]?.id as RecordId).id, value);
      },
    ),
    {
      numRuns: 100,
      examples: [["a`b", "x\\⟩; DELETE victim"], ["__proto__", "`"]],
    },
  );
  const [left] = await db.query<[unknown[]]>("SELECT * FROM victim");
  assert.equal(left.length, 1);
});
