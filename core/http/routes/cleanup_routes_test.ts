import assert from "node:assert/strict";
import {
  CleanupClient,
  type CleanupPlanJson,
  CoreClient,
  unwrap,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { apiOf, problemOf, request } from "../_test_api.ts";
import type { Services } from "../services.ts";

const PLAN = { id: "p1", graph: "main", state: "planned" } as CleanupPlanJson;

/** Services that note what they are asked for. */
function services(asked: unknown[]): Partial<Services> {
  async function* rows(name: string, id: string) {
    asked.push([name, id]);
    yield await Promise.resolve({ id: "b1" } as never);
  }
  const cleanup: Services["cleanup"] = {
    list: () => Promise.resolve([PLAN]),
    plan: (graph, { by, search }) => {
      asked.push(["plan", graph, by, search]);
      return Promise.resolve(PLAN);
    },
    get: (id) =>
      id === "p1" ? Promise.resolve(PLAN) : Promise.reject(
        new SkymapError("plan_unknown", `Cannot find plan "${id}"`),
      ),
    items: (id) => rows("items", id),
    blocked: (id) => rows("blocked", id),
    apply: (id, { by, dry_run, raise }) => {
      asked.push(["apply", id, by, dry_run, raise]);
      return Promise.resolve({
        plan: PLAN,
        notes: [],
        ended: Promise.resolve(PLAN),
      });
    },
    cancel: (id, by) => {
      asked.push(["cancel", id, by]);
      return Promise.resolve(PLAN);
    },
    onChange: () => ({ [Symbol.dispose]: () => {} }),
  };
  const configs = {
    core: () => ({ cli: { default_graph: "prod" } }),
  } as unknown as Services["configs"];
  return { cleanup, configs };
}

Deno.test("the client of cleanups asks what the API takes", async () => {
  const asked: unknown[] = [];
  const api = apiOf({}, services(asked));
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => api.fetch(request),
  );
  const client = new CleanupClient(
    new CoreClient({
      coreUri: `http://127.0.0.1:${server.addr.port}`,
      token: () => Promise.resolve("operator"),
    }),
  );
  assert.deepEqual(unwrap(await client.list()), [PLAN]);
  assert.deepEqual(unwrap(await client.plan()), PLAN);
  unwrap(await client.plan({ graph: "main", search: "is(volume)" }));
  assert.deepEqual(unwrap(await client.get("p1")), PLAN);
  assert.deepEqual(await Array.fromAsync(client.items("p1")), [{ id: "b1" }]);
  assert.deepEqual(await Array.fromAsync(client.blocked("p1")), [{ id: "b1" }]);
  unwrap(await client.apply("p1", { dry_run: false, raise: { max_count: 5 } }));
  unwrap(await client.cancel("p1"));
  const by = "api:s.operator";
  assert.deepEqual(asked, [
    ["plan", "prod", by, undefined],
    ["plan", "main", by, "is(volume)"],
    ["items", "p1"],
    ["blocked", "p1"],
    ["apply", "p1", by, false, { max_count: 5 }],
    ["cancel", "p1", by],
  ]);
});

Deno.test("cleanups are for operators, and take what they know", async () => {
  const asked: unknown[] = [];
  const more = services(asked);
  for (const token of ["worker", "metrics"]) {
    const init = { method: "POST", token, body: "{}" };
    for (const path of ["/cleanup/plans", "/cleanup/plan/p1/apply"]) {
      const answer = await request(path, init, {}, more);
      assert.deepEqual(await problemOf(answer), [403, "permission_denied"]);
    }
  }
  const apply = (body: object) =>
    request(
      "/cleanup/plan/p1/apply",
      {
        method: "POST",
        body: JSON.stringify(body),
      },
      {},
      more,
    );
  assert.deepEqual(await problemOf(await apply({ raise: { max: 1 } })), [
    400,
    "body_invalid",
  ]);
  assert.deepEqual(await problemOf(await apply({ force: true })), [
    400,
    "body_invalid",
  ]);
  const unknown = await request("/cleanup/plan/x", {}, {}, more);
  assert.deepEqual(await problemOf(unknown), [404, "plan_unknown"]);
  assert.deepEqual(asked, []);
});
