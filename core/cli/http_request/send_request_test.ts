import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { parseHostPattern } from "../../config/host_pattern.ts";
import { Receiver } from "./_receiver.ts";
import { AddressGuard } from "./address_guard.ts";
import type { RequestMessage, TryResult } from "./request_messages.ts";
import { RequestSender } from "./send_request.ts";

interface SenderOptions {
  readonly allowed: readonly string[];
  readonly addresses?: (name: string) => readonly string[];
}

function senderOf({ allowed, addresses }: SenderOptions): RequestSender {
  const patterns = allowed.map(parseHostPattern)
    .filter((pattern) => pattern !== undefined);
  return new RequestSender({
    guard: new AddressGuard(patterns),
    timeoutMs: 10_000,
    verifiesTls: true,
    ...(addresses !== undefined && {
      resolve: (name: string): Promise<readonly LookupAddress[]> =>
        Promise.resolve(
          addresses(name).map((address) => ({ address, family: 4 })),
        ),
    }),
  });
}

function post(
  url: string,
  headers: RequestMessage["headers"] = [],
): RequestMessage {
  return { id: 0, method: "POST", url, headers, body: "{}" };
}

function statusOf(result: TryResult): number | string {
  return result.type === "answer" ? result.status : result.reason;
}

Deno.test("RequestSender connects to the address that was checked, whatever the name means next", async () => {
  await using good = new Receiver(undefined, { hostname: "127.0.0.2" });
  const { port } = good;
  await using evil = new Receiver(undefined, { hostname: "127.0.0.1", port });
  const asked: string[] = [];
  using sender = senderOf({
    allowed: ["127.0.0.2"],
    // A name server that changes its mind once the first answer was checked.
    addresses: (name) => {
      asked.push(name);
      return asked.length % 2 === 1 ? ["127.0.0.2"] : ["127.0.0.1"];
    },
  });
  const url = `http://rebinding.example:${port}/`;
  strictEqual(statusOf(await sender.send(post(url))), 200);
  deepStrictEqual(asked, ["rebinding.example"]);
  strictEqual(
    good.received[0]?.headers.get("host"),
    `rebinding.example:${port}`,
  );
  using other = senderOf({
    allowed: ["127.0.0.2"],
    addresses: () => ["127.0.0.1"],
  });
  match(String(statusOf(await other.send(post(url)))), /lies inside/);
  strictEqual(evil.received.length, 0);
});

Deno.test("RequestSender refuses a name when one of its addresses is inside", async () => {
  await using host = new Receiver(undefined, { hostname: "127.0.0.2" });
  using sender = senderOf({
    allowed: ["127.0.0.2"],
    addresses: () => ["127.0.0.2", "10.0.0.1"],
  });
  deepStrictEqual(
    await sender.send(post(`http://both.example:${host.port}/`)),
    {
      type: "failed",
      reason:
        '"both.example" (10.0.0.1) lies inside, on this machine or in a private network',
      isPassing: false,
      isRefused: true,
    },
  );
  strictEqual(host.received.length, 0);
});

Deno.test("RequestSender keeps what it sends over a redirect, and headers with their host", async () => {
  await using other = new Receiver();
  for (
    const [status, method, body] of [
      [301, "POST", "{}"],
      [302, "POST", "{}"],
      [303, "GET", ""],
      [307, "POST", "{}"],
      [308, "POST", "{}"],
    ] as const
  ) {
    await using first: Receiver = new Receiver((_at, { path }) =>
      path === "/"
        ? Response.redirect(`http://127.0.0.1:${first.port}/same`, status)
        : Response.redirect(`http://127.0.0.1:${other.port}/other`, status)
    );
    using sender = senderOf({ allowed: ["127.0.0.1"] });
    const result = await sender.send(
      post(`http://127.0.0.1:${first.port}/`, [
        ["authorization", "Bearer secret"],
        ["x-api-key", "secret"],
        ["content-type", "application/json"],
      ]),
    );
    strictEqual(statusOf(result), 200);
    const same = first.received.at(-1);
    const last = other.received.at(-1);
    strictEqual(same?.headers.get("authorization"), "Bearer secret");
    strictEqual(last?.headers.get("authorization"), null);
    strictEqual(last?.headers.get("x-api-key"), null);
    strictEqual(last?.headers.get("content-type"), "application/json");
    strictEqual(last?.method, method, String(status));
    strictEqual(other.bodies.at(-1), body, String(status));
  }
});

Deno.test("RequestSender follows no endless redirect", async () => {
  await using host = new Receiver(() =>
    new Response(null, { status: 302, headers: { location: "/again" } })
  );
  using sender = senderOf({ allowed: ["127.0.0.1"] });
  deepStrictEqual(await sender.send(post(`http://127.0.0.1:${host.port}/`)), {
    type: "failed",
    reason: "it redirects more than 5 times",
    isPassing: false,
  });
  strictEqual(host.received.length, 6);
});

Deno.test("RequestSender says in plain words why a host is not reached", async () => {
  await using closed = new Receiver();
  const { port } = closed;
  await closed[Symbol.asyncDispose]();
  await using host = new Receiver(() =>
    Response.redirect("http://169.254.169.254/latest")
  );
  using sender = senderOf({ allowed: ["127.0.0.1"] });
  for (
    const [url, reason] of [
      [`http://127.0.0.1:${port}/`, `nothing listens at 127.0.0.1:${port}`],
      [
        `http://127.0.0.1:${host.port}/`,
        "it redirects to http://169.254.169.254, and " +
        '"169.254.169.254" lies inside, on this machine or in a private network',
      ],
    ] as const
  ) strictEqual(statusOf(await sender.send(post(url))), reason);
});

Deno.test("RequestSender reads only the begin of an answer", async () => {
  const piece = new Uint8Array(100_000).fill(97);
  let made = 0;
  await using host = new Receiver(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          if (made++ < 1_000) controller.enqueue(piece);
          else controller.close();
        },
      }),
      { status: 400 },
    )
  );
  using sender = senderOf({ allowed: ["127.0.0.1"] });
  const result = await sender.send(post(`http://127.0.0.1:${host.port}/`));
  deepStrictEqual(result, {
    type: "answer",
    status: 400,
    text: "a".repeat(300),
  });
  strictEqual(made < 900, true, String(made));
});
