import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError } from "../errors.ts";
import type { CliFrame } from "./cli_types.ts";
import { CoreClient, type ExecuteOptions } from "./core_client.ts";

const FRAMES: readonly CliFrame[] = [
  { type: "begin", line: 0, output: "text", media_type: "text/plain" },
  { type: "text", text: "one\n" },
  { type: "end", line: 0 },
];

/** Runs a line in a core that answers so; gives the frames and the request. */
async function executed(
  answer: (request: Request) => Response,
  options?: ExecuteOptions,
  onFrame: () => void = () => {},
) {
  const heads: { readonly url: URL; readonly headers: Headers }[] = [];
  const bodies: (string | FormData)[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      heads.push({ url: new URL(request.url), headers: request.headers });
      const isForm = request.headers.get("content-type")?.startsWith("multi");
      bodies.push(
        isForm === true ? await request.formData() : await request.text(),
      );
      return answer(request);
    },
  );
  const client = new CoreClient({
    coreUri: `http://127.0.0.1:${server.addr.port}`,
    token: () => Promise.resolve("a-token"),
  });
  const frames: CliFrame[] = [];
  let error: unknown;
  try {
    for await (const frame of client.execute("echo one", options)) {
      frames.push(frame);
      onFrame();
    }
  } catch (thrown) {
    error = thrown;
  }
  return { frames, error, head: heads[0], body: bodies[0] };
}

function ndjson(frames: readonly unknown[]): Response {
  return new Response(
    frames.map((each) => `${JSON.stringify(each)}\n`).join(""),
  );
}

Deno.test("CoreClient.execute() sends a line and what it runs with, and streams frames", async () => {
  const { frames, error, head, body } = await executed(
    () => ndjson(FRAMES),
    {
      environment: { graph: "prod" },
      terminal: { columns: 100, hasColors: true },
    },
  );
  strictEqual(error, undefined);
  deepStrictEqual(frames, FRAMES);
  strictEqual(body, "echo one");
  strictEqual(head?.url.search, "?graph=prod");
  deepStrictEqual(
    ["accept", "skymap-terminal", "authorization"].map((name) =>
      head?.headers.get(name)
    ),
    [
      "application/vnd.skymap.cli+ndjson",
      "columns=100; colors=yes",
      "Bearer a-token",
    ],
  );
});

Deno.test("CoreClient.execute() sends files beside the line", async () => {
  const { body } = await executed(() => ndjson([]), {
    files: new Map([["a b.yaml", new Blob(["a: 1"])]]),
  });
  const form = body as FormData;
  strictEqual(form.get("command"), "echo one");
  const file = form.get("a b.yaml");
  strictEqual(file instanceof File && await file.text(), "a: 1");
});

Deno.test("CoreClient.execute() takes no answer that was cut for a whole one", async () => {
  const cut = await executed(() => ndjson(FRAMES.slice(0, 2)));
  strictEqual(cut.frames.length, 2);
  strictEqual(isSkymapError(cut.error, "core_unreachable"), true);
  const none = await executed(() => ndjson([]));
  deepStrictEqual([none.frames, none.error], [[], undefined]);
});

Deno.test("CoreClient.execute() throws what core says before anything runs", async () => {
  const problem = { code: "usage", detail: "Cannot read line: it is wrong" };
  const { error } = await executed(() =>
    Response.json(problem, { status: 400 })
  );
  strictEqual(isSkymapError(error, "usage"), true);
  await rejects(Promise.reject(error), /it is wrong/);
});

Deno.test("CoreClient.execute() stops with its signal", async () => {
  const stop = new AbortController();
  let isLeft = false;
  const { error } = await executed(
    (request) => {
      request.signal.addEventListener("abort", () => isLeft = true);
      const frame = `${JSON.stringify(FRAMES[1])}\n`;
      const body = new ReadableStream<Uint8Array>({
        start: (to) => to.enqueue(new TextEncoder().encode(frame)),
      });
      return new Response(body);
    },
    { signal: stop.signal },
    () => stop.abort(),
  );
  strictEqual(error, stop.signal.reason);
  strictEqual(isLeft, true);
});
