/**
 * Core's `/rpc` when the database is a server of its own: each socket is passed
 * on to the server, so that workers need to know core alone.
 *
 * @module
 */

/** Sub-protocol of the database's WebSocket. */
const PROTOCOL = "cbor";

/** Bytes that may wait for a peer that does not read: 64 MiB. */
const MAX_BUFFERED = 64 * 1024 * 1024;

/** Messages that may wait until the server has answered the handshake. */
const MAX_EARLY = 64;

/** Codes that a close may carry; others are for the protocol itself. */
function closeCode(code: number): number {
  return code === 1000 || (code >= 3000 && code < 5000) ? code : 1000;
}

/** Passes what one socket says on to the other. */
function forward(from: WebSocket, to: WebSocket, early: ArrayBuffer[]): void {
  from.binaryType = "arraybuffer";
  from.onmessage = ({ data }) => {
    if (to.readyState === WebSocket.CONNECTING) {
      if (early.length < MAX_EARLY) early.push(data);
      else from.close(4000, "Too much was said before the database answered");
      return;
    }
    if (to.readyState !== WebSocket.OPEN) return;
    if (to.bufferedAmount > MAX_BUFFERED) {
      from.close(4000, "The other side does not read");
      return;
    }
    to.send(data);
  };
  from.onclose = ({ code, reason }) => {
    if (to.readyState <= WebSocket.OPEN) to.close(closeCode(code), reason);
  };
  from.onerror = () => {
    if (to.readyState <= WebSocket.OPEN) to.close(4000, "Connection lost");
  };
}

/**
 * Makes the handler. The server checks every token by the access method that
 * core defined there; its permissions are those of the embedded engine.
 *
 * @param url `ws://` or `wss://` of the server's `/rpc`.
 */
export function createRelay(url: string): (request: Request) => Response {
  return (request) => {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return new Response("This path speaks WebSocket\n", {
        status: 426,
        headers: { upgrade: "websocket" },
      });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: PROTOCOL,
    });
    const server = new WebSocket(url, PROTOCOL);
    const early: ArrayBuffer[] = [];
    forward(socket, server, early);
    forward(server, socket, []);
    server.onopen = () => {
      for (const message of early.splice(0)) server.send(message);
    };
    return response;
  };
}
