import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { CoverageJson, NodeJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { createApi } from "./app.ts";
import type { Caller, GraphService, Services } from "./services.ts";

const NODE: NodeJson = {
  type: "node",
  id: "n1",
  kinds: ["volume"],
  reported: { kind: "volume", id: "vol-1" },
  ancestors: {},
};

const COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 3,
  complete: 2,
  stale: 1,
  failed: 1,
  sequence: 7,
  problems: [],
  problems_total: 1,
  gaps: [],
  warnings: [],
};

/** Services that answer one graph; a token is the name of its role. */
function services(graph: Partial<GraphService> = {}): Services {
  const never = () => {
    throw new Error("not part of this test");
  };
  return {
    version: "1.2.3",
    ready: () => undefined,
    authenticate: (token) => {
      if (["operator", "worker", "metrics"].includes(token)) {
        return Promise.resolve(
          { subject: `s.${token}`, role: token } as Caller,
        );
      }
      return Promise.reject(
        new SkymapError("token_invalid", "Cannot read the token"),
      );
    },
    graphs: () => ["main"],
    graph: (name) => {
      if (name !== "main") {
        throw new SkymapError("graph_unknown", `Cannot find graph "${name}"`);
      }
      return {
        node: (id) => Promise.resolve(id === "n1" ? NODE : undefined),
        coverage: () => Promise.resolve(COVERAGE),
        merge: never,
        ledger: never,
        kinds: () => [],
        updateModel: never,
        retire: never,
        pointInTime: never,
        search: never,
        counts: never,
        explain: never,
        structure: never,
        attributes: never,
        values: never,
        completePath: never,
        history: never,
        timeline: never,
        snapshots: { list: never, create: never, remove: never },
        ...graph,
      };
    },
    subscribers: {
      list: () => [],
      get: () => undefined,
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    workflows: {
      list: () => [],
      run: never,
      runs: () => Promise.resolve([]),
      get: () => Promise.resolve(undefined),
      log: never,
      stop: never,
    },
    templates: {
      list: never,
      get: never,
      put: never,
      remove: never,
      expand: never,
    },
    metrics: () => Promise.resolve("# page\n"),
  };
}

function request(
  path: string,
  init: RequestInit & { token?: string } = {},
  graph: Partial<GraphService> = {},
): Promise<Response> {
  const { token = "operator", ...rest } = init;
  const headers = new Headers(rest.headers);
  if (token !== "") headers.set("authorization", `Bearer ${token}`);
  return Promise.resolve(
    createApi(services(graph)).request(path, { ...rest, headers }),
  );
}

async function problemOf(response: Response) {
  match(response.headers.get("content-type") ?? "", /problem\+json/);
  const { status, code, request_id } = await response.json();
  strictEqual(status, response.status);
  ok(typeof request_id === "string");
  return [status, code];
}

Deno.test("createApi() answers health, readiness and its description to anyone", async () => {
  for (const path of ["/health", "/ready", "/openapi.json", "/docs"]) {
    const response = await request(path, { token: "" });
    strictEqual(response.status, 200, path);
    await response.body?.cancel();
  }
});

Deno.test("createApi() refuses every other path without a valid token", async () => {
  for (const path of ["/graph", "/runs", "/metrics", "/subscribers", "/x"]) {
    deepStrictEqual(
      await problemOf(await request(path, { token: "" })),
      [401, "token_missing"],
    );
    deepStrictEqual(
      await problemOf(await request(path, { token: "forged" })),
      [401, "token_invalid"],
    );
  }
});

Deno.test("createApi() keeps workers out of the graph", async () => {
  const cases = [
    ["GET", "/graph/main/node/n1"],
    ["POST", "/graph/main/search/list"],
    ["POST", "/graph/main/retire"],
    ["GET", "/subscribers"],
    ["POST", "/workflows/collect/run"],
  ] as const;
  for (const [method, path] of cases) {
    deepStrictEqual(
      await problemOf(await request(path, { method, token: "worker" })),
      [403, "permission_denied"],
      path,
    );
  }
});

Deno.test("createApi() lets a worker register nobody but itself", async () => {
  const put = (id: string) =>
    request(`/subscriber/${id}`, {
      method: "PUT",
      token: "worker",
      body: JSON.stringify({ id, subscriptions: {} }),
    });
  strictEqual((await put("s.worker")).status, 204);
  deepStrictEqual(await problemOf(await put("other")), [
    403,
    "permission_denied",
  ]);
});

Deno.test("createApi() names every fault of a body with its path", async () => {
  const response = await request("/subscriber/a", {
    method: "PUT",
    body: JSON.stringify({ id: "a", subscriptions: { x: { timeout: "no" } } }),
  });
  strictEqual(response.status, 400);
  const { code, detail } = await response.json();
  strictEqual(code, "body_invalid");
  match(detail, /subscriptions\.x\.message_type/);
  match(detail, /subscriptions\.x\.timeout/);
});

Deno.test("createApi() answers unknown things with 404", async () => {
  const cases = [
    ["/graph/nope", "graph_unknown"],
    ["/graph/main/node/n2", "node_unknown"],
    ["/runs/nope", "run_unknown"],
    ["/subscriber/nope", "subscriber_unknown"],
    ["/nope", "not_found"],
  ] as const;
  for (const [path, code] of cases) {
    deepStrictEqual(await problemOf(await request(path)), [404, code]);
  }
});

Deno.test("createApi() ends a streamed search with its coverage", async () => {
  const response = await request("/graph/main/search/list", {
    method: "POST",
    body: "all",
    headers: { accept: "application/x-ndjson" },
  }, {
    async *search() {
      yield await Promise.resolve([JSON.stringify(NODE)]);
    },
  });
  strictEqual(
    response.headers.get("skymap-coverage"),
    "scopes=3; complete=2; stale=1; failed=1; sequence=7",
  );
  const lines = (await response.text()).trim().split("\n");
  deepStrictEqual(lines.map((line) => JSON.parse(line)), [NODE, COVERAGE]);
});

Deno.test("createApi() fails a search whole when it fails before its first node", async () => {
  const response = await request("/graph/main/search/list", {
    method: "POST",
    body: "is(",
  }, {
    // deno-lint-ignore require-yield -- fails before it yields
    async *search() {
      await Promise.reject(new SkymapError("query_syntax", "Cannot parse"));
    },
  });
  deepStrictEqual(await problemOf(response), [400, "query_syntax"]);
});

Deno.test("createApi() says in the stream that a search was cut", async () => {
  const response = await request("/graph/main/search/list", {
    method: "POST",
    body: "all",
    headers: { accept: "application/x-ndjson" },
  }, {
    async *search() {
      yield [JSON.stringify(NODE)];
      await Promise.reject(new Error("secret inside"));
    },
  });
  const text = await response.text();
  const last = JSON.parse(text.trim().split("\n").at(-1) ?? "");
  strictEqual(last.type, "error");
  strictEqual(last.code, "internal");
  ok(!text.includes("secret inside"));
  ok(!text.includes("coverage"));
});

Deno.test("createApi() describes every path it serves", async () => {
  const { paths, components } = await (await request("/openapi.json")).json();
  const described = Object.entries(paths as Record<string, object>).flatMap(
    ([path, methods]) => Object.keys(methods).map((each) => `${each} ${path}`),
  );
  for (
    const path of [
      "post /graph/{graph}/merge",
      "post /graph/{graph}/search/list",
      "put /subscriber/{id}",
      "get /runs/{id}/log",
    ]
  ) ok(described.includes(path), path);
  ok("Node" in components.schemas);
  strictEqual(components.securitySchemes.bearer.scheme, "bearer");
});
