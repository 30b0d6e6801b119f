import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { SkymapError } from "@skymap/lib/errors";
import { apiOf, COVERAGE, NODE, problemOf, request } from "./_test_api.ts";

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

Deno.test("createApi() gives a scraper its metrics and nothing else", async () => {
  const token = "scraper";
  const page = await request("/metrics", { token });
  match(await page.text(), /^up 1\n$/m);
  match(
    page.headers.get("content-type") ?? "",
    /^text\/plain; version=0\.0\.4/,
  );
  const open = await request("/metrics", {
    token,
    headers: { accept: "application/openmetrics-text" },
  });
  match(await open.text(), /^up 1\n# EOF\n$/m);
  const { paths } = await (await request("/openapi.json")).json();
  const closed = Object.entries(paths as Record<string, object>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        security.length === 0 ? [] : [[method.toUpperCase(), path] as const]
      ),
  );
  ok(closed.length > 50);
  for (const [method, path] of closed) {
    deepStrictEqual(
      await problemOf(
        await request(path.replaceAll(/[{}]/g, ""), { method, token }),
      ),
      [403, "permission_denied"],
      `${method} ${path}`,
    );
  }
});

Deno.test("createApi() takes all that a plugin says of its kinds", async () => {
  const taken: unknown[] = [];
  const api = apiOf({
    updateModel(update) {
      taken.push(update);
      return Promise.resolve();
    },
  });
  const update = {
    plugin: {
      name: "toy",
      version: "1.0.0",
      cloud: "toy",
      containers: { account: "toy_account", region: "toy_region" },
      kinds: [{
        name: "toy_net",
        bases: ["network"],
        operations: ["tag", "delete", "detach"],
        deletedAfter: ["toy_box"],
      }],
    },
  };
  const answer = await api.request("/graph/main/model", {
    method: "put",
    headers: { authorization: "Bearer worker" },
    body: JSON.stringify(update),
  });
  strictEqual(answer.status, 204);
  deepStrictEqual(taken, [update]);
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
