import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { coversPermission, type PermissionName } from "./permission_cover.ts";

const CASES: readonly (readonly [PermissionName, string, string, boolean])[] = [
  ["net", "*.x.y:443", "x.y:443", true],
  ["net", "*.x.y:443", "a.x.y:443", true],
  ["net", "*.x.y:443", "b.a.x.y:443", true],
  ["net", "*.x.y:443", "*.a.x.y:443", true],
  ["net", "*.x.y:443", "*.x.y:443", true],
  ["net", "*.x.y:443", "*.x.y", false],
  ["net", "*.x.y:443", "a.x.y:80", false],
  ["net", "*.x.y:443", "ax.y:443", false],
  ["net", "*.x.y:443", "x.y.evil.z:443", false],
  ["net", "*.a.x.y:443", "*.x.y:443", false],
  ["net", "*.x.y", "a.x.y:8443", true],
  ["net", "x.y", "x.y:443", true],
  ["net", "x.y:443", "x.y", false],
  ["net", "x.y", "*.x.y", false],
  ["net", "API.x.y", "api.x.y:1", true],
  ["net", "[::1]:80", "[::1]:80", true],
  ["net", "[::1]", "[::1]:80", true],
  ["net", "[::1]:80", "[::1]", false],
  ["env", "AWS_*", "AWS_REGION", true],
  ["env", "AWS_*", "AWS_S*", true],
  ["env", "AWS_S*", "AWS_*", false],
  ["env", "AWS", "AWS_REGION", false],
  ["env", "HOME", "HOME", true],
  ["read", "/etc", "/etc/ssl", true],
  ["read", "/etc/", "/etc", true],
  ["read", "/etc", "/etcetera", false],
  ["read", "/etc/ssl", "/etc", false],
  ["read", "~/.aws", "~/.aws/config", true],
  ["read", "/home/me", "~/.aws", false],
  ["sys", "osRelease", "osRelease", true],
  ["sys", "osRelease", "hostname", false],
  ["graph", "clean", "clean", true],
  ["graph", "clean", "tag", false],
];

for (const [name, cap, wanted, expected] of CASES) {
  Deno.test(`coversPermission() says ${expected} of ${name} "${cap}" over "${wanted}"`, () => {
    strictEqual(coversPermission(name, cap, wanted), expected);
  });
}

const label = fc.stringMatching(/^[a-z]{1,3}$/);
const pattern = fc.tuple(
  fc.boolean(),
  fc.array(label, { minLength: 2, maxLength: 4 }),
  fc.constantFrom("", ":80", ":443"),
).map(([wild, labels, port]) =>
  `${wild ? "*." : ""}${labels.join(".")}${port}`
);
const address = fc.tuple(
  fc.array(label, { minLength: 2, maxLength: 5 }),
  fc.constantFrom(80, 443, 8080),
).map(([labels, port]) => `${labels.join(".")}:${port}`);

Deno.test("coversPermission() never covers more than its cap does", () => {
  fc.assert(
    fc.property(pattern, pattern, address, (cap, wanted, reached) => {
      if (
        coversPermission("net", cap, wanted) &&
        coversPermission("net", wanted, reached)
      ) {
        ok(
          coversPermission("net", cap, reached),
          `${cap} ${wanted} ${reached}`,
        );
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("coversPermission() covers the pattern itself", () => {
  fc.assert(
    fc.property(pattern, (one) => ok(coversPermission("net", one, one))),
  );
});
