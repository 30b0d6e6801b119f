import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { MergeReport } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { TestRegistry } from "./_page.ts";
import { WorkMetrics } from "./work_metrics.ts";

function setUp() {
  const registry = new TestRegistry();
  const work = new WorkMetrics(registry);
  const counts = async () =>
    (await registry.lines("search")).filter((line) =>
      !/_bucket|_sum/.test(line)
    );
  return { registry, work, counts };
}

const REPORT: MergeReport = {
  nodes_created: 1,
  nodes_updated: 0,
  nodes_deleted: 0,
  nodes_unchanged: 0,
  edges_created: 0,
  edges_updated: 0,
  edges_deleted: 0,
  edges_unchanged: 0,
  scopes_complete: 1,
  scopes_failed: 0,
  failed: [],
  rejected: 0,
  rejections: [],
  sequence: 1,
};

async function* texts(end?: Error): AsyncGenerator<readonly string[]> {
  yield await Promise.resolve(["1"]);
  if (end !== undefined) throw end;
  yield ["2"];
}

Deno.test("WorkMetrics tells a search that failed from one that nobody read on", async () => {
  const { work, counts } = setUp();
  for await (const _ of work.search("main", "list", texts()));
  const failure = new SkymapError("index_failed", "Cannot search: too slow");
  await rejects(
    Array.fromAsync(work.search("main", "list", texts(failure))),
    { code: "index_failed" },
  );
  const gone = new DOMException("Gone", "AbortError");
  await rejects(Array.fromAsync(work.search("main", "list", texts(gone))));
  for (const options of [{ cause: gone }, {}]) {
    const cut = new SkymapError("query_interrupted", "Cannot search", options);
    await rejects(
      Array.fromAsync(work.search("main", "aggregate", texts(cut))),
    );
  }
  for await (const _ of work.search("main", "graph", texts())) break;
  await work.count("main", () => Promise.resolve(1));
  await rejects(work.count("main", () => Promise.reject(failure)));
  const name = "search_duration_seconds_count";
  deepStrictEqual(await counts(), [
    `${name}{graph="main",form="aggregate",result="failed"} 1`,
    `${name}{graph="main",form="aggregate",result="stopped"} 1`,
    `${name}{graph="main",form="count",result="done"} 1`,
    `${name}{graph="main",form="count",result="failed"} 1`,
    `${name}{graph="main",form="graph",result="stopped"} 1`,
    `${name}{graph="main",form="list",result="done"} 1`,
    `${name}{graph="main",form="list",result="failed"} 1`,
    `${name}{graph="main",form="list",result="stopped"} 1`,
    'searches_running{graph="main"} 0',
  ]);
});

Deno.test("WorkMetrics forgets a graph, and no other one", async () => {
  const { work, registry } = setUp();
  for (const graph of ["lab", "main"]) {
    for await (const _ of work.search(graph, "list", texts()));
    await rejects(work.merge(graph, () => Promise.reject(new Error("no"))));
    await work.merge(graph, () => Promise.resolve(REPORT));
  }
  const before = await registry.lines();
  const others = before.filter((line) => !line.includes('graph="lab"'));
  strictEqual(
    before.length - others.length,
    others.filter((line) => line.includes('graph="main"')).length,
  );
  await work.forget("lab");
  deepStrictEqual(await registry.lines(), others);
});

Deno.test("WorkMetrics counts a search as running while its answer is read", async () => {
  const { work, counts } = setUp();
  const answer = work.search("main", "list", texts())[Symbol.asyncIterator]();
  await answer.next();
  deepStrictEqual(await counts(), ['searches_running{graph="main"} 1']);
  await answer.return?.();
  deepStrictEqual((await counts()).at(-1), 'searches_running{graph="main"} 0');
});
