/**
 * The socket that the API is served on.
 *
 * @module
 */

import { messageOf, SkymapError } from "@skymap/lib/errors";

/**
 * Serves until {@linkcode Deno.HttpServer.shutdown}, which lets requests end.
 *
 * @throws {SkymapError} `port_in_use`; `config_invalid`, if it is no address
 * of this machine.
 */
export function serve(
  address: { readonly host: string; readonly port: number },
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  const { host, port } = address;
  try {
    return Deno.serve({ hostname: host, port, onListen() {} }, handler);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) {
      throw new SkymapError(
        "config_invalid",
        `Cannot listen on ${host}:${port}: ${messageOf(cause)}`,
        { cause },
      );
    }
    throw new SkymapError(
      "port_in_use",
      `Cannot listen on ${host}:${port}: another process does; ` +
        `stop it, or name another port with --port`,
      { cause },
    );
  }
}
