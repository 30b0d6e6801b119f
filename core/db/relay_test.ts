import { strictEqual } from "node:assert/strict";
import { createRelay } from "./relay.ts";

/** Serves sockets on a free port until the test ends. */
function serveSockets(handler: (request: Request) => Response) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    handler,
  );
  return { server, url: `ws://127.0.0.1:${server.addr.port}/rpc` };
}

/** Opens a socket and gives its messages one by one. */
async function open(url: string) {
  const socket = new WebSocket(url, "cbor");
  socket.binaryType = "arraybuffer";
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  await new Promise((resolve) => socket.onopen = resolve);
  const next = () =>
    new Promise<string>((resolve) =>
      socket.onmessage = ({ data }) => resolve(new TextDecoder().decode(data))
    );
  const send = (text: string) => socket.send(new TextEncoder().encode(text));
  return { socket, closed, next, send };
}

Deno.test("createRelay() passes both sides on and closes both", async () => {
  let upstream: WebSocket | undefined;
  const database = serveSockets((request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      protocol: "cbor",
    });
    upstream = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      const text = new TextDecoder().decode(data);
      socket.send(new TextEncoder().encode(`answer to ${text}`));
    };
    return response;
  });
  const core = serveSockets(createRelay(database.url));
  const client = await open(core.url);
  const first = client.next();
  // Said before the relay's own connection stands: it must not be lost.
  client.send("early");
  strictEqual(await first, "answer to early");
  const second = client.next();
  client.send("late");
  strictEqual(await second, "answer to late");
  upstream?.close(4001, "Token expired");
  strictEqual((await client.closed).code, 4001);
  await core.server.shutdown();
  await database.server.shutdown();
});

Deno.test("createRelay() closes the socket when there is no database", async () => {
  const core = serveSockets(createRelay("ws://127.0.0.1:9/rpc"));
  const client = await open(core.url);
  strictEqual((await client.closed).code, 4000);
  await core.server.shutdown();
});

Deno.test("createRelay() wants a WebSocket", () => {
  const response = createRelay("ws://127.0.0.1:9")(
    new Request("http://127.0.0.1/rpc"),
  );
  strictEqual(response.status, 426);
});
