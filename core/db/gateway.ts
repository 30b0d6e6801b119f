/**
 * The door through which other processes reach the embedded engine.
 *
 * @module
 */

import { delay } from "@skymap/lib/lifecycle";
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

/** The door; disposing of it closes every connection (1001, going away). */
export interface Gateway extends AsyncDisposable {
  /** Answers a request for a WebSocket. */
  handle(request: Request): Response;
  /** How much it serves at the moment. */
  readonly load: GatewayLoad;
}

/** How much a gateway serves. */
export interface GatewayLoad {
  /** Connections. */
  readonly sockets: number;
  /** Live queries of all of them. */
  readonly liveQueries: number;
}

/** How long the end waits for calls that are under way. */
const PARTING_MS = 1_000;

function refuse(status: number, reason: string): Response {
  return new Response(`${reason}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

/** Why a request cannot become a connection; undefined when it can. */
function problemOf(request: Request): Response | undefined {
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
  if (offered.includes("cbor")) return;
  return refuse(
    400,
    `Cannot answer: sub-protocol "${offered.join(", ")}" is not spoken here, ` +
      'wanted "cbor"',
  );
}

/**
 * A door that speaks the SurrealDB protocol (sub-protocol `cbor`), so that the
 * stock SDK connects unchanged.
 *
 * The engine takes every session without a user for its owner. So a client gets
 * a session of the engine only together with a checked token of a worker, calls
 * only the methods on a list, and loses the socket with whatever would take the
 * user away again.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const sockets = new Set<GatewaySocket>();
  return {
    get load() {
      let liveQueries = 0;
      for (const socket of sockets) liveQueries += socket.liveQueries;
      return { sockets: sockets.size, liveQueries };
    },
    handle: (request) => {
      const problem = problemOf(request);
      if (problem !== undefined) return problem;
      const { socket, response } = Deno.upgradeWebSocket(request, {
        protocol: "cbor",
      });
      const client = new GatewaySocket(socket, options);
      sockets.add(client);
      void client.ended.then(() => sockets.delete(client));
      return response;
    },
    [Symbol.asyncDispose]: async () => {
      const parting = new AbortController();
      const ended = [...sockets].map((client) => {
        client.goAway();
        return client.ended;
      });
      await Promise.race([
        Promise.all(ended),
        delay(PARTING_MS, parting.signal).catch(() => {}),
      ]);
      parting.abort();
    },
  };
}
