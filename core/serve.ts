/**
 * The socket that the API is served on.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/**
 * Serves until {@linkcode Deno.HttpServer.shutdown}, which lets requests end.
 *
 * @throws {SkymapError} `port_in_use`
 */
export function serve(
  address: { readonly host: string; readonly port: number },
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  const { host, port } = address;
  try {
    return Deno.serve({ hostname: host, port, onListen() {} }, handler);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    throw new SkymapError(
      "port_in_use",
      `Cannot listen on ${host}:${port}: another process does; ` +
        `stop it, or name another port with --port`,
      { cause },
    );
  }
}
