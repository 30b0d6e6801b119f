import assert from "node:assert/strict";
import { RecordId } from "@skymap/lib/db";
import { openTestDatabase, type TestDatabase } from "./db/test_database.ts";
import { mergeAll, openToyGraph, toyMessages } from "./graph/_toy_graph.ts";
import { IndexReader } from "./index/reader.ts";
import { ownSteps, type SearchedGraph } from "./own_steps.ts";
import { Searcher } from "./search/searcher.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

Deno.test("a graph that fails in a step keeps no other from its turn", async () => {
  await using stack = new AsyncDisposableStack();
  const open = async (name: string) => {
    const toy = await openToyGraph(database, { name });
    const graph = stack.use(toy.graph);
    const reader = stack.use(new IndexReader(graph.index));
    const searcher = new Searcher({ reader, registry: graph.model });
    return { ...toy, searcher } as const;
  };
  const broken = await open("broken");
  const whole = await open("whole");
  await broken.session.query("CREATE $id CONTENT { a: 1 }", {
    id: new RecordId("deferred_edge", "x"),
  });
  const deferred = {
    from: { node_id: "nowhere" },
    to: { node_id: "somewhere" },
  };
  await mergeAll(
    whole,
    toyMessages([{ nodes: { b1: {} }, deferred: [deferred] }]),
  );
  let graphs: readonly SearchedGraph[] = [broken, whole];
  const logged: string[] = [];
  const steps = ownSteps(() => graphs, (_run, entries) => {
    logged.push(...entries.map(({ message }) => message));
    return Promise.resolve();
  });
  const run = () =>
    steps.merge_outer_edges?.("run", new AbortController().signal);
  await assert.rejects(async () => await run(), {
    message: /^Graph "broken": /,
  });
  assert.deepEqual(logged, [
    'There is no node "nowhere"',
    'There is no node "somewhere"',
  ]);
  const removed = graphs;
  graphs = [whole];
  let asked = 0;
  const others = ownSteps(() => asked++ === 0 ? removed : graphs, () => {
    return Promise.resolve();
  });
  await others.merge_outer_edges?.("run", new AbortController().signal);
  assert.equal(asked, 2);
});
