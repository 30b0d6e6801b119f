/**
 * The door through which other processes reach the embedded engine.
 *
 * @module
 */

import type { EmbeddedEngine } from "./embedded.ts";
import { GatewaySocket } from "./gateway_socket.ts";

/** What a gateway serves, to whom, and how much of it. */
export interface GatewayOptions {
  /** The engine behind it. */
  readonly engine: EmbeddedEngine;
  /** The pre-shared key that tokens are checked with. */
  readonly key: string;
  /** Longest message of a client. Default: 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Sessions of one socket. Default: 16. */
  readonly maxSessions?: number;
  /** Calls of one socket that wait for an answer. Default: 1,024. */
  readonly maxPending?: number;
  /** Bytes waiting for a slow reader, who is cut off then. Default: 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** How long a socket may stay without a token. Default: 10,000 ms. */
  readonly signInMs?: number;
}

function refuse(status: number, reason: string): Response {
  return new Response(`${reason}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

/**
 * Answers requests for a WebSocket that speaks the SurrealDB protocol
 * (sub-protocol `cbor`), so that the stock SDK connects unchanged.
 *
 * The engine takes every session without a user for its owner. So a client gets
 * a session of the engine only together with a checked token of a worker, calls
 * only the methods on a list, and loses the socket with whatever would take the
 * user away again.
 */
export function createGateway(
  options: GatewayOptions,
): (request: Request) => Response {
  return function gateway(request) {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      const response = refuse(
        426,
        "Cannot answer: this path speaks WebSocket, wanted an upgrade request",
      );
      response.headers.set("upgrade", "websocket");
      return response;
    }
    const offered = (request.headers.get("sec-websocket-protocol") ?? "")
      .split(",").map((name) => name.trim());
    if (!offered.includes("cbor")) {
      return refuse(
        400,
        `Cannot answer: sub-protocol "${offered.join(", ")}" is not spoken ` +
          'here, wanted "cbor"',
      );
    }
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: "cbor",
    });
    new GatewaySocket(socket, options);
    return response;
  };
}
