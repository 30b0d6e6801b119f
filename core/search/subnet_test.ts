import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { isInSubnet, parseSubnet, subnetSql } from "./subnet.ts";

Deno.test("parseSubnet() reads networks of both versions and nothing else", () => {
  deepStrictEqual(parseSubnet("10.1.2.3/8"), {
    version: 4,
    first: 10 * 2 ** 24,
    last: 11 * 2 ** 24 - 1,
  });
  deepStrictEqual(parseSubnet("2001:db8::1/32"), {
    version: 6,
    first: "20010db8000000000000000000000000",
    last: "20010db8ffffffffffffffffffffffff",
  });
  strictEqual(parseSubnet("0.0.0.0/0")?.last, 2 ** 32 - 1);
  for (
    const text of [
      "",
      "10.0.0.0",
      "10.0.0.0/33",
      "10.0.0.0/x",
      "10.0.0/8",
      "10.0.0.256/8",
      "::/129",
      "1::2::3/8",
      ":::/8",
      "12345::/8",
      "1:2:3:4:5:6:7:8:9/8",
      "10.0.0.0/8/8",
    ]
  ) strictEqual(parseSubnet(text), undefined, text);
});

const group = fc.nat(0xffff).map((value) => value.toString(16));
const octets = fc.tuple(fc.nat(260), fc.nat(260), fc.nat(260), fc.nat(260))
  .map((parts) => parts.join("."));
const address = fc.oneof(
  octets,
  fc.array(group, { minLength: 8, maxLength: 8 }).map((parts) =>
    parts.join(":")
  ),
  fc.tuple(
    fc.array(group, { maxLength: 5 }),
    fc.array(group, { maxLength: 5 }),
  ).map(([head, tail]) => `${head.join(":")}::${tail.join(":")}`),
  octets.map((tail) => `::ffff:${tail}`),
  fc.constantFrom(
    "",
    "::",
    ":::",
    ":.",
    "::1.2.3",
    "1:2",
    "::1::",
    "10.0.0.1/8",
    "1.2.3.+4",
  ),
  fc.string({ unit: fc.constantFrom(..."01af:.G"), maxLength: 20 }),
);

Deno.test("subnetSql() agrees with isInSubnet() on addresses and other texts", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const subnets = [
    "10.0.0.0/8",
    "128.0.0.0/1",
    "0.0.0.0/0",
    "::/0",
    "::ffff:0:0/96",
    "8000::/1",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...subnets),
      fc.array(address, { minLength: 30, maxLength: 30, size: "max" }),
      async (text, addresses) => {
        const subnet = parseSubnet(text);
        if (subnet === undefined) throw new Error(text);
        const parameters: (string | number | readonly string[])[] = [addresses];
        const sql = subnetSql("a", subnet, (value) => {
          parameters.push(value);
          return `$${parameters.length}`;
        });
        const rows = await reader.rows({
          sql:
            `select a, (${sql}) is true from (select unnest($1::varchar[]) as a)`,
          parameters,
        });
        deepStrictEqual(
          rows,
          addresses.map((each) => [each, isInSubnet(each, subnet)]),
        );
      },
    ),
    { numRuns: 15 },
  );
});
