/**
 * Which addresses a request may go to.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";
import type { HostPattern } from "../../config/host_pattern.ts";

/**
 * Networks of version 4 that are no one's place on the internet: this machine,
 * private, link-local (where clouds hand out credentials), carrier NAT, tests,
 * multicast, reserved. After the special-purpose registry of IANA, with the
 * address at which Azure talks to its machines.
 */
export const INSIDE_V4: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Of version 6 all is inside but for this network, less those below. */
const OUTSIDE_V6 = "2000::/3";

/** Protocol assignments, documentation, and what carries a version 4 address. */
const INSIDE_V6: readonly string[] = [
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
];

function listOf(networks: readonly string[], version: 4 | 6): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), `ipv${version}`);
  }
  return list;
}

const INSIDE = listOf(INSIDE_V4, 4);
const OUTSIDE = listOf([OUTSIDE_V6], 6);
const INSIDE_SIX = listOf(INSIDE_V6, 6);
const MAPPED = listOf(["::ffff:0:0/96"], 6);

/** Whether an address lies on the internet, where everybody can reach it. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  // A zone, as in fe80::1%eth0, belongs to an address that is inside.
  if (version === 0 || address.includes("%")) return false;
  if (version === 4) return !INSIDE.check(address, "ipv4");
  // It is a version 4 address in another spelling; the list knows that.
  if (MAPPED.check(address, "ipv6")) return !INSIDE.check(address, "ipv6");
  return OUTSIDE.check(address, "ipv6") && !INSIDE_SIX.check(address, "ipv6");
}

/** Decides which hosts and addresses a request may go to. */
export class AddressGuard {
  readonly #patterns: readonly HostPattern[];
  readonly #networks = new Map<HostPattern, BlockList>();

  /** Makes a guard that lets nothing inside but what the patterns name. */
  constructor(allowed: readonly HostPattern[]) {
    this.#patterns = allowed;
    for (const pattern of allowed) {
      if (pattern.type !== "network") continue;
      const { address, bits, version } = pattern;
      this.#networks.set(pattern, listOf([`${address}/${bits}`], version));
    }
  }

  /** Whether a host may be reached wherever it lies. */
  isAllowedName(host: string, port: number): boolean {
    const name = host.toLowerCase().replace(/\.$/, "");
    return this.#patterns.some((pattern) =>
      pattern.type === "name" && (pattern.port ?? port) === port &&
      (pattern.isDomain
        ? name.endsWith(`.${pattern.name}`)
        : name === pattern.name)
    );
  }

  /** Whether an address may be reached. */
  isAllowedAddress(address: string, port: number): boolean {
    if (isPublicAddress(address)) return true;
    const version = isIP(address);
    return version !== 0 &&
      this.#patterns.some((pattern) =>
        pattern.type === "network" && (pattern.port ?? port) === port &&
        this.#networks.get(pattern)?.check(address, `ipv${version as 4 | 6}`)
      );
  }
}
