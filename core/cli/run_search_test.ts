import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { CountsJson } from "@skymap/lib/client";
import { openTestDatabase } from "../db/test_database.ts";
import { mergeAll, openToyGraph, toyMessages } from "../graph/_toy_graph.ts";
import { IndexReader } from "../index/reader.ts";
import { HistorySearch } from "../search/history_search.ts";
import { PointsInTime } from "../search/point_in_time.ts";
import { Searcher } from "../search/searcher.ts";
import {
  runTestLine,
  type TestLineOptions,
  testZoo,
  zooService,
} from "./_test_line.ts";
import type { GraphService, SearchRequest } from "./core_services.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const HOUR = 3_600_000;

/** A graph whose box `a` grows, then goes, an hour each; `b` stays. */
async function world(): Promise<
  { readonly graph: Partial<GraphService> } & AsyncDisposable
> {
  const database = await openTestDatabase();
  let nowMs = START;
  const toy = await openToyGraph(database, { now: () => new Date(nowMs) });
  for (const boxes of [{ a: 1, b: 7 }, { a: 2, b: 7 }, { b: 7 }]) {
    const nodes = Object.fromEntries(
      Object.entries(boxes).map(([id, size]) => [id, { size }]),
    );
    await mergeAll(toy, toyMessages([{ nodes }]), { run: `run${nowMs}` });
    nowMs += HOUR;
  }
  const reader = new IndexReader(toy.graph.index);
  const { model: registry, snapshots } = toy.graph;
  const parts = { reader, registry, snapshots, nowMs: () => nowMs };
  const searcher = new Searcher(parts);
  const history = new HistorySearch(parts);
  const points = new PointsInTime(parts);
  return {
    graph: {
      expand: (text, options) => searcher.expand(text, options),
      search: (form, { text, read = text, ...options }) =>
        searcher.lines(read, form, options),
      coverage: ({ text, read = text, ...options }) =>
        searcher.coverage(read, options),
      counts: ({ text, read = text, ...options }) =>
        searcher.counts(read, options),
      history: (form, { text, read = text, ...options }) =>
        form === "list"
          ? history.changes(read, options)
          : history.aggregate(read, options),
      historyCoverage: ({ text, read = text, ...options }) =>
        searcher.coverage(read, { ...options, isHistory: true }),
      pointInTime: (at, signal, now) =>
        points.resolve(at, {
          signal,
          ...(now !== undefined && { nowMs: now }),
        }),
    },
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await toy.graph[Symbol.asyncDispose]();
    },
  };
}

function hour(at: number): string {
  return new Date(START + at * HOUR).toISOString();
}

async function lines(text: string, options: TestLineOptions) {
  return (await runTestLine(text, options)).text.trimEnd().split("\n");
}

Deno.test("history and the past are searched by lines", async () => {
  await using past = await world();
  const { graph } = past;
  const environment = { now: hour(4) };
  const changes = async (line: string) =>
    (await lines(`no_rewrite=true ${line}`, { graph, environment }))
      .filter(Boolean)
      .map((each) => JSON.parse(each))
      .map(({ change, reported }) => `${change} ${reported.id}`);
  // Both were made at once; their ids decide.
  deepStrictEqual(await changes("history is(toy_box)"), [
    "node_created b",
    "node_created a",
    "node_updated a",
    "node_deleted a",
  ]);
  deepStrictEqual(
    await changes("history | search is(toy_box) | sort size desc | head 1"),
    ["node_created b"],
  );
  deepStrictEqual(await changes("history is(toy_box) | tail 1"), [
    "node_deleted a",
  ]);
  deepStrictEqual(
    await changes("history is(toy_box) | limit 1, 2 | head 1"),
    ["node_created a"],
  );
  deepStrictEqual(
    await changes("history --after 3h --before 1h30m is(toy_box)"),
    ["node_updated a", "node_deleted a"],
  );
  deepStrictEqual(
    await changes("history --change node_deleted,node_updated is(toy_box)"),
    ["node_updated a", "node_deleted a"],
  );
  deepStrictEqual(
    await lines("history is(toy_box) | count id", { graph, environment }),
    ["b: 1", "a: 3", "total matched: 4", "total unmatched: 0"],
  );
  // What `at` says counts from `now`, and an option more than the variable.
  const count = async (line: string) =>
    (await lines(`${line} | count`, { graph, environment }))[0];
  strictEqual(await count("search is(toy_box)"), "total matched: 1");
  strictEqual(await count("at=3h30m search is(toy_box)"), "total matched: 2");
  strictEqual(
    await count("at=3h30m search --at 1m is(toy_box)"),
    "total matched: 1",
  );
});

Deno.test("lines refuse what changes and states do not have", async () => {
  await using past = await world();
  const { graph } = past;
  const cases = [
    ["history is(toy_box) --> all", "query_invalid", /column 21: .* no nav/],
    ["history --change node_grown", "usage", /column 18: .* "node_grown"/],
    ["history --of boxes", "usage", /column 14: .*wanted nodes, edges, all/],
    ["at=1h history", "usage", /column 7: it has no state/],
    [
      "search all | search --at 1h all",
      "usage",
      /column 29: it is about the time "1h"/,
    ],
    ["history | successors", "usage", /directly behind a search of nodes/],
    ["history | head 1 | search all", "usage", /among the first commands/],
    ["history | clean", "usage", /column 11: it gets changes of the past/],
    [
      "search --at 1h all | head 2 | uniq | clean",
      "usage",
      /column 38: it gets nodes as they were at "1h", wanted a search of the/,
    ],
    ["at=1h search all | clean", "usage", /it gets nodes as they were/],
  ] as const;
  for (const [line, code, message] of cases) {
    await rejects(runTestLine(line, { graph }), { code, message }, line);
  }
});

Deno.test("what was found in the past is marked when its ids are meant", async () => {
  await using past = await world();
  const marked: string[] = [];
  const graph: Partial<GraphService> = {
    ...past.graph,
    updateNodes: (patches) => {
      marked.push(...patches.map(({ id }) => id));
      const none = { unchanged: [], missing: [], skipped: [] };
      return Promise.resolve({ updated: marked, ...none });
    },
    nodes: () => Promise.resolve([]),
  };
  const environment = { now: hour(4) };
  for (
    const line of [
      "history is(toy_box) | jq ./id | head 1 | clean",
      "at=3h30m search is(toy_box) limit 1 | clean --undo",
      "at=3h30m search is(toy_box) limit 1 | protect",
    ]
  ) {
    await runTestLine(line, { graph, environment });
  }
  strictEqual(marked.length, 3);
});

Deno.test("an answer tells how complete it is, and is refused if it has to be", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const { notes } = await runTestLine(
    "count=true search all limit 2 | list",
    { graph },
  );
  strictEqual(notes.length, 1);
  const [note] = notes;
  deepStrictEqual(
    note?.type === "coverage" &&
      [note.coverage.stale, note.shown, note.total],
    [1, 2, 5],
  );
  for (
    const line of [
      "require_complete=true search is(zoo_volume)",
      "search --require-complete is(zoo_volume) | count",
      "search is(zoo_cat) | search --require-complete all --> all",
    ]
  ) {
    await rejects(
      runTestLine(line, { graph }),
      { code: "answer_incomplete" },
      line,
    );
  }
  const { text } = await runTestLine(
    "require_complete=true search is(zoo_cat) | count",
    { graph },
  );
  match(text, /^total matched: 3/);
});

Deno.test("a great many nodes are sorted only when somebody asks", async () => {
  const asked: SearchRequest[] = [];
  const total = 100_001;
  const graph: Partial<GraphService> = {
    expand: (text) => text,
    coverage: () => Promise.reject(new Error("replaced below")),
    counts: () => Promise.resolve<CountsJson>({ result: total, total }),
    search: async function* (_form, request) {
      asked.push(request);
      yield await Promise.resolve([]);
    },
  };
  await using zoo = await testZoo();
  const { coverage } = zooService(zoo);
  const run = (line: string) =>
    runTestLine(line, {
      graph: {
        ...graph,
        coverage: () =>
          coverage({ text: "all", signal: new AbortController().signal }),
      },
    });
  const { notes } = await run("search is(zoo_cat)");
  match(JSON.stringify(notes), /100001 nodes come in no order/);
  await run("search is(zoo_cat) and not id(a)");
  await run("search is(zoo_cat) | sort name");
  await run("search is(zoo_cat) and int > 3");
  await run("search is(zoo_cat) | head 3");
  deepStrictEqual(asked.map(({ text }) => text), [
    'is("zoo_cat")',
    '(is("zoo_cat") and not(id("a")))',
    'is("zoo_cat") sort name asc',
    // To count these would cost as much as to find them.
    '(is("zoo_cat") and int > 3) sort /reported.kind asc, ' +
    "/reported.name asc, /reported.id asc",
    'is("zoo_cat") sort /reported.kind asc, /reported.name asc, ' +
    "/reported.id asc limit 3",
  ]);
});

Deno.test("a search is stopped after its time", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const times: (number | undefined)[] = [];
  const timed: Partial<GraphService> = {
    expand: graph.expand,
    counts: graph.counts,
    search: graph.search,
    coverage: (request) => {
      times.push(request.timeoutMs);
      return graph.coverage(request);
    },
  };
  await runTestLine("search_timeout=5s search all", { graph: timed });
  await runTestLine("search_timeout=5s search --timeout 1m all", {
    graph: timed,
  });
  deepStrictEqual(times, [5_000, 60_000]);
  for (
    const line of ["search_timeout=0s search all", "search --timeout 0s all"]
  ) {
    await rejects(runTestLine(line, { graph }), {
      code: "usage",
      message: /more than 0s/,
    }, line);
  }
});

Deno.test("search --explain tells how the fused search is answered", async () => {
  await using zoo = await testZoo();
  const { text } = await runTestLine(
    "search --explain is(zoo_cat) | sort int | head 2",
    { graph: zooService(zoo) },
  );
  match(text, /^search: is\("zoo_cat"\) sort int asc limit 2\nrating: /);
});

Deno.test("search --with-edges gives the edges too", async () => {
  await using zoo = await testZoo();
  const { text } = await runTestLine(
    "no_rewrite=true search --with-edges id(a) --> all",
    { graph: zooService(zoo) },
  );
  deepStrictEqual(
    text.trimEnd().split("\n").map((line) => JSON.parse(line))
      .map(({ type, id, from, to }) => type === "node" ? id : `${from}-${to}`)
      .sort(),
    ["a", "a-b", "b"],
  );
});
