import assert from "node:assert/strict";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { backup } from "./backup.ts";
import { openEmbedded } from "./db/embedded.ts";
import { openDatabase, readPendingRestore } from "./db/mod.ts";
import { serveEngine } from "./db/test_server.ts";
import { mergeAll, TOY_MODEL, toyId, toyMessages } from "./graph/_toy_graph.ts";
import { Graphs } from "./graphs.ts";
import { restore } from "./restore.ts";
import { type ToySeries, toySeries } from "./timeseries/_toy_series.ts";

const { signal } = new AbortController();
const B1 = toyId("toy_box", "b1");

/**
 * A core with a database of its own. An embedded engine cannot be opened twice by
 * one process, so it is served as a database server is.
 */
async function openCore() {
  const dataDir = await Deno.makeTempDir({ prefix: "skymap-restore-" });
  const stop = new AbortController();
  const engine = await openEmbedded(`${dataDir}/db`, stop.signal);
  {
    await using owner = await engine.openSession({});
    await owner.query("DEFINE USER me ON ROOT PASSWORD 'secret' ROLES OWNER");
  }
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => serveEngine(engine, request),
  );
  const openDb = () =>
    openDatabase({
      dataDir,
      key: "a key for tests, made of many letters",
      signal: stop.signal,
      url: `ws://me:secret@127.0.0.1:${server.addr.port}`,
    });
  let db = await openDb();
  let graphs = await Graphs.open(db, dataDir, signal);
  const close = async () => {
    await graphs[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  };
  return {
    get db() {
      return db;
    },
    get graphs() {
      return graphs;
    },
    async fill(name: string, size: number): Promise<void> {
      const graph = graphs.get(name);
      await graph.updateModel(TOY_MODEL);
      await mergeAll({ graph }, toyMessages([{ nodes: { b1: { size } } }]));
    },
    /** As if core had been started anew. */
    async restart(): Promise<void> {
      await close();
      db = await openDb();
      graphs = await Graphs.open(db, dataDir, signal);
    },
    async [Symbol.asyncDispose]() {
      await close();
      stop.abort();
      await engine[Symbol.asyncDispose]();
      await server.shutdown();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

type Core = Awaited<ReturnType<typeof openCore>>;

async function bytesOf({ db, graphs }: Core): Promise<Uint8Array> {
  const now = () => new Date("2026-01-01T00:00:00Z");
  const source = { database: db, graphs, now, signal };
  return new Uint8Array(await new Response(backup(source)).arrayBuffer());
}

function into({ db, graphs }: Core, bytes: Uint8Array, force = false) {
  return restore(
    { database: db, graphs },
    ReadableStream.from([bytes.slice(0, 100), bytes.slice(100)]),
    { force, signal },
  );
}

async function sizeOf({ graphs }: Core, name: string): Promise<unknown> {
  return (await graphs.get(name).node(B1))?.reported.size;
}

async function rowsOf({ db }: Core, table: string): Promise<unknown[]> {
  const [rows] = await db.system.query<[unknown[]]>(
    "SELECT * FROM type::table($table) ORDER BY id",
    { table },
  );
  return rows;
}

/** What is kept of a time series, and its values. */
async function seriesOf({ graphs }: Core, name: string): Promise<unknown[]> {
  const { series } = seriesAt(graphs.get(name).session);
  const query = { start: "2026-01-01", end: "2026-01-02" };
  const { points } = await series.get("boxes", query, signal);
  return [await series.list(), await Array.fromAsync(points)];
}

function seriesAt(session: DbSession): ToySeries {
  return toySeries(session, Date.UTC(2026, 0, 1, 6));
}

/** Rows of every shape that the control plane has. */
async function addRows({ db }: Core): Promise<void> {
  const at = new Date("2026-02-03T04:05:06.789Z");
  const rows = {
    config: [{ id: "a.b", value: { $time: "no time", list: [1, null, "ü"] } }],
    job: [{ id: "j1", at, none: undefined }],
    plugin_reaction: [{ id: ["main", "p", "r"], sequence: 3 }],
    run: [
      { id: "done", state: "done", at, by: new RecordId("worker", "w1") },
      { id: "open", state: "running", at },
    ],
    run_log: Array.from({ length: 450 }, (_, id) => ({ id, message: `${id}` })),
  };
  for (const [table, list] of Object.entries(rows)) {
    for (const { id, ...row } of list) {
      await db.system.query("CREATE $id CONTENT $row RETURN NONE", {
        id: new RecordId(table, id as string),
        row,
      });
    }
  }
}

Deno.test("restore() makes an empty core what the other one was, after a start", async () => {
  await using one = await openCore();
  await one.fill("main", 1);
  await one.graphs.get("main").snapshots.create("first");
  await one.fill("main", 2);
  await seriesAt(one.graphs.get("main").session)
    .take("boxes", [["eu", "a", 3], ["us", "b", 4]]);
  await one.graphs.copy("main", "test", { signal });
  await one.graphs.get("test").updateNodes(
    [{ id: B1, desired: { clean: true } }],
    { signal },
  );
  await addRows(one);
  const bytes = await bytesOf(one);
  await using two = await openCore();
  assert.deepEqual(await into(two, bytes), {
    created_at: "2026-01-01T00:00:00.000Z",
    graphs: ["main", "test"],
    rows: 454,
    restart: true,
  });
  // Nothing has happened yet, and a second one has to be forced.
  assert.deepEqual(two.graphs.names(), ["main"]);
  assert.equal(await sizeOf(two, "main"), undefined);
  assert.deepEqual(await rowsOf(two, "job"), []);
  assert.deepEqual((await readPendingRestore(two.db.system))?.graphs, [
    "main",
    "test",
  ]);
  await assert.rejects(into(two, bytes), {
    code: "conflict",
    message: /another one waits/,
  });
  await into(two, bytes, true);
  await two.restart();
  assert.deepEqual(two.graphs.names(), ["main", "test"]);
  for (const graph of two.graphs.all()) {
    assert.deepEqual((await graph.verify()).differences, []);
    const before = one.graphs.get(graph.name);
    assert.equal(graph.sequence, before.sequence);
    assert.deepEqual(await graph.node(B1), await before.node(B1));
    const series = await seriesOf(two, graph.name);
    assert.deepEqual(series, await seriesOf(one, graph.name));
    assert.match(JSON.stringify(series), /"v":3,.*"v":4,/);
    assert.deepEqual(
      await graph.snapshots.list(),
      await before.snapshots.list(),
    );
  }
  for (const table of ["config", "job", "plugin_reaction", "run_log"]) {
    assert.deepEqual(await rowsOf(two, table), await rowsOf(one, table));
  }
  // A run that had not ended would go on twice.
  assert.deepEqual(
    await rowsOf(two, "run"),
    (await rowsOf(one, "run")).slice(0, 1),
  );
  assert.equal(await readPendingRestore(two.db.system), undefined);
  assert.deepEqual(await two.db.places.leftOver(), []);
  await two.restart();
  assert.equal(await sizeOf(two, "test"), 2);
});

Deno.test("restore() replaces what is there when forced to, and says what else", async () => {
  await using one = await openCore();
  await one.fill("main", 1);
  const bytes = await bytesOf(one);
  await using two = await openCore();
  await two.fill("main", 7);
  await two.graphs.copy("main", "other", { signal });
  await addRows(two);
  await assert.rejects(into(two, bytes), {
    code: "conflict",
    message: /graph "main" with 3 nodes and "other" with 3 nodes; all graphs/,
  });
  await into(two, bytes, true);
  assert.equal(await sizeOf(two, "main"), 7);
  await two.restart();
  assert.deepEqual(two.graphs.names(), ["main"]);
  assert.equal(await sizeOf(two, "main"), 1);
  assert.deepEqual(await rowsOf(two, "job"), []);
});

Deno.test("restore() leaves nothing of what is no whole backup", async () => {
  await using one = await openCore();
  await one.fill("main", 1);
  await addRows(one);
  const bytes = await bytesOf(one);
  const text = await new Response(
    new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
      .pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const packed = async (changed: string) =>
    new Uint8Array(
      await new Response(
        new Blob([changed]).stream()
          .pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer(),
    );
  const lines = text.split("\n");
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(), /^Cannot restore backup: /],
    [new TextEncoder().encode(text), /its bytes cannot be read/],
    [bytes.slice(0, -500), /its bytes cannot be read/],
    [await packed(lines.slice(1).join("\n")), /does not begin as a backup/],
    [await packed(lines.slice(0, 3).join("\n")), /ends before its last line/],
    [
      await packed(text.replace('"version":1', '"version":9')),
      /version 9, this version of Skymap reads 1/,
    ],
    [await packed(text.replace('"j1"', '"j2"')), /its checksum does not fit/],
    [
      await packed(text.replace('"size\\":1', '"size\\":4')),
      /Cannot import graph: it was changed/,
    ],
    [
      await packed(text.replace('"table":"job"', '"table":"worker"')),
      /rows of table "worker"/,
    ],
    [await packed(`${text}{}\n`), /more follows it/],
  ];
  await using two = await openCore();
  for (const [wrong, message] of cases) {
    await assert.rejects(into(two, wrong), { code: "body_invalid", message });
    assert.equal(await readPendingRestore(two.db.system), undefined);
    assert.deepEqual(await two.db.places.leftOver(), []);
    assert.deepEqual(await rowsOf(two, "restore_row"), []);
  }
  assert.deepEqual(two.graphs.names(), ["main"]);
  await into(two, bytes);
});
