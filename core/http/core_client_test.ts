import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { CoreClient, unwrap } from "@skymap/lib/client";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { apiOf, COVERAGE, NODE } from "./_test_api.ts";
import type { GraphService, SearchRequest } from "../cli/core_services.ts";

interface Served extends AsyncDisposable {
  readonly client: CoreClient;
}

/** The API on a port of its own, and a client of it. */
function serve(graph: Partial<GraphService>): Served {
  const api = apiOf(graph);
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => api.fetch(request),
  );
  return {
    client: new CoreClient({
      coreUri: `http://127.0.0.1:${server.addr.port}`,
      token: () => Promise.resolve("operator"),
    }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What a service was asked, without its signal and when. */
function recorder() {
  const seen: unknown[] = [];
  return {
    seen,
    note<T>(request: T & Pick<SearchRequest, "signal" | "since">): void {
      const { signal: _, since: __, ...rest } = request;
      seen.push(rest);
    },
  };
}

const POINT = { sequence: 3, at: "2026-01-01T00:00:00.000Z" };

Deno.test("CoreClient.search() sends every option and tells the counts first", async () => {
  const { seen, note } = recorder();
  await using served = serve({
    pointInTime: () => Promise.resolve(POINT),
    coverage: () => Promise.resolve({ ...COVERAGE, stale: 0 }),
    counts: () => Promise.resolve({ result: 1, total: 9 }),
    async *search(_form, request) {
      note(request);
      yield await Promise.resolve([JSON.stringify(NODE)]);
    },
  });
  const order: unknown[] = [];
  const options = {
    section: "metadata",
    timeout: "2s",
    at: "3d",
    requireComplete: true,
  };
  for await (
    const record of served.client.search(
      "main",
      "list",
      "all",
      options,
      (counts) => order.push(counts),
    )
  ) order.push(record["type" as keyof typeof record]);
  deepStrictEqual(order, [{ result: 1, total: 9 }, "node", "coverage"]);
  deepStrictEqual(seen, [
    { text: "all", section: "metadata", timeoutMs: 2000, ...POINT },
  ]);
});

Deno.test("CoreClient tells the error of core, at the start and in the middle", async () => {
  await using served = serve({
    coverage: () => Promise.resolve(COVERAGE),
    async *search(form) {
      if (form === "list") yield [JSON.stringify(NODE)];
      await Promise.reject(new SkymapError("query_too_large", "Cannot"));
    },
  });
  const { client } = served;
  const tooLarge = (error: unknown) => isSkymapError(error, "query_too_large");
  await rejects(
    Array.fromAsync(client.search("main", "list", "all")),
    tooLarge,
  );
  await rejects(
    Array.fromAsync(client.search("main", "graph", "all")),
    tooLarge,
  );
  const strict = { requireComplete: true };
  await rejects(
    Array.fromAsync(client.search("main", "list", "all", strict)),
    (error) => isSkymapError(error, "answer_incomplete"),
  );
  await rejects(
    client.searchAs("main", "aggregate", "all", "dot"),
    (error) => isSkymapError(error, "not_acceptable"),
  );
  // A form that cannot tell a failure is broken off.
  const cut = await client.searchAs("main", "list", "all", "json");
  await rejects(cut.text());
});

Deno.test("CoreClient looks up properties and history", async () => {
  const { seen, note } = recorder();
  const answer = (request: Parameters<typeof note>[0], record: unknown) => {
    note(request);
    return ReadableStream.from([[JSON.stringify(record)]]);
  };
  await using served = serve({
    attributes: (request) => answer(request, { key: "owner", count: 2 }),
    values: (request) => answer(request, { value: "me", count: 2 }),
    completePath: (request) => {
      note(request);
      return Promise.resolve([]);
    },
    timeline: (request) => answer(request, { count: 1 }),
    history: (_form, request) => answer(request, { change: "node_created" }),
  });
  const { client } = served;
  const options = {
    search: "is(volume)",
    kinds: ["volume", "instance"],
    limit: 5,
    skip: 1,
  };
  deepStrictEqual(
    await Array.fromAsync(client.attributes("main", "tags", options)),
    [{ key: "owner", count: 2 }],
  );
  deepStrictEqual(await Array.fromAsync(client.values("main", "tags.owner")), [
    { value: "me", count: 2 },
  ]);
  deepStrictEqual(unwrap(await client.completePath("main", "tags.o")), []);
  const history = {
    after: "1d",
    changes: ["node_created", "edge_deleted"],
    of: "all",
  } as const;
  const changes = await Array.fromAsync(
    client.history("main", "list", "all", history),
  );
  deepStrictEqual(changes.at(-1), COVERAGE);
  strictEqual(changes.length, 2);
  await Array.fromAsync(client.timeline("main", "all", "1h"));
  deepStrictEqual(seen, [
    {
      property: "tags",
      text: "is(volume)",
      kinds: ["volume", "instance"],
      page: { limit: 5, skip: 1 },
    },
    { property: "tags.owner", kinds: [], page: { limit: 100, skip: 0 } },
    { property: "tags.o", kinds: [], page: { limit: 100, skip: 0 } },
    {
      text: "all",
      after: "1d",
      of: "all",
      changes: ["node_created", "edge_deleted"],
    },
    { text: "all", granularity: "1h" },
  ]);
});

Deno.test("CoreClient.updateNodes() streams patches and gives the report", async () => {
  const report = {
    updated: 2,
    unchanged: 0,
    missing: 0,
    skipped: 0,
    missing_ids: [],
    skipped_ids: [],
  };
  let text = "";
  await using served = serve({
    async patchNodes(body) {
      const decoder = new TextDecoder();
      for await (const chunk of body) {
        text += decoder.decode(chunk, { stream: true });
      }
      return report;
    },
  });
  const patches = [
    { id: "a", desired: { clean: true } },
    { id: "b", metadata: null },
  ];
  deepStrictEqual(
    unwrap(await served.client.updateNodes("main", patches)),
    report,
  );
  strictEqual(
    text,
    '{"id":"a","desired":{"clean":true}}\n{"id":"b","metadata":null}\n',
  );
});

Deno.test("CoreClient.execute(), evaluate() and cliInfo() talk to the command line", async () => {
  await using served = serve({ expand: (text) => text });
  const { client } = served;
  const frames = await Array.fromAsync(
    client.execute("echo @TODAY@; echo b", {
      environment: { now: "2026-03-01" },
    }),
  );
  deepStrictEqual(
    frames.flatMap((frame) => frame.type === "text" ? [frame.text] : []),
    ["2026-03-01\n", "b\n"],
  );
  await rejects(
    Array.fromAsync(client.execute("nope")),
    (error) => isSkymapError(error, "usage"),
  );
  const [line] = unwrap(
    await client.evaluate("search is(a) | head 2", {
      environment: { section: "desired" },
    }),
  );
  deepStrictEqual(line?.environment, { section: "desired" });
  strictEqual(line?.search?.form, "list");
  const { commands } = unwrap(await client.cliInfo());
  strictEqual(commands.some(({ name }) => name === "search"), true);
});
