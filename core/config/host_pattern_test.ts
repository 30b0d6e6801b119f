import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseHostPattern } from "./host_pattern.ts";

Deno.test("parseHostPattern() reads names, addresses and networks", () => {
  const cases = {
    "localhost": { type: "name", name: "localhost", isDomain: false },
    "Alerts.Internal:9093": {
      type: "name",
      name: "alerts.internal",
      isDomain: false,
      port: 9093,
    },
    "*.internal": { type: "name", name: "internal", isDomain: true },
    "10.1.2.3": { type: "network", version: 4, address: "10.1.2.3", bits: 32 },
    "10.1.2.3:80": {
      type: "network",
      version: 4,
      address: "10.1.2.3",
      bits: 32,
      port: 80,
    },
    "10.0.0.0/8": {
      type: "network",
      version: 4,
      address: "10.0.0.0",
      bits: 8,
    },
    "::1": { type: "network", version: 6, address: "::1", bits: 128 },
    "[::1]:8080": {
      type: "network",
      version: 6,
      address: "::1",
      bits: 128,
      port: 8080,
    },
    "fd00::/8": { type: "network", version: 6, address: "fd00::", bits: 8 },
  };
  for (const [text, pattern] of Object.entries(cases)) {
    deepStrictEqual(parseHostPattern(text), pattern, text);
  }
});

Deno.test("parseHostPattern() takes nothing that could mean more than it says", () => {
  for (
    const text of [
      "",
      "*",
      "*.",
      "*:80",
      "a.*",
      "10.0.0.0/33",
      "fd00::/129",
      "127.1",
      "2130706433",
      "0x7f000001",
      "localhost:0",
      "localhost:65536",
      "http://localhost",
      "localhost/8",
      "user@localhost",
      "fe80::1%eth0",
      "[10.0.0.1]",
      "-a",
      "a b",
    ]
  ) strictEqual(parseHostPattern(text), undefined, text);
});
