/**
 * A stand-in for a SurrealDB server.
 *
 * @module
 */

import { pump } from "@skymap/lib/db";
import { isObject } from "@skymap/lib/json";
import { CborCodec, Uuid } from "surrealdb";
import type { EmbeddedEngine } from "./embedded.ts";
import { readCall, type RpcCall, rpcError } from "./rpc.ts";

const codec = new CborCodec({});

/**
 * Serves an engine as a server does, with every method; unlike one it takes
 * those who did not sign in for owners. For tests only.
 */
export function serveEngine(
  engine: EmbeddedEngine,
  request: Request,
): Response {
  const { socket, response } = Deno.upgradeWebSocket(request, {
    protocol: "cbor",
  });
  socket.binaryType = "arraybuffer";
  const root = Uuid.v4();
  const attached = engine.send({ method: "attach", session: root });
  const send = (message: unknown) => {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(codec.encode(message).slice());
    }
  };
  const follow = (id: Uuid) =>
    pump(
      engine.liveQuery(id),
      ({ action, recordId: record, value }) =>
        send({ result: { id, action, record, result: value } }),
    );
  const carryOut = async ({ method, params, session }: RpcCall) => {
    if (method === "version") return engine.version();
    await attached;
    const result = await engine.send({
      method,
      params,
      session: session ?? root,
    });
    for (const answer of Array.isArray(result) ? result : []) {
      if (isObject(answer) && answer.type === "live") {
        follow(answer.result as Uuid);
      }
    }
    return result;
  };
  socket.onmessage = async ({ data }) => {
    const call = readCall(codec.decode(new Uint8Array(data)));
    if (call === undefined) return socket.close();
    try {
      send({ id: call.id, result: await carryOut(call) });
    } catch (error) {
      send({ id: call.id, error: rpcError(error) });
    }
  };
  socket.onclose = () => {
    engine.send({ method: "detach", session: root }).catch(() => {});
  };
  return response;
}
