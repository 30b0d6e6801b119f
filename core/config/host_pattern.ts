/**
 * Hosts that the configuration opens: names, addresses and networks.
 *
 * @module
 */

import { isIP } from "node:net";

/** A host that may be reached though it lies inside. */
export type HostPattern =
  /** A host by its name; `*.` stands for any host below a domain. */
  | {
    readonly type: "name";
    /** In small letters, without `*.`. */
    readonly name: string;
    /** Whether hosts below it are meant, and not itself. */
    readonly isDomain: boolean;
    /** Default: any. */
    readonly port?: number;
  }
  /** Hosts by their addresses. */
  | {
    readonly type: "network";
    readonly version: 4 | 6;
    readonly address: string;
    /** Bits of `address` that count. */
    readonly bits: number;
    /** Default: any. */
    readonly port?: number;
  };

const LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";
const NAME = new RegExp(`^(\\*\\.)?(${LABEL}(?:\\.${LABEL})*)$`);

/** An address, or a network if it says how many bits count. */
function parseNetwork(text: string, port?: number): HostPattern | undefined {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version !== 4 && version !== 6) return;
  const all = version === 4 ? 32 : 128;
  const count = bits === undefined ? all : Number(bits);
  if (count > all || address.includes("%")) return;
  return {
    type: "network",
    version,
    address,
    bits: count,
    ...(port !== undefined && { port }),
  };
}

/**
 * Reads a name, `*.` and a domain, or an address, each with or without `:port`, or
 * a network such as `10.0.0.0/8`; undefined when it is none of these.
 */
export function parseHostPattern(text: string): HostPattern | undefined {
  const whole = parseNetwork(text);
  if (whole !== undefined) return whole;
  const [, bracketed, plain = "", digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && (port < 1 || port > 65_535)) return;
  if (bracketed !== undefined) {
    return isIP(bracketed) === 6 ? parseNetwork(bracketed, port) : undefined;
  }
  if (isIP(plain) === 4) return parseNetwork(plain, port);
  const [, any, name] = NAME.exec(plain.toLowerCase()) ?? [];
  // What looks like an address in another spelling is no name.
  if (name === undefined || /^[\d.]+$|^0x/.test(name)) return;
  return {
    type: "name",
    name,
    isDomain: any !== undefined,
    ...(port !== undefined && { port }),
  };
}
