import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { CoreClient } from "@skymap/lib/client";
import type { MetricInForce } from "@skymap/lib/metrics";
import { searchesOver } from "./core_searches.ts";

/** Searches over a core that answers with these records. */
function answering(...records: readonly unknown[]) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(records.map((each) => `${JSON.stringify(each)}\n`).join("")),
  );
  const client = new CoreClient({
    coreUri: `http://127.0.0.1:${server.addr.port}`,
    token: () => Promise.resolve("token"),
  });
  return { server, ...searchesOver(client, "main") };
}

const { signal } = new AbortController();

const METRIC: MetricInForce = {
  name: "things",
  help: "Things",
  type: "gauge",
  search: "aggregate(kind: sum(1) as things): all",
  seriesLimit: 3,
  history: true,
};

Deno.test("searchesOver() gives the rows of an aggregation and what they rest on", async () => {
  // A function may be named like what tells a record.
  const row = { group: { kind: "a" }, type: 7 };
  const coverage = { type: "coverage", scopes: 1 };
  const { server, aggregate } = answering(row, coverage);
  await using _server = server;
  deepStrictEqual(await aggregate(METRIC, signal), { rows: [row], coverage });
});

Deno.test("searchesOver() takes an answer that was cut for none", async () => {
  const { server, aggregate } = answering({ group: {}, value: 1 });
  await using _server = server;
  await rejects(aggregate(METRIC, signal), { code: "core_unreachable" });
});

Deno.test("searchesOver() throws what core says in the middle of an answer", async () => {
  const problem = { type: "error", code: "query_interrupted", detail: "cut" };
  const { server, aggregate } = answering({ group: {}, value: 1 }, problem);
  await using _server = server;
  await rejects(aggregate(METRIC, signal), { code: "query_interrupted" });
});

Deno.test("searchesOver() stops an answer that is far too long", async () => {
  const rows = Array.from({ length: 31 }, (_, value) => ({ value }));
  const enough = answering(...rows.slice(1), { type: "coverage" });
  await using _enough = enough.server;
  strictEqual((await enough.aggregate(METRIC, signal)).rows.length, 30);
  const { server, aggregate } = answering(...rows, { type: "coverage" });
  await using _server = server;
  await rejects(aggregate(METRIC, signal), {
    code: "query_invalid",
    message:
      /"things": its search gives more than 30 rows for at most 3 series/,
  });
});
