import assert from "node:assert/strict";
import { keptTables } from "./db/mod.ts";
import { openTestDatabase, type TestDatabase } from "./db/test_database.ts";
import { linesOf } from "./graph/mod.ts";
import { mergeAll, TOY_MODEL, toyId, toyMessages } from "./graph/_toy_graph.ts";
import { Graphs } from "./graphs.ts";
import { toySeries } from "./timeseries/_toy_series.ts";

let database: TestDatabase;
Deno.test.beforeEach(async () => {
  database = await openTestDatabase();
});
Deno.test.afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();
const B1 = toyId("toy_box", "b1");

function open(): Promise<Graphs> {
  return Graphs.open(database.db, database.dataDir, signal);
}

async function fill(graphs: Graphs, name: string, size: number): Promise<void> {
  const graph = graphs.get(name);
  await graph.updateModel(TOY_MODEL);
  await mergeAll({ graph }, toyMessages([{ nodes: { b1: { size } } }]));
}

async function sizeOf(graphs: Graphs, name: string): Promise<unknown> {
  return (await graphs.get(name).node(B1))?.reported.size;
}

async function leftOver(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${database.dataDir}/index`)) {
    names.push(name.replace(/~.*/, "~"));
  }
  return names.sort();
}

Deno.test("Graphs copies, replaces and removes graphs, and finds them again", async () => {
  {
    await using graphs = await open();
    await fill(graphs, "main", 1);
    await graphs.copy("main", "test", { signal });
    assert.deepEqual(graphs.names(), ["main", "test"]);
    await fill(graphs, "main", 2);
    assert.equal(await sizeOf(graphs, "test"), 1);
    await assert.rejects(graphs.copy("main", "test", { signal }), {
      code: "conflict",
      message: /^Cannot make graph "test": there is one .* with 3 nodes/,
    });
    await assert.rejects(graphs.copy("main", "main", { signal }), {
      code: "conflict",
    });
    const closed: string[] = [];
    graphs.onClose((graph) => {
      closed.push(graph.name);
      return Promise.resolve();
    });
    await graphs.copy("main", "test", { force: true, signal });
    assert.deepEqual(closed, ["test"]);
    assert.equal(await sizeOf(graphs, "test"), 2);
    await graphs.create("empty");
    await assert.rejects(graphs.create("1"), { code: "body_invalid" });
    await assert.rejects(graphs.remove("main"), { code: "conflict" });
    await assert.rejects(graphs.remove("other"), { code: "graph_unknown" });
  }
  {
    await using graphs = await open();
    assert.deepEqual(graphs.names(), ["empty", "main", "test"]);
    assert.equal(await sizeOf(graphs, "test"), 2);
    for (const graph of graphs.all()) {
      assert.deepEqual((await graph.verify()).differences, []);
    }
    await graphs.remove("test");
    await graphs.remove("empty");
    // The default graph can be replaced, though not removed.
    await graphs.copy("main", "second", { signal });
    await fill(graphs, "second", 7);
    await graphs.copy("second", "main", { force: true, signal });
    await graphs.remove("second");
  }
  await using graphs = await open();
  assert.deepEqual(graphs.names(), ["main"]);
  assert.equal(await sizeOf(graphs, "main"), 7);
  assert.deepEqual(await leftOver(), ["main~"]);
  assert.deepEqual(await database.db.places.leftOver(), []);
});

Deno.test("Graphs copies time series, and removes them with their graph", async () => {
  await using graphs = await open();
  await fill(graphs, "main", 1);
  const seriesOf = (name: string) => toySeries(graphs.get(name).session);
  await seriesOf("main").take("boxes", [["eu", "a", 3]]);
  await graphs.copy("main", "test", { signal });
  // Each goes on by itself.
  await seriesOf("main").series.remove("boxes");
  const { series } = seriesOf("test");
  const { points } = await series.get("boxes", {}, signal);
  assert.deepEqual(
    (await Array.fromAsync(points)).flat().map(({ v }) => v),
    [3],
  );
  await graphs.remove("test");
  await graphs.create("test");
  assert.deepEqual(await seriesOf("test").series.list(), []);
});

Deno.test("Graphs leaves nothing of an import that fails", async () => {
  await using graphs = await open();
  await fill(graphs, "main", 1);
  const bytes: Uint8Array[] = [];
  const lines = graphs.get("main").export(signal);
  for await (const text of lines) bytes.push(new TextEncoder().encode(text));
  const cut = linesOf(ReadableStream.from(bytes.slice(0, -1)));
  await assert.rejects(
    graphs.import("main", cut, { force: true, signal }),
    { code: "body_invalid" },
  );
  const stop = new AbortController();
  async function* stopped() {
    for await (const line of linesOf(ReadableStream.from(bytes))) {
      yield line;
      stop.abort(new Error("enough"));
    }
  }
  await assert.rejects(
    graphs.import("other", stopped(), { signal: stop.signal }),
    /enough/,
  );
  assert.deepEqual(graphs.names(), ["main"]);
  assert.equal(await sizeOf(graphs, "main"), 1);
  assert.deepEqual(await leftOver(), ["main"]);
  assert.deepEqual(await database.db.places.leftOver(), []);
  await graphs.import("other", linesOf(ReadableStream.from(bytes)), { signal });
  assert.equal(await sizeOf(graphs, "other"), 1);
});

Deno.test("Graphs removes what a core left that was killed", async () => {
  {
    await using graphs = await open();
    await fill(graphs, "main", 1);
    await graphs.copy("main", "gone", { signal });
  }
  // As if the process had ended in the midst of an import and of a removal.
  const { places } = database.db;
  const draft = await places.draft("main");
  const session = await database.db.draft(draft);
  await session.query("CREATE node:a SET v = 1");
  await Deno.mkdir(`${database.dataDir}/index/${draft.place}`);
  await places.forget("gone");
  await using graphs = await open();
  assert.deepEqual(graphs.names(), ["main"]);
  assert.equal(await sizeOf(graphs, "main"), 1);
  assert.deepEqual(await leftOver(), ["main"]);
  assert.deepEqual(await places.leftOver(), []);
});

Deno.test("Graphs keeps the last word of each graph, until it is removed", async () => {
  const { system } = database.db;
  const words = async () => {
    const [rows] = await system.query<[Record<string, unknown>[]]>(
      "SELECT * OMIT id, at FROM graph_change ORDER BY graph",
    );
    return rows;
  };
  await system.query("CREATE graph_change:left SET graph = 'left'");
  {
    await using graphs = await open();
    const any = { after: 0, last: 0, kinds: null };
    assert.deepEqual(await words(), [{ graph: "main", ...any }]);
    await fill(graphs, "main", 1);
    const { sequence } = graphs.get("main");
    await graphs.create("test");
    await graphs.copy("main", "copy", { signal });
    assert.deepEqual(
      (await words()).map(({ graph, last, kinds }) => [
        graph,
        last,
        kinds === null,
      ]),
      [
        ["copy", sequence, true],
        ["main", sequence, false],
        ["test", 0, true],
      ],
    );
    await graphs.copy("main", "test", { force: true, signal });
    await graphs.remove("copy");
    assert.deepEqual(
      (await words()).map(({ graph, last, kinds }) => [
        graph,
        last,
        kinds === null,
      ]),
      [["main", sequence, false], ["test", sequence, true]],
    );
  }
  await using _graphs = await open();
  assert.deepEqual(
    (await words()).map(({ kinds }) => kinds),
    [null, null],
    "a core that is started knows not what was missed",
  );
  assert.ok(!(await keptTables(system)).includes("graph_change"));
});
