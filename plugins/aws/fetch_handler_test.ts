import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { FetchHandler, type SdkRequest } from "./fetch_handler.ts";

/** Sends a request to a server of our own; tells what came of it. */
async function send(
  request: Partial<SdkRequest>,
  answer: (request: Request) => Response | Promise<Response>,
) {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    answer,
  );
  using handler = new FetchHandler();
  const { response } = await handler.handle({
    protocol: "http:",
    hostname: "127.0.0.1",
    port: server.addr.port,
    method: "GET",
    path: "/",
    headers: {},
    ...request,
  });
  return { ...response, text: await new Response(response.body).text() };
}

Deno.test("FetchHandler sends what was signed", async () => {
  const { text, byteLength } = await send({
    method: "POST",
    path: "/a%20b/c",
    query: { z: "1 (2)", list: ["x", "y"], flag: null },
    headers: { "x-amz-date": "now", host: "elsewhere", "content-length": "3" },
    body: "abc",
  }, async (request) => {
    const { pathname, search } = new URL(request.url);
    return new Response(
      [
        request.method,
        pathname + search,
        request.headers.get("x-amz-date"),
        request.headers.get("content-length"),
        await request.text(),
      ].join("|"),
    );
  });
  strictEqual(text, "POST|/a%20b/c?flag&list=x&list=y&z=1%20%282%29|now|3|abc");
  strictEqual(byteLength, text.length);
});

Deno.test("FetchHandler follows no redirect: the SDK does", async () => {
  const { statusCode, headers } = await send(
    {},
    () =>
      new Response("", {
        status: 301,
        headers: { location: "http://x.test/" },
      }),
  );
  deepStrictEqual([statusCode, headers["location"]], [301, "http://x.test/"]);
});

Deno.test("FetchHandler gives what breaks the code that systems have for it", async () => {
  using handler = new FetchHandler();
  const request = (port: number, hostname = "127.0.0.1") =>
    handler.handle({
      protocol: "http:",
      hostname,
      port,
      method: "GET",
      path: "/",
      headers: {},
    });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const cut = request(port);
  const connection = await listener.accept();
  connection.close();
  await rejects(cut, { code: "ECONNRESET" });
  listener.close();
  await rejects(request(port), { code: "ECONNREFUSED" });
  // Who answers for names may be out of reach, too.
  await rejects(
    request(port, "no-such-host.invalid"),
    ({ code }) => code === "ENOTFOUND" || code === "EAI_AGAIN",
  );
});

Deno.test("FetchHandler ends with its signal", async () => {
  const abort = new AbortController();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using handler = new FetchHandler();
  const sent = handler.handle({
    protocol: "http:",
    hostname: "127.0.0.1",
    port: (listener.addr as Deno.NetAddr).port,
    method: "GET",
    path: "/",
    headers: {},
  }, { abortSignal: abort.signal });
  const connection = await listener.accept();
  abort.abort(new RangeError("enough"));
  await rejects(sent, { name: "RangeError", message: "enough" });
  connection.close();
  listener.close();
});
