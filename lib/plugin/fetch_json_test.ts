import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { fetchAnswer, fetchJson, HttpError } from "./fetch_json.ts";

type Answer = () => Response;

/** A server that gives one answer after the other, and counts. */
async function serving<T>(
  answers: readonly Answer[],
  call: (url: string, asked: string[]) => Promise<T>,
): Promise<T> {
  const asked: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      asked.push(await request.text());
      return answers[asked.length - 1]?.() ??
        new Response(null, { status: 418 });
    },
  );
  return await call(
    `http://127.0.0.1:${server.addr.port}/x?token=secret`,
    asked,
  );
}

const QUICK = { firstDelayMs: 1 };

Deno.test("fetchJson() tries again when the API is busy or in trouble", async () => {
  const answers: Answer[] = [
    () =>
      new Response("wait", { status: 429, headers: { "retry-after": "0" } }),
    () => new Response("down", { status: 503 }),
    () => Response.json({ is: "there" }),
  ];
  await serving(answers, async (url, asked) => {
    deepStrictEqual(
      await fetchJson(url, { ...QUICK, init: { method: "POST", body: "ask" } }),
      { is: "there" },
    );
    deepStrictEqual(asked, ["ask", "ask", "ask"]);
  });
});

Deno.test("fetchJson() gives up what does not pass, without its secrets", async () => {
  await serving(
    [() => new Response("no", { status: 403 })],
    async (url, asked) => {
      const error = await fetchJson(url, QUICK).then(
        () => undefined,
        (thrown) => thrown as HttpError,
      );
      strictEqual(error?.code, "http_403");
      strictEqual(
        error.message,
        `Cannot call GET ${new URL(url).origin}/x: http_403: no`,
      );
      strictEqual(asked.length, 1);
    },
  );
});

Deno.test("fetchJson() does not wait longer than it may", async () => {
  const late = () =>
    new Response("", { status: 429, headers: { "retry-after": "3600" } });
  await serving([late, late], async (url, asked) => {
    await rejects(fetchJson(url, QUICK), { code: "http_429" });
    strictEqual(asked.length, 1);
  });
});

Deno.test("fetchJson() throws the last failure, and the reason of an abort", async () => {
  const down = () => new Response("", { status: 500 });
  await serving([down, down, down], async (url, asked) => {
    await rejects(fetchJson(url, { ...QUICK, attempts: 2 }), HttpError);
    strictEqual(asked.length, 2);
    await rejects(
      fetchJson(url, { signal: AbortSignal.abort(new Error("enough")) }),
      /enough/,
    );
  });
  await rejects(fetchJson("no address"), TypeError);
});

Deno.test("fetchAnswer() gives the answer as it came, also without a body", async () => {
  const answers: Answer[] = [
    () => new Response("text", { status: 201, headers: { link: "</b>" } }),
    () => new Response(null, { status: 204 }),
  ];
  await serving(answers, async (url) => {
    const answer = await fetchAnswer(url);
    strictEqual(answer.status, 201);
    strictEqual(answer.headers.get("link"), "</b>");
    strictEqual(await answer.text(), "text");
    const empty = await fetchAnswer(url);
    strictEqual(empty.status, 204);
    strictEqual(await empty.text(), "");
  });
});

Deno.test("fetchAnswer() follows a redirect when it is told to, and else to no host", async () => {
  const redirect: Answer = () =>
    new Response(null, { status: 302, headers: { location: "/y" } });
  await serving([redirect, redirect, () => new Response("there")], async (
    url,
    asked,
  ) => {
    await rejects(fetchAnswer(url), { code: "http_302", status: 302 });
    strictEqual(asked.length, 1);
    const answer = await fetchAnswer(url, { init: { redirect: "follow" } });
    strictEqual(await answer.text(), "there");
  });
});
