import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { CoreClient, SystemClient, unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { apiOf, problemOf, request } from "./_test_api.ts";
import type { Services } from "./services.ts";

const REPORT = {
  created_at: "2026-01-01T00:00:00.000Z",
  graphs: ["main"],
  rows: 3,
  restart: true,
} as const;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  return await new Response(ReadableStream.from(body)).text();
}

/** Services that note what they are asked. */
function recorder() {
  const seen: unknown[] = [];
  const services: Partial<Services> = {
    graphSet: {
      create: (name) => Promise.resolve(void seen.push(["create", name])),
      remove: (name) => Promise.resolve(void seen.push(["remove", name])),
      copy: (from, to, { force }) =>
        Promise.resolve(void seen.push(["copy", from, to, force])),
      import: async (name, body, { force }) =>
        void seen.push(["import", name, force, await textOf(body)]),
    },
    system: {
      info: () => Promise.reject(new Error("not part of this test")),
      async *backup() {
        yield await Promise.resolve(new TextEncoder().encode("all of it"));
      },
      restore: async (body, { force }) => {
        seen.push(["restore", force, await textOf(body)]);
        return REPORT;
      },
    },
  };
  return { seen, services };
}

Deno.test("SystemClient asks for what it says", async () => {
  const { seen, services } = recorder();
  const api = apiOf({
    async *export() {
      yield await Promise.resolve("line one\n");
      yield "line two\n";
    },
  }, services);
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => api.fetch(request),
  );
  const client = new SystemClient(
    new CoreClient({
      coreUri: `http://127.0.0.1:${server.addr.port}`,
      token: () => Promise.resolve("operator"),
    }),
  );
  try {
    unwrap(await client.createGraph("a"));
    unwrap(await client.removeGraph("a"));
    unwrap(await client.copyGraph("main", "b", { force: true }));
    const lines = await client.exportGraph("main");
    unwrap(await client.importGraph("c", lines));
    deepStrictEqual(
      unwrap(await client.restore(await client.backup(), { force: true })),
      REPORT,
    );
    deepStrictEqual(seen, [
      ["create", "a"],
      ["remove", "a"],
      ["copy", "main", "b", true],
      ["import", "c", false, "line one\nline two\n"],
      ["restore", true, "all of it"],
    ]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("GET /graph/{g}/export that fails is cut, not short", async () => {
  const response = await request("/graph/main/export", {}, {
    async *export() {
      yield await Promise.resolve("line one\n");
      throw new SkymapError("database_failed", "Cannot read");
    },
  });
  strictEqual(response.status, 200);
  await rejects(response.text());
});

Deno.test("changes of graphs and restores are for operators", async () => {
  const { seen, services } = recorder();
  for (
    const [method, path] of [
      ["POST", "/graph/a"],
      ["DELETE", "/graph/a"],
      ["POST", "/graph/main/copy"],
      ["GET", "/graph/main/export"],
      ["POST", "/graph/main/import"],
      ["PATCH", "/graph/main/nodes"],
      ["GET", "/system/info"],
      ["GET", "/system/backup"],
      ["POST", "/system/restore"],
    ] as const
  ) {
    const response = await request(
      path,
      { method, token: "worker" },
      {},
      services,
    );
    deepStrictEqual(await problemOf(response), [403, "permission_denied"]);
  }
  const wrong = await request(
    "/system/restore?force=maybe",
    { method: "POST" },
    {},
    services,
  );
  deepStrictEqual(await problemOf(wrong), [400, "body_invalid"]);
  deepStrictEqual(seen, []);
});
