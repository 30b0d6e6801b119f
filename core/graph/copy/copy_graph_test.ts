import assert from "node:assert/strict";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { openTestDatabase, type TestDatabase } from "../../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  type ToyGraph,
  toyId,
  toyMessages,
} from "../_toy_graph.ts";
import type { Graph } from "../graph.ts";
import { openGraph } from "../open_graph.ts";
import { readEdgePages, readNodePages } from "../record.ts";
import { importGraph } from "./import_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();
let copies = 0;

/** A graph with a past: deleted and failed things, snapshots, patches, prunes. */
async function grownGraph(): Promise<ToyGraph> {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const toy = await openToyGraph(database, { now: () => new Date(now) });
  const { graph } = toy;
  const b1 = toyId("toy_box", "b1");
  const b2 = toyId("toy_box", "b2");
  const steps = [
    [{ nodes: { b1: { size: 1 }, b2: {}, b3: { free: "ü\n" } } }],
    [{
      nodes: { b1: { size: 2 }, b2: {} },
      edges: [
        { from: b1, to: b2, edge_type: "iam" as const, reported: { w: 1 } },
        { from: b2, to: b1, edge_type: "delete" as const },
      ],
      deferred: [{
        from: { node_id: b1 },
        to: { search: "is(toy_disk)" },
      }],
    }],
    [{
      kind: "toy_disk",
      region: "r1",
      nodes: { d1: { size: 5, seen: 1 } },
    }],
    [{ kind: "toy_disk", region: "r1", nodes: { d1: { size: 5, seen: 2 } } }],
    [{
      account: "a2",
      nodes: {},
      failed: { code: "Throttled", message: "Slow down" },
    }],
  ];
  await graph.snapshots.create("empty");
  for (const [at, scopes] of steps.entries()) {
    now += 3_600_000;
    await mergeAll(toy, toyMessages(scopes));
    if (at === 1) await graph.snapshots.create("second");
  }
  now += 3_600_000;
  await graph.updateNodes([
    { id: b1, desired: { clean: true }, metadata: { owner: "me" } },
  ], { signal });
  await graph.prune(2 * 3_600_000);
  await addSeries(toy.session);
  return toy;
}

/** A time series with a point whose values are in two blocks, and an empty one. */
async function addSeries(session: DbSession): Promise<void> {
  const coverage = {
    at: 5,
    scopes: 2,
    complete: 1,
    stale: 1,
    failed: 0,
    gaps: 1,
    named_gaps: ["toy_disk"],
    sequence: 3,
  };
  const point = (at: number, blocks: number) => ({
    id: new RecordId("timeseries_point", ["boxes", at]),
    at,
    span: 0,
    snapshots: 1,
    function: "sum",
    labels: ["region"],
    groups: blocks,
    blocks,
    bytes: blocks * 2,
    coverage,
    incomplete: 1,
  });
  const block = (part: number) => ({
    id: new RecordId("timeseries_block", ["boxes", 5, part]),
    snapshots: 1,
    data: new Uint8Array([part, 255]),
  });
  const series = {
    id: new RecordId("timeseries", "boxes"),
    labels: ["region"],
    oldest: 5,
    newest: 9,
    points: 2,
    values: 2,
    runs: ["run1"],
    search: "aggregate(region as region: sum(1)): all",
    search_since: 9,
  };
  await session.query(
    `INSERT INTO timeseries $series; INSERT INTO timeseries_point $points;
     INSERT INTO timeseries_block $blocks;`,
    {
      series: [series],
      points: [point(5, 2), point(9, 0)],
      blocks: [block(0), block(1)],
    },
  );
}

/** Everything that a record says of the graph, row by row. */
async function contents(session: DbSession): Promise<string[]> {
  const rows: string[] = [];
  const add = (name: string, row: unknown) =>
    rows.push(`${name} ${canonicalJson(JSON.parse(JSON.stringify(row)))}`);
  for await (const { rows } of readNodePages(session)) {
    for (const row of rows) add("node", row);
  }
  for (const type of EDGE_TYPES) {
    for await (const { rows } of readEdgePages(session, type)) {
      for (const row of rows) add(type, row);
    }
  }
  for (
    const table of [
      "history",
      "ledger",
      "kind",
      "deferred_edge",
      "snapshot",
      "timeseries",
      "timeseries_point",
      "timeseries_block",
    ]
  ) {
    const [found] = await session.query<[Json[]]>(`SELECT * FROM ${table}`);
    for (const row of found) add(table, row);
  }
  const [last] = await session.query<[Json[]]>(
    "SELECT * FROM commit ORDER BY id DESC LIMIT 1",
  );
  add("commit", last);
  const [oldest] = await session.query<[Json[]]>("SELECT * FROM meta:oldest");
  add("oldest", oldest);
  return rows.sort();
}

async function linesOf(graph: Graph): Promise<string[]> {
  const lines: string[] = [];
  for await (const text of graph.export(signal)) lines.push(text.trimEnd());
  return lines;
}

async function importInto(
  lines: Iterable<string>,
): Promise<{ graph: Graph; session: DbSession; directory: string }> {
  const name = `copy${++copies}`;
  const session = await database.db.graph(name);
  const directory = `${database.dataDir}/index/${name}`;
  const graph = await importGraph(
    { name, session, indexDirectory: directory, signal },
    ReadableStream.from(lines),
  );
  return { graph, session, directory };
}

Deno.test("importGraph() makes the graph that was exported, with its past", async () => {
  const toy = await grownGraph();
  await using graph = toy.graph;
  const lines = await linesOf(graph);
  const made = await importInto(lines);
  await using copy = made.graph;
  assert.deepEqual(await contents(made.session), await contents(toy.session));
  assert.deepEqual((await copy.verify()).differences, []);
  assert.equal(copy.sequence, graph.sequence);
  assert.deepEqual(
    await copy.node(toyId("toy_box", "b1")),
    await graph.node(toyId("toy_box", "b1")),
  );
  // The copy goes on by itself, and is told apart from what it was made of.
  const merge = toyMessages([{ nodes: { b1: { size: 9 } } }]);
  await mergeAll({ graph: copy }, merge);
  assert.deepEqual((await copy.verify()).differences, []);
  assert.equal(
    (await graph.node(toyId("toy_box", "b1")))?.reported.size,
    2,
  );
  const head = (text: string) => JSON.parse(text);
  const again = await linesOf(graph);
  assert.deepEqual(
    again.slice(1, -1),
    lines.slice(1, -1),
  );
  assert.equal(head(again[0] ?? "").nodes, head(lines[0] ?? "").nodes);
});

Deno.test("importGraph() reads what a Skymap without time series exported", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const lines = (await linesOf(graph)).slice(0, -1)
    .map((line) => line.replace('"version":2', '"version":1'));
  const made = await importInto(await signed(lines));
  await using _copy = made.graph;
  assert.deepEqual(await contents(made.session), await contents(toy.session));
});

Deno.test("importGraph() survives the loss of its index", async () => {
  const toy = await grownGraph();
  await using graph = toy.graph;
  const { graph: copy, session, directory } = await importInto(
    await linesOf(graph),
  );
  await copy[Symbol.asyncDispose]();
  await Deno.remove(directory, { recursive: true });
  await using again = await openGraph({
    name: copy.name,
    session,
    indexDirectory: directory,
  });
  assert.deepEqual((await again.verify()).differences, []);
});

Deno.test("export() of an empty graph makes an empty graph", async () => {
  const { graph } = await openToyGraph(database);
  await using _graph = graph;
  const made = await importInto(await linesOf(graph));
  await using copy = made.graph;
  assert.equal(copy.sequence, 0);
  assert.deepEqual((await copy.verify()).differences, []);
  assert.ok(copy.model.has("toy_box"));
  await mergeAll({ graph: copy }, toyMessages([{ nodes: { b1: {} } }]));
  assert.deepEqual((await copy.verify()).differences, []);
});

Deno.test("export() is of one moment, whatever is merged meanwhile", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const { sequence } = graph;
  const lines: string[] = [];
  for await (const text of graph.export(signal)) {
    if (lines.length === 1) {
      await mergeAll(
        toy,
        toyMessages([{ nodes: { b1: { size: 2 }, b2: {} } }]),
      );
    }
    lines.push(text.trimEnd());
  }
  assert.ok(graph.sequence > sequence);
  const made = await importInto(lines);
  await using copy = made.graph;
  assert.equal(copy.sequence, sequence);
  assert.equal((await copy.node(toyId("toy_box", "b1")))?.reported.size, 1);
  assert.deepEqual((await copy.verify()).differences, []);
});

Deno.test("importGraph() refuses what is not a whole export", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const lines = await linesOf(graph);
  const at = (type: string) => lines.findIndex((line) => line.includes(type));
  const changed = (from: string, to: string) =>
    lines.map((line) => line.replace(from, to));
  const cases: readonly (readonly [string[], RegExp])[] = [
    [[], /it ends after 0 lines/],
    [lines.slice(0, -1), /it ends after \d+ lines, wanted/],
    [["hello"], /line 1 is not JSON/],
    [["{}"], /does not begin as an export of a graph/],
    [lines.slice(1), /it begins with "kinds", wanted the head/],
    [changed('"version":2', '"version":3'), /version 3, this .* reads 1 to 2/],
    [changed('"size\\":1', '"size\\":3'), /its checksum does not fit/],
    [lines.toSpliced(at('"type":"history"'), 1), /its checksum does not fit/],
    [[...lines, lines[1] ?? ""], /follows the end/],
    [[lines[0] ?? "", ...lines], /line 2 is a second head/],
    [
      [lines[0] ?? "", '{"type":"history","first":"1"}'],
      /"first" of line 2 is not what it should be/,
    ],
  ];
  for (const [wrong, message] of cases) {
    await assert.rejects(importInto(wrong), {
      code: "body_invalid",
      message: new RegExp(`^Cannot import graph: .*${message.source}`),
    });
  }
});

/** The lines with another checksum, as somebody would make them on purpose. */
async function signed(lines: readonly string[]): Promise<string[]> {
  const whole = new TextEncoder().encode(
    lines.map((each) => `${each}\n`).join(""),
  );
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  const end = { type: "end", lines: lines.length, sha256: digest.toHex() };
  return [...lines, JSON.stringify(end)];
}

Deno.test("importGraph() refuses what no core would have written, whatever its checksum", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const lines = (await linesOf(graph)).slice(0, -1);
  const scopeAt = lines.findIndex((line) => line.startsWith('{"type":"scope"'));
  const changed = (
    from: RegExp,
    to: string,
  ) =>
    lines.map((line) =>
      line.startsWith('{"type":"scope"') ||
        line.startsWith('{"type":"history"')
        ? line.replace(from, to)
        : line
    );
  const insert = (line: unknown) => lines.toSpliced(1, 0, JSON.stringify(line));
  const at = "2026-01-01T00:00:00.000Z";
  const cases: readonly (readonly [string[], RegExp])[] = [
    [changed(/"sid":\d+/, '"sid":"x"'), /"state" of line \d+ is not/],
    [changed(/"status":"complete"/, '"status":"fine"'), /"state" of line/],
    [changed(/"since":"[^"]*"/, '"since":"never"'), /"state" of line/],
    [changed(/"at":"[^"]*"/, '"at":"never"'), /"at" of line/],
    [
      lines.toSpliced(scopeAt, 0, lines[scopeAt] ?? ""),
      /it has scope .* twice/,
    ],
    [
      lines.toSpliced(1, 0, lines[1] ?? ""),
      /it has kinds of plugin "toy" twice/,
    ],
    [
      lines.filter((line) => !line.startsWith('{"type":"scope"')),
      /\d+ nodes are of scopes that it says nothing of/,
    ],
    [
      insert({ type: "timeseries", name: "x", row: { labels: "a" } }),
      /"row" of line 2 is not/,
    ],
    [
      insert({ type: "timeseries_point", name: "x", at: 1, row: {} }),
      /"row" of line 2 is not/,
    ],
    [
      insert({
        type: "timeseries_point",
        name: "x",
        at: 5,
        row: {
          at: 5,
          span: 0,
          snapshots: 1,
          labels: [],
          groups: 0,
          blocks: 0,
          bytes: 0,
          incomplete: 0,
          coverage: {
            at: 5,
            scopes: 1,
            complete: 1,
            stale: 0,
            failed: 0,
            gaps: 0,
            named_gaps: [],
            sequence: 1,
          },
        },
        blocks: [],
      }),
      /line 2 is of time series "x", of which it says nothing/,
    ],
    [
      insert({ type: "deferred_edges", id: "x", row: { a: 1 } }),
      /"row" of line 2 is not/,
    ],
    [
      insert({
        type: "deferred_edges",
        id: "x",
        row: { scope: ["toy", "a1", "", "toy_box"], edges: "[5]" },
      }),
      /"row" of line 2 is not/,
    ],
    [
      insert({
        type: "snapshot",
        label: "a b",
        sequence: 1,
        at,
        created_at: at,
      }),
      /"label" of line 2 is not/,
    ],
    [
      insert({
        type: "pruned",
        sequence: 1,
        at: "then",
        held: [],
        done: true,
        pruned_at: at,
      }),
      /"at" of line 2 is not/,
    ],
  ];
  for (const [wrong, message] of cases) {
    await assert.rejects(importInto(await signed(wrong)), {
      code: "body_invalid",
      message: new RegExp(`^Cannot import graph: .*${message.source}`),
    });
  }
  const { graph: copy } = await importInto(await signed(lines));
  await copy[Symbol.asyncDispose]();
});
