import { deepStrictEqual, match } from "node:assert/strict";
import { manifestOf } from "./manifest.ts";
import { publicationFaults, type PublishedPlugin } from "./publication.ts";

const PUBLISHED: PublishedPlugin = {
  format: 1,
  manifest: manifestOf({
    name: "fruit",
    version: "1.0.0",
    description: "Collects nothing",
    permissions: {},
  }),
  module: "module.js",
  sha256: "0".repeat(64),
  size: 3,
};

Deno.test("publicationFaults() finds nothing in what was packed", () => {
  deepStrictEqual(publicationFaults(PUBLISHED), []);
  deepStrictEqual(
    publicationFaults({
      ...PUBLISHED,
      lock: "lock.json",
      signature: { key: "a", value: "b" },
    }),
    [],
  );
});

const FAULTY: readonly (readonly [unknown, RegExp])[] = [
  [null, /no object/],
  [{ ...PUBLISHED, format: 2 }, /format is 2/],
  [{ ...PUBLISHED, manifest: { protocol: 1 } }, /name is/],
  [{ ...PUBLISHED, module: "" }, /module is no address/],
  [{ ...PUBLISHED, sha256: "0".repeat(63) }, /64 hexadecimal/],
  [{ ...PUBLISHED, sha256: "Z".repeat(64) }, /64 hexadecimal/],
  [{ ...PUBLISHED, size: 1.5 }, /size/],
  [{ ...PUBLISHED, lock: 3 }, /lock/],
  [{ ...PUBLISHED, signature: "x" }, /signature/],
  [{ ...PUBLISHED, signature: { key: "a" } }, /signature/],
];

for (const [value, fault] of FAULTY) {
  Deno.test(`publicationFaults() names ${fault}`, () => {
    match(publicationFaults(value).join("; "), fault);
  });
}
