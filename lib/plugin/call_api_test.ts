import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { callApi, type CallOptions } from "./call_api.ts";
import { type Again, CallError } from "./call_error.ts";
import { TokenBucket } from "./token_bucket.ts";

/** A server on a free port. */
function serve(
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
}

function origin({ addr }: Deno.HttpServer<Deno.NetAddr>): string {
  return `http://127.0.0.1:${addr.port}`;
}

/** A call that is refused each time, and how long it paused. */
async function refused(
  again: Again | undefined,
  options: CallOptions = {},
): Promise<{ readonly error: unknown; readonly pauses: readonly number[] }> {
  await using server = serve(() => new Response("no"));
  const pauses: number[] = [];
  const error = await callApi(origin(server), () => {
    throw new CallError("it", { code: "refused", again });
  }, {
    sleep: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    ...options,
  }).then(() => undefined, (thrown) => thrown);
  return { error, pauses };
}

Deno.test("callApi() reads until what was read is good", async () => {
  const bodies = ["busy", "busy", "done"];
  await using server = serve(() => new Response(bodies.shift() ?? ""));
  const text = await callApi(origin(server), async (answer) => {
    const body = await answer.text();
    if (body !== "busy") return body;
    throw new CallError("it", { code: "busy", again: "soon" });
  }, { sleep: () => Promise.resolve() });
  strictEqual(text, "done");
});

Deno.test("callApi() waits as an error wants it, and no longer than it may", async () => {
  const told = await refused(30_000, { attempts: 3 });
  deepStrictEqual(told.pauses, [30_000, 30_000]);
  strictEqual((told.error as CallError).code, "refused");
  const growing = await refused((tries) => tries * 20_000);
  deepStrictEqual(growing.pauses, [20_000, 40_000, 60_000]);
  deepStrictEqual((await refused(60_001)).pauses, []);
  deepStrictEqual((await refused(undefined)).pauses, []);
  const soon = await refused("soon", { attempts: 6, maxRetryAfterMs: 1_000 });
  strictEqual(soon.pauses.length, 5);
  ok(soon.pauses.every((pause) => pause >= 250 && pause <= 1_000));
});

Deno.test("callApi() does not try again what read() did wrong", async () => {
  let asked = 0;
  await using server = serve(() => new Response(`${++asked}`));
  await rejects(
    callApi(origin(server), () => {
      throw new TypeError("no such method");
    }),
    { name: "TypeError", message: "no such method" },
  );
  strictEqual(asked, 1);
});

Deno.test("callApi() gives a try no more than its time, and the next one as much", async () => {
  const open: PromiseWithResolvers<Response>[] = [];
  await using server = serve(() => {
    const answer = Promise.withResolvers<Response>();
    open.push(answer);
    return answer.promise;
  });
  await rejects(
    callApi(`${origin(server)}/x?token=secret`, () => "never", {
      attempts: 2,
      timeoutMs: 20,
      sleep: () => Promise.resolve(),
    }),
    {
      code: "timed_out",
      message: `Cannot call GET ${
        origin(server)
      }/x: timed_out: no answer within 20 ms`,
    },
  );
  strictEqual(open.length, 2);
  for (const { resolve } of open) resolve(new Response());
});

Deno.test("callApi() takes half an answer for a connection that failed", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const cut = (async () => {
    for (let at = 0; at < 2; at++) {
      const connection = await listener.accept();
      await connection.read(new Uint8Array(4_096));
      await connection.write(
        new TextEncoder().encode(
          "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf",
        ),
      );
      connection.close();
    }
  })();
  await rejects(
    callApi(`http://127.0.0.1:${port}/`, (answer) => answer.text(), {
      name: "the half",
      attempts: 2,
      sleep: () => Promise.resolve(),
    }),
    { code: "connection_failed", message: /^Cannot call the half: / },
  );
  await cut;
});

Deno.test("callApi() throws the reason of an abort, in a try and between two", async () => {
  const controller = new AbortController();
  await using server = serve(() => {
    controller.abort(new Error("enough"));
    return new Response(null, { status: 500 });
  });
  const { signal } = controller;
  await rejects(callApi(origin(server), () => "", { signal }), /enough/);
  const between = new AbortController();
  const { error } = await refused("soon", {
    signal: between.signal,
    sleep: (_, signal) => {
      between.abort(new Error("stop"));
      return Promise.reject(signal?.reason);
    },
  });
  strictEqual((error as Error).message, "stop");
});

Deno.test("callApi() takes a token for each try", async () => {
  const slept: number[] = [];
  const rate = new TokenBucket({
    perSecond: 1,
    now: () => 0,
    sleep: (milliseconds) => Promise.resolve(void slept.push(milliseconds)),
  });
  await refused("soon", { attempts: 3, rate });
  deepStrictEqual(slept, [1_000, 2_000]);
});

Deno.test({
  name: "callApi() asks once for a host that it may not reach",
  permissions: { net: false },
  async fn() {
    let slept = 0;
    await rejects(
      callApi("http://127.0.0.1:8080/", () => "never", {
        sleep: () => Promise.resolve(void slept++),
      }),
      Deno.errors.NotCapable,
    );
    strictEqual(slept, 0);
  },
});
