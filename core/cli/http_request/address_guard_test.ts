import { strictEqual } from "node:assert/strict";
import { parseHostPattern } from "../../config/host_pattern.ts";
import { AddressGuard, isPublicAddress } from "./address_guard.ts";

function guard(...texts: readonly string[]): AddressGuard {
  return new AddressGuard(
    texts.map((text) => {
      const pattern = parseHostPattern(text);
      if (pattern === undefined) throw new Error(`no pattern: ${text}`);
      return pattern;
    }),
  );
}

Deno.test("isPublicAddress() knows what lies on the internet", () => {
  for (
    const address of [
      "1.1.1.1",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "192.169.0.0",
      "223.255.255.255",
      "::ffff:1.1.1.1",
      "::ffff:101:101",
      "2606:4700:4700::1111",
      "2a00:1450::1",
    ]
  ) strictEqual(isPublicAddress(address), true, address);
});

Deno.test("isPublicAddress() knows what lies inside, in every spelling", () => {
  for (
    const address of [
      "0.0.0.0",
      "10.0.0.1",
      "100.64.0.1",
      "100.100.100.200",
      "127.0.0.1",
      "127.255.255.254",
      "168.63.129.16",
      "169.254.169.254",
      "169.254.170.2",
      "172.16.0.1",
      "172.31.255.255",
      "192.0.0.192",
      "192.168.1.1",
      "198.18.0.1",
      "224.0.0.1",
      "239.255.255.250",
      "255.255.255.255",
      "::",
      "::1",
      "::127.0.0.1",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "0:0:0:0:0:ffff:a9fe:a9fe",
      "::ffff:0:127.0.0.1",
      "64:ff9b::a00:1",
      "64:ff9b:1::a00:1",
      "2001::1",
      "2001:db8::1",
      "2002:7f00:1::",
      "fc00::1",
      "fd00:ec2::254",
      "fe80::1",
      "fe80::1%eth0",
      "2606:4700::1%eth0",
      "fec0::1",
      "ff02::1",
      "no address",
      "",
    ]
  ) strictEqual(isPublicAddress(address), false, address);
});

Deno.test("AddressGuard lets in what its patterns name, and their ports alone", () => {
  const some = guard("10.0.0.0/8", "192.168.1.2:9093", "fd00::/8");
  for (
    const [address, port, isAllowed] of [
      ["10.9.9.9", 1234, true],
      ["::ffff:10.9.9.9", 1234, true],
      ["192.168.1.2", 9093, true],
      ["192.168.1.2", 80, false],
      ["192.168.1.3", 9093, false],
      ["fd12::1", 443, true],
      ["fe80::1", 443, false],
      ["127.0.0.1", 80, false],
      ["1.1.1.1", 80, true],
    ] as const
  ) {
    strictEqual(
      some.isAllowedAddress(address, port),
      isAllowed,
      `${address} ${port}`,
    );
  }
});

Deno.test("AddressGuard takes a name as it is written, and no other", () => {
  const some = guard("localhost:8080", "*.corp.internal");
  for (
    const [name, port, isAllowed] of [
      ["localhost", 8080, true],
      ["LOCALHOST.", 8080, true],
      ["localhost", 80, false],
      ["a.corp.internal", 1, true],
      ["a.b.corp.internal", 1, true],
      ["corp.internal", 1, false],
      ["evilcorp.internal", 1, false],
      ["localhost.evil.example", 8080, false],
    ] as const
  ) strictEqual(some.isAllowedName(name, port), isAllowed, `${name} ${port}`);
});

Deno.test("AddressGuard lets in everything when all networks are named", () => {
  const all = guard("0.0.0.0/0", "::/0");
  for (const address of ["127.0.0.1", "10.0.0.1", "::1", "fe80::1"]) {
    strictEqual(all.isAllowedAddress(address, 80), true, address);
  }
});
