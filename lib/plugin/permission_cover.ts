/**
 * Whether one permission contains another.
 *
 * @module
 */

/** Names of the permissions that a plugin may have. */
export const PERMISSION_NAMES = ["net", "env", "read", "sys", "graph"] as const;

/** Name of a permission that a plugin may have. */
export type PermissionName = (typeof PERMISSION_NAMES)[number];

interface HostPattern {
  /** Without the star of a wildcard. */
  readonly host: string;
  /** Whether every name below the host is meant too. */
  readonly isWildcard: boolean;
  /** Empty for every port. */
  readonly port: string;
}

function parseHost(pattern: string): HostPattern {
  const [, before = "", port = ""] = /^(.*?)(?::(\d+))?$/.exec(
    // Colons of an IPv6 address stand in brackets.
    pattern.toLowerCase(),
  ) ?? [];
  const isWildcard = before.startsWith("*.");
  return { host: isWildcard ? before.slice(2) : before, isWildcard, port };
}

/** As Deno does: `*.x.y` is `x.y` too, and what is any number of names below. */
function coversHost(cap: string, wanted: string): boolean {
  const one = parseHost(cap);
  const other = parseHost(wanted);
  if (one.port !== "" && one.port !== other.port) return false;
  if (!one.isWildcard) return !other.isWildcard && one.host === other.host;
  return one.host === other.host || other.host.endsWith(`.${one.host}`);
}

function coversName(cap: string, wanted: string): boolean {
  return cap.endsWith("*")
    ? wanted.startsWith(cap.slice(0, -1))
    : cap === wanted;
}

function coversPath(cap: string, wanted: string): boolean {
  const folder = cap.replace(/\/+$/, "");
  return wanted === cap || wanted === folder ||
    wanted.startsWith(`${folder}/`);
}

/**
 * Whether everything that `wanted` opens is opened by `cap` too. Both are as in
 * a permission request: a host, a name of the environment, a path, a fact or
 * a right to the graph.
 * A path below `~/` and one that begins with `/` are never the same.
 */
export function coversPermission(
  name: PermissionName,
  cap: string,
  wanted: string,
): boolean {
  switch (name) {
    case "net":
      return coversHost(cap, wanted);
    case "env":
      return coversName(cap, wanted);
    case "read":
      return coversPath(cap, wanted);
    case "sys":
    case "graph":
      return cap === wanted;
  }
}
