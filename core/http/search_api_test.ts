import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { CoverageJson, ExplainJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import {
  zooNode,
  zooScope,
  type ZooSearch,
  zooSearch,
} from "../search/_zoo_search.ts";
import { apiOf, COVERAGE, NODE, problemOf, request } from "./_test_api.ts";
import type { GraphService } from "../cli/core_services.ts";

/** A small zoo: three cats, a volume that could not be listed, an edge. */
async function zoo(): Promise<ZooSearch> {
  return await zooSearch({
    nodes: [
      ...["a", "b", "c"].map((id, int) =>
        zooNode(id, { kind: "zoo_cat", int, tags: { owner: "me" } })
      ),
      zooNode("v", { kind: "zoo_volume" }, { scope: 2 }),
    ],
    edges: [{ from: "a", to: "b", type: "default" }],
    scopes: [
      zooScope(1, "zoo_cat"),
      zooScope(2, "zoo_volume", { status: "failed", reason: "AccessDenied" }),
    ],
  });
}

/** The searching part of a graph's service. */
function serviceOf({ searcher, properties }: ZooSearch): Partial<GraphService> {
  return {
    coverage: ({ text, ...options }) => searcher.coverage(text, options),
    search: (form, { text, ...options }) => searcher.lines(text, form, options),
    counts: ({ text, ...options }) => searcher.counts(text, options),
    explain: ({ text, ...options }) => searcher.explain(text, options),
    searchKinds: ({ text, ...options }) => searcher.kinds(text, options),
    structure: (text) => searcher.structure(text) as unknown as Json,
    pointInTime: (at) =>
      Promise.resolve({ sequence: Number(at), at: "2026-01-01T00:00:00.000Z" }),
    attributes: ({ property, ...rest }) =>
      properties.attributes(property, rest),
    values: ({ property, ...rest }) => properties.values(property, rest),
    completePath: ({ property, ...rest }) =>
      properties.completePath(property, rest),
  };
}

function post(
  path: string,
  body: string,
  graph: Partial<GraphService>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return request(
    `/graph/main/${path}`,
    { method: "POST", body, headers },
    graph,
  );
}

async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  strictEqual(response.status, 200, await response.clone().text());
  const text = await response.text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("search answers in every form that can hold it", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const cases = [
    ["list", "application/json", /^\[\n\{"type":"node"/],
    ["list", "application/x-ndjson", /"type":"coverage".*\n$/],
    ["list", "application/yaml", /^---\ntype: 'node'\n/],
    ["list", "text/csv", /^kind,id,name,cloud/],
    ["graph", "application/json", /"type":"edge"/],
    ["graph", "application/graphml+xml", /<edge source="a" target="b">/],
    ["graph", "text/vnd.graphviz", /"a" -> "b"/],
    ["graph", "application/vnd.cytoscape+json", /"coverage":\{/],
    ["aggregate", "application/json", /"count":3/],
    ["aggregate", "text/csv", /^kind,count\r\nzoo_cat,3\r\n$/],
  ] as const;
  for (const [form, accept, wanted] of cases) {
    const text = form === "aggregate"
      ? "aggregate(kind: sum(1) as count): is(zoo_cat)"
      : "is(zoo_cat) -[0:1]-> is(zoo_cat)";
    const response = await post(`search/${form}`, text, graph, { accept });
    strictEqual(response.headers.get("content-type"), accept);
    match(
      response.headers.get("skymap-coverage") ?? "",
      /^scopes=1; complete=1; stale=0; failed=0; oldest=.*; sequence=7$/,
    );
    match(await response.text(), wanted, `${form} as ${accept}`);
  }
  const named = await post(
    "search/list?format=csv&columns=/id",
    "id(a)",
    graph,
  );
  strictEqual(await named.text(), "/id\r\na\r\n");
});

Deno.test("search refuses a form that cannot hold the answer", async () => {
  const none = { coverage: () => Promise.resolve(COVERAGE) };
  for (
    const [path, accept] of [
      ["search/aggregate", "text/vnd.graphviz"],
      ["search/graph?format=csv", "*/*"],
      ["search/list", "image/png"],
    ] as const
  ) {
    const response = await post(path, "all", none, { accept });
    deepStrictEqual(await problemOf(response), [406, "not_acceptable"]);
  }
});

Deno.test("search counts only when it is asked to", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const text = "is(zoo_cat) sort int limit 2";
  const counted = await post("search/list?count=true", text, graph);
  strictEqual(counted.headers.get("result-count"), "2");
  strictEqual(counted.headers.get("total-count"), "3");
  strictEqual((await counted.json()).length, 2);
  const plain = await post("search/list", text, {
    ...graph,
    counts: () => {
      throw new Error("counted");
    },
  });
  strictEqual(plain.headers.get("total-count"), null);
  await plain.body?.cancel();
});

Deno.test("search has counted before it begins, and fails whole when it cannot", async () => {
  const order: string[] = [];
  const ask = (counts: GraphService["counts"]) =>
    post("search/list?count=true", "all", {
      coverage: () => Promise.resolve(COVERAGE),
      counts,
      async *search() {
        order.push("search");
        yield await Promise.resolve(["{}"]);
      },
    });
  const response = await ask(() =>
    Promise.reject(new SkymapError("query_interrupted", "x"))
  );
  deepStrictEqual(await problemOf(response), [408, "query_interrupted"]);
  strictEqual(order.length, 0);
  const counted = await ask(async () => {
    await Promise.resolve();
    order.push("count");
    return { result: 1, total: 1 };
  });
  await counted.body?.cancel();
  deepStrictEqual(order, ["count", "search"]);
});

Deno.test("search can be made to fail when it is not complete", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const path = "search/list?require_complete=true";
  const complete = await post(path, "is(zoo_cat)", graph);
  strictEqual(complete.status, 200);
  await complete.body?.cancel();

  const response = await post(path, "all", {
    ...graph,
    search: () => {
      throw new Error("searched");
    },
  });
  const { status, code, detail, details } = await response.json();
  deepStrictEqual([status, code], [412, "answer_incomplete"]);
  match(
    detail,
    /1 of 2 scopes.*zoo\/dev\/eu\/zoo_volume: failed, AccessDenied/,
  );
  const { problems } = (details as { coverage: CoverageJson }).coverage;
  strictEqual(problems[0]?.reason, "AccessDenied");

  const gap = await post(path, "is(zoo_account)", graph);
  match((await gap.json()).detail, /No account was ever listed/);
});

Deno.test("search answers the past, and says which", async () => {
  await using search = await zoo();
  await search.index.run("update node set valid_from = 3 where id = 'c'");
  const graph = serviceOf(search);
  const response = await post("search/list?at=2", "is(zoo_cat)", graph, {
    accept: "application/x-ndjson",
  });
  match(
    response.headers.get("skymap-coverage") ?? "",
    /sequence=2; at=2026-01-01T00:00:00.000Z$/,
  );
  const lines = await linesOf(response);
  deepStrictEqual(lines.map(({ id }) => id).slice(0, -1), ["a", "b"]);
  strictEqual(lines.at(-1)?.["at"], "2026-01-01T00:00:00.000Z");
});

Deno.test("search has one time-out for coverage, counts and answer", async () => {
  await using search = await zoo();
  const { searcher } = search;
  const since = new Set<number | undefined>();
  const graph: Partial<GraphService> = {
    coverage: (request) => {
      since.add(request.since);
      strictEqual(request.timeoutMs, 60_000);
      return searcher.coverage(request.text, request);
    },
    counts: (request) => {
      since.add(request.since);
      return searcher.counts(request.text, request);
    },
    search: (form, request) => {
      since.add(request.since);
      return searcher.lines(request.text, form, request);
    },
  };
  const path = "search/list?search_timeout=1min&count=true";
  strictEqual((await post(path, "is(zoo_cat)", graph)).status, 200);
  strictEqual(since.size, 1);
  ok(!since.has(undefined));
});

Deno.test("search names what is wrong with its parameters", async () => {
  const cases = [
    "search_timeout=soon",
    "search_timeout=0s",
    "search_timeout=10000d",
    "count=yes",
    "require_compete=true",
    "columns=name",
    "columns=name&format=ndjson",
  ];
  for (const query of cases) {
    const response = await post(`search/list?${query}`, "all", {});
    deepStrictEqual(await problemOf(response), [400, "body_invalid"], query);
  }
  const long = await post("search/list", "x".repeat(1_000_001), {});
  deepStrictEqual(await problemOf(long), [400, "body_invalid"]);
  await using search = await zoo();
  for (const [form, text] of [["list", "is(nope)"], ["aggregate", "all"]]) {
    const response = await post(
      `search/${form}`,
      text ?? "",
      serviceOf(search),
    );
    deepStrictEqual(await problemOf(response), [400, "query_invalid"]);
  }
});

Deno.test("search sends its first record before the second is made", async () => {
  for (const accept of ["application/json", "application/x-ndjson"]) {
    const second = Promise.withResolvers<void>();
    const response = await post("search/list", "all", {
      coverage: () => Promise.resolve(COVERAGE),
      async *search() {
        yield [JSON.stringify(NODE)];
        await second.promise;
        yield [JSON.stringify({ ...NODE, id: "n2" })];
      },
    }, { accept });
    const reader = response.body?.getReader();
    const { value } = await reader?.read() ?? {};
    match(new TextDecoder().decode(value), /"n1"/);
    second.resolve();
    await reader?.cancel();
  }
});

Deno.test("search lets others have a turn between the pieces of an answer", async () => {
  const text = JSON.stringify({ ...NODE, reported: { pad: "x".repeat(1000) } });
  const response = await post("search/list", "all", {
    coverage: () => Promise.resolve(COVERAGE),
    async *search() {
      yield await Promise.resolve(Array(1000).fill(text));
    },
  });
  const reader = response.body?.getReader();
  await reader?.read();
  let hadTurn = false;
  setImmediate(() => hadTurn = true);
  await reader?.read();
  ok(hadTurn);
  await reader?.cancel();
});

Deno.test("search breaks a cut answer off when its form cannot tell", async () => {
  for (
    const format of ["json", "yaml", "graphml", "dot", "cytoscape", "csv"]
  ) {
    const response = await post(`search/list?format=${format}`, "all", {
      coverage: () => Promise.resolve(COVERAGE),
      async *search() {
        yield [JSON.stringify(NODE)];
        await Promise.reject(new SkymapError("query_interrupted", "Too late"));
      },
    });
    let text = "";
    const decoder = new TextDecoder();
    let cut: unknown;
    try {
      for await (const bytes of response.body ?? []) {
        text += decoder.decode(bytes);
      }
    } catch (error) {
      cut = error;
    }
    match(String(cut), /query_interrupted/, format);
    match(text, /Too late/, format);
    match(text, /vol-1/, format);
  }
});

Deno.test("search takes no more of the answer than its reader does", async () => {
  let made = 0;
  let ended = false;
  const text = JSON.stringify({ ...NODE, reported: { pad: "x".repeat(1000) } });
  const response = await post("search/list", "all", {
    coverage: () => Promise.resolve(COVERAGE),
    async *search() {
      try {
        for (; made < 1000; made++) {
          yield await Promise.resolve(Array(100).fill(text));
        }
      } finally {
        ended = true;
      }
    },
  });
  const reader = response.body?.getReader();
  for (let at = 0; at < 5; at++) await reader?.read();
  ok(made < 10, `${made} batches were made for five pieces`);
  await reader?.cancel();
  ok(ended, "a reader that goes away ends the search");
});

Deno.test("search stops when the connection is closed, before its first record and after", async () => {
  for (const atOnce of [true, false]) {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const api = apiOf({
      coverage: () => Promise.resolve(COVERAGE),
      async *search(_form, { signal }) {
        signal.addEventListener("abort", () => stopped.resolve());
        if (!atOnce) yield [JSON.stringify(NODE)];
        begun.resolve();
        await stopped.promise;
      },
    });
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => api.fetch(request),
    );
    const client = new AbortController();
    const answer = fetch(
      `http://127.0.0.1:${server.addr.port}/graph/main/search/list`,
      {
        method: "POST",
        body: "all",
        headers: { authorization: "Bearer operator" },
        signal: client.signal,
      },
    ).then((response) => response.text());
    await begun.promise;
    client.abort();
    await rejects(answer);
    await stopped.promise;
    await server.shutdown();
  }
});

Deno.test("explain and structure show how a search is understood", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const explain = async (query: string): Promise<ExplainJson> =>
    await (await post(`search/explain${query}`, "is(zoo_cat)", graph)).json();
  const guess = await explain("");
  strictEqual(guess.rating, "simple");
  strictEqual(guess.ms, undefined);
  ok((await explain("?analyze=true")).ms !== undefined);
  const tree = await (await post("search/structure", "is(zoo_cat)", graph))
    .json();
  strictEqual(tree.type, "query");
  deepStrictEqual(tree.parts[0].filter, { type: "is", kinds: ["zoo_cat"] });
  const wrong = await post("search/structure", "is(", graph);
  deepStrictEqual(await problemOf(wrong), [400, "query_syntax"]);
});

Deno.test("search/kinds tells operators and metrics whose changes count", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const ask = async (path: string, text: string, token = "metrics") =>
    await request(`/graph/main/${path}`, {
      method: "POST",
      body: text,
      token,
    }, graph);
  const cats = await ask("search/kinds", "is(zoo_cat)");
  deepStrictEqual(await cats.json(), { kinds: ["zoo_cat"] });
  const any = await ask("search/kinds?section=metadata", "cleaned = true");
  deepStrictEqual(await any.json(), { kinds: null });
  const wrong = await ask("search/kinds", "is(zoo_dog)", "operator");
  deepStrictEqual(await problemOf(wrong), [400, "query_invalid"]);
  const worker = await ask("search/kinds", "is(zoo_cat)", "worker");
  deepStrictEqual(await problemOf(worker), [403, "permission_denied"]);
});

Deno.test("properties can be looked up", async () => {
  await using search = await zoo();
  const graph = serviceOf(search);
  const ask = async (path: string, body = ""): Promise<unknown> => {
    const response = await post(`property/${path}`, body, graph);
    strictEqual(response.status, 200, await response.clone().text());
    return await response.json();
  };
  deepStrictEqual(await ask("attributes?prop=tags"), [
    { key: "owner", count: 3 },
  ]);
  deepStrictEqual(await ask("values?prop=kind&limit=1&kinds=zoo_cat"), [
    { value: "zoo_cat", count: 3 },
  ]);
  deepStrictEqual(await ask("values?prop=tags.owner", "id(a)"), [
    { value: "me", count: 1 },
  ]);
  const paths = await ask("path/complete?prop=tags.ow") as { path: string }[];
  deepStrictEqual(paths.map(({ path }) => path), ["tags.owner"]);
  for (const query of ["", "prop=", "prop=a&limit=0", "prop=a&limit=1000000"]) {
    const response = await post(`property/values?${query}`, "", graph);
    deepStrictEqual(await problemOf(response), [400, "body_invalid"], query);
  }
});
