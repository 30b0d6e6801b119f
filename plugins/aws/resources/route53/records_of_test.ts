import { deepStrictEqual } from "node:assert/strict";
import { recordsOf } from "./records_of.ts";

function valueOf(Type: string, Value: string): unknown {
  const { Records } = recordsOf({
    ResourceRecordSets: [{
      Name: "a.",
      Type,
      TTL: 60,
      ResourceRecords: [{ Value }],
    }],
  });
  const [
    {
      Name: _,
      Type: _type,
      TTL: _ttl,
      SetIdentifier: _set,
      Value: _v,
      ...parts
    },
  ] = Records as [Record<string, unknown>];
  return parts;
}

const CASES: readonly [string, string, unknown][] = [
  ["A", "192.0.2.1", { Data: "192.0.2.1" }],
  ["TXT", '"v=spf1 -all"', { Data: '"v=spf1 -all"' }],
  ["MX", "10 mail.example.com", { Priority: "10", Data: "mail.example.com" }],
  ["SRV", "1 2 443 web.example.com", {
    Priority: "1",
    Weight: "2",
    Port: "443",
    Data: "web.example.com",
  }],
  ["CAA", '0 issue "example.com; a=b"', {
    Flags: "0",
    Tag: "issue",
    Data: '"example.com; a=b"',
  }],
  ["SOA", "ns.example. admin.example. 1 7200 900 1209600 86400", {
    Mname: "ns.example.",
    Rname: "admin.example.",
    Serial: "1",
    Refresh: "7200",
    Retry: "900",
    Expire: "1209600",
    Minimum: "86400",
  }],
  ["MX", "mail.example.com", { Data: "mail.example.com" }],
];

for (const [type, value, expected] of CASES) {
  Deno.test(`recordsOf() reads ${type} ${value}`, () => {
    deepStrictEqual(valueOf(type, value), expected);
  });
}

Deno.test("recordsOf() gives none of a set that stands for a resource", () => {
  deepStrictEqual(
    recordsOf({ ResourceRecordSets: [{ Name: "a.", Type: "A" }] })["Records"],
    [],
  );
});

Deno.test("recordsOf() makes no list of an answer without sets", () => {
  deepStrictEqual(recordsOf({}), {});
});
