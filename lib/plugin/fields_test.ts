import { deepStrictEqual } from "node:assert/strict";
import { field, fieldProperties, type Fields, readFields } from "./fields.ts";

const FIELDS: Fields = {
  city: field("string", "place.city", "Where it is"),
  size: { ...field("int64", "size"), ignoreHistory: true, read: Number },
};

Deno.test("fieldProperties() declares the fields, and not where they are", () => {
  deepStrictEqual(fieldProperties(FIELDS), {
    city: { kind: "string", description: "Where it is" },
    size: { kind: "int64", ignoreHistory: true },
  });
});

Deno.test("readFields() reads what is there, and keeps zero and false", () => {
  const more = { name: "a", on: false, none: null, mtime: undefined };
  deepStrictEqual(
    readFields({ size: "0", place: { city: "Bern" } }, FIELDS, more),
    { city: "Bern", size: 0, name: "a", on: false },
  );
});

Deno.test("readFields() leaves out null and empty text, also for read()", () => {
  for (const nothing of [null, ""]) {
    deepStrictEqual(
      readFields({ size: nothing, place: { city: nothing } }, FIELDS),
      {},
      `${nothing}`,
    );
  }
});
