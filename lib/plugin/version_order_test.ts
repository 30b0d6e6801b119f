import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { compareVersions } from "./version_order.ts";

/** In order, from the specification of Semantic Versioning and beyond. */
const ORDERED = [
  "0.0.0",
  "0.0.9",
  "0.0.10",
  "0.9.0",
  "1.0.0-1",
  "1.0.0-2",
  "1.0.0-10",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.0+build",
  "1.0.1",
  "2.0.0",
  "10.0.0",
  "99999999999999999999.0.0",
];

Deno.test("compareVersions() orders as Semantic Versioning does", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(ORDERED, { minLength: ORDERED.length }),
      (shuffled) => {
        deepStrictEqual(shuffled.toSorted(compareVersions), ORDERED);
      },
    ),
  );
});

Deno.test("compareVersions() is an order: what is turned round has the other sign", () => {
  const version = fc.tuple(
    fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    fc.constantFrom("", "-a", "-1", "-a.1", "-a.b", "-0", "-01"),
    fc.constantFrom("", "+x", "+y"),
  ).map(([numbers, pre, build]) => `${numbers.join(".")}${pre}${build}`);
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      deepStrictEqual(
        Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a)),
        0,
        `${a} ${b}`,
      );
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
        ok(compareVersions(a, c) <= 0, `${a} ${b} ${c}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("compareVersions() refuses what is no version", () => {
  for (const text of ["", "1", "1.2", "v1.2.3", "1.2.3-", "latest"]) {
    throws(() => compareVersions(text, "1.0.0"), RangeError, text);
  }
});
