import assert from "node:assert/strict";
import fc from "fast-check";
import { CborCodec, Duration, RecordId, Table, Uuid } from "surrealdb";
import { FastCodec } from "./fast_codec.ts";

const options = { useNativeDates: true };
const fast = new FastCodec(options);
const stock = new CborCodec(options);

function assertSame(value: unknown): void {
  assert.deepEqual(
    new Uint8Array(fast.encode(value)),
    new Uint8Array(stock.encode(value)),
  );
}

Deno.test("FastCodec.encode() writes what the SDK writes", () => {
  fc.assert(fc.property(
    fc.anything({
      maxDepth: 4,
      withNullPrototype: false,
      withObjectString: true,
      values: [
        fc.string({ unit: "binary", maxLength: 80 }),
        fc.maxSafeInteger(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
      ],
    }).filter((value) => {
      const big = (part: unknown): boolean =>
        typeof part === "number"
          ? Number.isInteger(part) && !Number.isSafeInteger(part)
          : typeof part === "object" && part !== null &&
            Object.values(part).some(big);
      return !big(value);
    }),
    assertSame,
  ));
});

Deno.test("FastCodec.encode() writes the SDK's own values", () => {
  const values = [
    new RecordId("node", "abc"),
    new RecordId("edge", ["a", "b", 5]),
    new Uuid("018f6e2e-6d0b-7000-8000-000000000000"),
    new Duration("5m"),
    new Table("t"),
    new Date(0),
    5n,
    new Uint8Array([1, 2, 3]),
    new Map([["a", 1]]),
    new Set([1, "x"]),
  ];
  for (const value of values) assertSame(value);
  assertSame({ values, nested: [{ values }] });
});

Deno.test("FastCodec.encode() writes texts of any length", () => {
  for (const unit of ["x", "ä", "😀"]) {
    for (const length of [0, 1, 23, 24, 47, 48, 49, 255, 256, 65_535, 65_536]) {
      assertSame(unit.repeat(length));
    }
  }
});

Deno.test("FastCodec.encode() writes large integers as floats", () => {
  const { value } = fast.decode<{ value: number }>(
    fast.encode({ value: 1e21 }),
  );
  assert.equal(value, 1e21);
});
