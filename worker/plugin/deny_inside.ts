import type { GrantedPermissions } from "@skymap/lib/plugin_host";

/** Addresses that are this machine's own, or its cloud's secrets. */
interface Inside {
  /** As Deno's `--deny-net` takes them. */
  readonly addresses: readonly string[];
  /** Whether a host is named that lies there. */
  readonly names: RegExp;
}

const INSIDE: readonly Inside[] = [
  {
    addresses: [
      "127.0.0.0/8",
      "0.0.0.0/8",
      "[::1]",
      "[::]",
      "[::ffff:127.0.0.1]",
    ],
    names: /^(127\.|0\.|(.*\.)?localhost\.?$|\[::1?\]|\[::ffff:(127\.|7f))/i,
  },
  {
    // Link-local: where clouds hand their credentials to a machine.
    addresses: [
      "169.254.0.0/16",
      "[fd00:ec2::254]",
      "[::ffff:169.254.169.254]",
    ],
    names: /^(169\.254\.|\[fd00:ec2::254\]|\[::ffff:(169\.254\.|a9fe))/i,
  },
];

/** The host of a URL; a proxy may be written without its scheme. */
function hostOf(address: string): string {
  const url = address.includes("://") ? address : `http://${address}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}

/**
 * Deno's flags that keep names from leading inside: a granted name whose
 * address turns out to be this machine's own, or that of its cloud's metadata,
 * is refused, unless the grant names a host that lies there. So no answer of a
 * name server opens what nobody approved. A proxy of the worker's is no inside.
 */
export function denyInside(
  { net }: Pick<GrantedPermissions, "net">,
  proxies: readonly string[],
): string[] {
  if (net.length === 0) return [];
  const named = [
    ...net.map((pattern) => pattern.replace(/:\d+$/, "")),
    ...proxies.map(hostOf),
  ];
  const denied = INSIDE.filter(({ names }) =>
    !named.some((host) => names.test(host))
  ).flatMap(({ addresses }) => addresses);
  return denied.length === 0 ? [] : [`--deny-net=${denied.join(",")}`];
}
