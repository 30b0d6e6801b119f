import assert from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import { isSkymapError, type SkymapError } from "@skymap/lib/errors";
import type { LedgerEntryJson } from "@skymap/lib/client";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  toBody,
  type ToyGraph,
  toyId,
  toyMessages,
} from "./_toy_graph.ts";
import { openGraph } from "./open_graph.ts";
import { cloudNodeId } from "./scope_key.ts";
import { readHistory } from "./record.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** Runs with a new graph; afterwards record and index agree. */
async function withGraph(
  test: (toy: ToyGraph) => Promise<void>,
  options: Parameters<typeof openToyGraph>[1] = {},
): Promise<void> {
  const toy = await openToyGraph(database, options);
  await using _graph = toy.graph;
  await test(toy);
  assert.deepEqual((await toy.graph.verify()).differences, []);
}

async function ledger({ graph }: ToyGraph): Promise<LedgerEntryJson[]> {
  return await Array.fromAsync(graph.ledger());
}

async function changes({ graph, session }: ToyGraph): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const { text } of readHistory(session, 0, graph.sequence)) {
    for (const json of text.split("\n")) {
      const line = JSON.parse(json);
      if (!("scope" in line)) lines.push(line);
    }
  }
  return lines;
}

async function thrown(work: Promise<unknown>): Promise<SkymapError> {
  try {
    await work;
  } catch (error) {
    if (isSkymapError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

Deno.test("merge() keeps nodes of a failed scope and says why", async () => {
  await withGraph(async (toy) => {
    await mergeAll(toy, toyMessages([{ nodes: { b1: {}, b2: {} } }]), {
      run: "run1",
    });
    const error = {
      code: "AccessDenied",
      message: "No",
      permission: "toy:ListBoxes",
    };
    const report = await mergeAll(
      toy,
      toyMessages([{ nodes: { b2: { name: "x" }, b3: {} }, failed: error }]),
    );
    assert.deepEqual(
      [report.nodes_created, report.nodes_updated, report.nodes_deleted],
      [1, 1, 0],
    );
    assert.deepEqual(report.failed, [{
      cloud: "toy",
      account: "a1",
      region: "",
      kind: "toy_box",
      ...error,
    }]);
    const [entry] = await ledger(toy);
    assert.equal(entry?.status, "failed");
    assert.deepEqual(entry?.error, error);
    assert.equal(entry?.count, 2);
    assert.ok(entry?.last_success !== undefined);
    const node = await toy.graph.node(toyId("toy_box", "b1"));
    assert.equal(node?.stale?.reason, "AccessDenied: No");
    assert.equal(node?.stale?.since, entry?.last_success);
    // A complete listing clears it, and deletes what is not there.
    const mended = await mergeAll(toy, toyMessages([{ nodes: { b2: {} } }]));
    assert.equal(mended.nodes_deleted, 2);
    const after = await toy.graph.node(toyId("toy_box", "b2"));
    assert.equal(after?.stale, undefined);
    assert.equal((await ledger(toy))[0]?.error, undefined);
  });
});

Deno.test("merge() keeps an edge that is still listed when its end is gone", async () => {
  await withGraph(async (toy) => {
    const [from, to] = [toyId("toy_box", "b1"), toyId("toy_box", "b2")];
    const edges = [{ from, to, reported: { weight: 1 } }];
    await mergeAll(
      toy,
      toyMessages([{ nodes: { b1: {}, b2: {} }, edges }]),
    );
    const report = await mergeAll(
      toy,
      toyMessages([{ nodes: { b1: {} }, edges }]),
    );
    assert.equal(report.nodes_deleted, 1);
    // Only the one to the container; record and index agree afterwards.
    assert.equal(report.edges_deleted, 1);
  });
});

Deno.test("merge() refuses what does not fit and nothing else", async () => {
  await withGraph(async (toy) => {
    const id = toyId("toy_box", "b1");
    const report = await mergeAll(toy, [
      ...toyMessages([
        {
          nodes: {
            b1: { size: 1 },
            b2: { size: "large" },
            b3: { colour: "red" },
            b4: { parts: [{ slot: 1 }, { slot: true }] },
            b5: { instance_status: "odd" },
            b6: { born: "2026-02-31" },
          },
          edges: [
            { from: id, to: "nothing" },
            { from: id, to: id, edge_type: "odd" as never },
            { from: toyId("toy_box", "x"), to: toyId("toy_box", "y") },
            // Its end was refused above: that was said already.
            { from: toyId("toy_box", "b2"), to: toyId("toy_disk", "d") },
          ],
        },
        { kind: "toy_boxx", nodes: { b1: {} } },
        { kind: "toy_disk", nodes: { d1: {} } },
      ]),
    ]);
    assert.equal(report.nodes_created, 2);
    assert.equal(report.scopes_complete, 1);
    assert.equal(report.scopes_failed, 2);
    assert.equal(report.rejected, 9);
    const text = report.rejections.map(({ line, code, message }) =>
      `${line} ${code} ${message}`
    ).join("\n");
    for (
      const part of [
        `3 node_invalid Cannot merge "toy_box" "b2": reported.size is "large", expected int64`,
        `4 node_invalid Cannot merge "toy_box" "b3": reported.colour is no property of kind "toy_box"`,
        `reported.parts[1].slot is true, expected int64`,
        `reported.instance_status is "odd", expected one of "running"`,
        `reported.born is "2026-02-31", expected datetime`,
        `edge_invalid`,
        `kind_unknown Cannot merge "toy_boxx": no plugin declared this kind, did you mean "toy_box"?`,
      ]
    ) assert.ok(text.includes(part), `${part}\nin\n${text}`);
    assert.deepEqual(
      (await ledger(toy)).map(({ kind, status, error }) =>
        `${kind} ${status} ${error?.code}`
      ),
      [
        "toy_box failed node_invalid",
        "toy_boxx failed kind_unknown",
        "toy_disk complete undefined",
      ],
    );
  });
});

Deno.test("merge() lists the first 100 rejections and counts all", async () => {
  await withGraph(async (toy) => {
    const nodes = Object.fromEntries(
      Array.from({ length: 150 }, (_, at) => [`b${at}`, { size: "x" }]),
    );
    const report = await mergeAll(toy, toyMessages([{ nodes }]));
    assert.equal(report.rejected, 150);
    assert.equal(report.rejections.length, 100);
  });
});

Deno.test("merge() keeps what was closed when the stream is cut", async () => {
  await withGraph(async (toy) => {
    await mergeAll(toy, toyMessages([{ kind: "toy_disk", nodes: { d1: {} } }]));
    const messages = toyMessages([
      { nodes: { b1: {} } },
      { kind: "toy_disk", nodes: {} },
    ]);
    const error = await thrown(mergeAll(toy, messages.slice(0, -2)));
    assert.equal(error.code, "merge_truncated");
    assert.equal(error.details.open, 1);
    assert.equal(
      (error.details.report as { nodes_created: number }).nodes_created,
      1,
    );
    assert.ok(await toy.graph.node(toyId("toy_box", "b1")));
    assert.ok(await toy.graph.node(toyId("toy_disk", "d1")));
    const half = JSON.stringify(messages.at(-1)).slice(0, 5);
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new TextEncoder().encode(half));
    }
    const { signal } = new AbortController();
    const within = await thrown(toy.graph.merge(cut(), { signal }));
    assert.equal(within.code, "merge_truncated");
    assert.match(within.message, /within line 1/);
  });
});

Deno.test("merge() names line and column of what it cannot read", async () => {
  await withGraph(async (toy) => {
    const good = toyMessages([{ nodes: { b1: {} } }]).slice(0, -1);
    const cases: [string, RegExp, Record<string, unknown>][] = [
      ['{"type":"node",}', /line 4.*column 16/, { line: 4, column: 16 }],
      ["5", /it is 5, expected an object/, { line: 4 }],
      ['{"type":"nod"}', /its "type" is "nod"/, { line: 4 }],
      ['{"type":"scope","scope":2,"state":"x"}', /its "state" is "x"/, {}],
      [
        '{"type":"node","scope":9,"id":"x","reported":{}}',
        /scope 9 is not open/,
        {},
      ],
      ['{"type":"node","scope":1,"reported":{}}', /the "id" of its "node"/, {}],
      [
        '{"type":"scope","scope":2,"state":"open","cloud":"","account":"a","region":"","kind":"k"}',
        /the "cloud" of its "scope"/,
        {},
      ],
    ];
    for (const [line, expected, details] of cases) {
      const error = await thrown(mergeAll(toy, [...good, line]));
      assert.equal(error.code, "merge_malformed", line);
      assert.match(error.message, expected);
      for (const [key, value] of Object.entries(details)) {
        assert.equal(error.details[key], value, line);
      }
    }
    const late = await thrown(mergeAll(toy, [...toyMessages([]), ...good]));
    assert.match(late.message, /it follows the "end" message/);
    assert.ok(await toy.graph.node(toyId("toy_box", "b1")));
    const { signal } = new AbortController();
    async function* bad(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array([123, 255, 254, 10]));
    }
    const bytes = await thrown(toy.graph.merge(bad(), { signal }));
    assert.match(bytes.message, /not UTF-8/);
  });
});

Deno.test("merge() refuses a scope that the stream has open", async () => {
  await withGraph(async (toy) => {
    const [open] = toyMessages([{}]);
    const error = await thrown(
      mergeAll(toy, [open, { ...open, scope: 2 }] as never),
    );
    assert.match(error.message, /another scope of this stream is open/);
    // One after the other is no fault.
    const report = await mergeAll(
      toy,
      toyMessages([{ nodes: { b1: {} } }, { nodes: { b2: {} } }]),
    );
    assert.deepEqual([report.nodes_created, report.nodes_deleted], [2, 1]);
  });
});

Deno.test("merge() marks what a whole collect does not mention", async () => {
  await withGraph(async (toy) => {
    const both = [{ nodes: { b1: {} } }, {
      kind: "toy_disk",
      nodes: { d1: {} },
    }];
    await mergeAll(toy, toyMessages(both));
    const collected = { cloud: "toy", account: "a1" };
    await mergeAll(toy, toyMessages(both.slice(0, 1), { collected }));
    const states = async (): Promise<string[]> =>
      (await ledger(toy)).map(({ account, kind, status }) =>
        `${account} ${kind} ${status}`
      );
    assert.deepEqual(await states(), [
      "a1 toy_box complete",
      "a1 toy_disk unmentioned",
    ]);
    assert.ok(await toy.graph.node(toyId("toy_disk", "d1")));
    const failed = {
      type: "account_failed",
      cloud: "toy",
      account: "a1",
      error: { code: "Denied", message: "No" },
    } as const;
    const report = await mergeAll(toy, [failed, { type: "end" }]);
    assert.equal(report.scopes_failed, 2);
    assert.deepEqual(await states(), [
      "a1 toy_box failed",
      "a1 toy_disk failed",
    ]);
    // An account nobody saw before shows up as well.
    await mergeAll(toy, [{ ...failed, account: "a2" }, { type: "end" }]);
    assert.equal((await states())[2], "a2 toy_account failed");
  });
});

Deno.test("retire() deletes accounts that are gone, and nothing else", async () => {
  const clock = new FakeClock();
  const now = (): Date => new Date(clock.now());
  await withGraph(async (toy) => {
    const inAccount = (account: string) => [
      { account, kind: "toy_account", nodes: { [account]: {} } },
      {
        account,
        nodes: { b1: {}, b2: {} },
        edges: [{
          from: toyId("toy_box", "b1", account),
          to: toyId("toy_box", "b1", account === "a1" ? "a2" : "a1"),
        }],
      },
    ];
    await mergeAll(toy, toyMessages([...inAccount("a1"), ...inAccount("a2")]));
    assert.equal(await toy.graph.retire({ cloud: "toy", account: "a1" }), 0);
    const list = (...accounts: string[]) =>
      mergeAll(toy, [{ type: "accounts", cloud: "toy", accounts }, {
        type: "end",
      }]);
    await list("a2");
    assert.deepEqual(
      (await ledger(toy)).map(({ account, status }) => `${account} ${status}`),
      ["a1 gone", "a1 gone", "a2 complete", "a2 complete"],
    );
    assert.equal(await toy.graph.retireExpired(1000), 0);
    await clock.advance(2000);
    assert.equal(await toy.graph.retireExpired(1000), 3);
    assert.equal(await toy.graph.node(toyId("toy_box", "b1")), undefined);
    assert.equal((await ledger(toy)).length, 2);
    // The edge of a2 to what is gone stays a2's, and comes back with it.
    assert.deepEqual((await toy.graph.verify()).differences, []);
    await mergeAll(toy, toyMessages(inAccount("a1")));
    await list();
    assert.equal(await toy.graph.retire({ cloud: "toy" }), 6);
    assert.deepEqual(await ledger(toy), []);
    assert.equal(await toy.graph.node(cloudNodeId("toy")), undefined);
    const again = await mergeAll(toy, toyMessages(inAccount("a1")));
    assert.equal(again.nodes_created, 3);
    assert.ok(await toy.graph.node(cloudNodeId("toy")));
  }, { now });
});

Deno.test("merge() refuses what is nested too deep, and nothing else", async () => {
  await withGraph(async (toy) => {
    const nested = (levels: number): JsonObject =>
      JSON.parse(`${'{"free":'.repeat(levels)}1${"}".repeat(levels)}`);
    const [from, to] = [toyId("toy_box", "deep"), toyId("toy_disk", "d1")];
    const report = await mergeAll(
      toy,
      toyMessages([
        { nodes: { deep: nested(60), deeper: nested(101) } },
        {
          kind: "toy_disk",
          nodes: { d1: {} },
          edges: [
            { from, to, reported: nested(100) },
            { from, to, reported: nested(101), edge_type: "delete" },
          ],
        },
      ]),
    );
    assert.deepEqual(report.rejections.map(({ code }) => code), [
      "node_invalid",
      "edge_invalid",
    ]);
    assert.match(
      report.rejections[1]?.message ?? "",
      /^Cannot merge edge: expected at most 100 levels of lists and objects$/,
    );
    const deepest = await toy.graph.merge(
      new Blob([
        JSON.stringify({
          type: "scope",
          scope: 1,
          state: "open",
          cloud: "toy",
          account: "a1",
          region: "",
          kind: "toy_box",
        }),
        `\n{"type":"node","scope":1,"id":"x","reported":{"free":${
          "[".repeat(50_000)
        }${"]".repeat(50_000)}}}`,
        '\n{"type":"scope","scope":1,"state":"complete"}\n{"type":"end"}\n',
      ]).stream(),
      { signal: new AbortController().signal },
    );
    assert.match(
      deepest.rejections[0]?.message ?? "",
      /"x": expected at most 100 levels/,
    );
    assert.deepEqual((await toy.graph.verify()).differences, []);
  });
});

Deno.test("resolveDeferredEdges() lets no account connect what is others'", async () => {
  await withGraph(async (toy) => {
    const own = toyId("toy_box", "b1");
    const foreign = ["b2", "b3"].map((id) => toyId("toy_box", id, "a2"));
    const [one = "", two = ""] = foreign;
    await mergeAll(
      toy,
      toyMessages([
        { account: "a2", nodes: { b2: {}, b3: {} } },
        {
          nodes: { b1: {} },
          deferred: [
            {
              from: { node_id: one },
              to: { node_id: two },
              edge_type: "delete",
            },
            { from: { search: "one" }, to: { search: "two" } },
            { from: { node_id: "root" }, to: { node_id: one } },
            { from: { node_id: own }, to: { node_id: one } },
          ],
        },
      ]),
    );
    const report = await toy.graph.resolveDeferredEdges((search) =>
      Promise.resolve([search === "one" ? one : two])
    );
    assert.deepEqual([report.declared, report.created], [4, 1]);
    assert.deepEqual(
      report.unresolved,
      [[one, two], [one, two], ["root", one]].map(([from, to]) =>
        `The edge from "${from}" to "${to}" connects no node of account "a1" ` +
        `of cloud "toy", which declared it`
      ),
    );
  });
});

Deno.test("resolveDeferredEdges() follows what is declared", async () => {
  await withGraph(async (toy) => {
    const [one, two] = [toyId("toy_box", "b1"), toyId("toy_disk", "d1")];
    const deferred = [
      { from: { node_id: one }, to: { search: "the disk" } },
      { from: { node_id: one }, to: { search: "two disks" } },
      { from: { node_id: one }, to: { node_id: toyId("toy_box", "none") } },
    ];
    const boxes = (list: typeof deferred) => ({
      nodes: { b1: {} },
      deferred: list,
    });
    const disks = { kind: "toy_disk", nodes: { d1: {} } };
    await mergeAll(toy, toyMessages([boxes(deferred), disks]));
    const find = (search: string): Promise<string[]> =>
      search === "broken"
        ? Promise.reject(new Error("no answer"))
        : Promise.resolve(search === "the disk" ? [two] : [one, two]);
    const first = await toy.graph.resolveDeferredEdges(find, "run1");
    assert.deepEqual(
      [first.declared, first.resolved, first.created, first.deleted],
      [3, 1, 1, 0],
    );
    assert.equal(first.unresolved.length, 2);
    const { sequence } = toy.graph;
    const same = await toy.graph.resolveDeferredEdges(find);
    assert.deepEqual([same.created, same.deleted], [0, 0]);
    assert.equal(toy.graph.sequence, sequence);
    // A search that fails takes nothing away.
    const broken = [{ from: { node_id: one }, to: { search: "broken" } }];
    await mergeAll(toy, toyMessages([boxes(broken), disks]));
    assert.equal((await toy.graph.resolveDeferredEdges(find)).deleted, 0);
    await mergeAll(toy, toyMessages([boxes([]), disks]));
    assert.equal((await toy.graph.resolveDeferredEdges(find)).deleted, 1);
  });
});

Deno.test("merge() writes history with what changed", async () => {
  await withGraph(async (toy) => {
    const disk = (reported: Record<string, never | string | number>) =>
      mergeAll(
        toy,
        toyMessages([{ kind: "toy_disk", nodes: { d1: reported } }]),
        {
          run: "run1",
        },
      );
    await disk({ name: "one", size: 1, seen: 1 });
    const { sequence } = toy.graph;
    await disk({ name: "two", size: "1", seen: 2 });
    await disk({ name: "two", size: 1, seen: 3 });
    await mergeAll(toy, toyMessages([{ kind: "toy_disk" }]));
    const lines = (await changes(toy)).slice(sequence) as Record<
      string,
      unknown
    >[];
    assert.deepEqual(
      lines.map(({ type, changed, quiet }) => [type, changed, quiet]),
      [
        ["node_updated", ["reported.name", "reported.seen"], undefined],
        ["node_updated", ["reported.seen"], true],
        ["node_deleted", undefined, undefined],
        ["edge_deleted", undefined, undefined],
      ],
    );
  });
});

Deno.test("merge() writes scopes larger than a transaction whole", async () => {
  await withGraph(async (toy) => {
    const many = (count: number, size: number) =>
      toyMessages([{
        nodes: Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`b${at}`, { size }]),
        ),
        edges: Array.from({ length: count - 1 }, (_, at) => ({
          from: toyId("toy_box", `b${at}`),
          to: toyId("toy_box", `b${at + 1}`),
          edge_type: "delete" as const,
        })),
      }]);
    const first = await mergeAll(toy, many(3000, 1));
    assert.deepEqual([first.nodes_created, first.edges_created], [3000, 5999]);
    const [entry] = await ledger(toy);
    assert.deepEqual([entry?.status, entry?.count], ["complete", 3000]);
    const { sequence } = await mergeAll(toy, many(3000, 1));
    assert.equal(sequence, first.sequence);
    const second = await mergeAll(toy, many(2500, 2));
    assert.deepEqual(
      [second.nodes_updated, second.nodes_deleted, second.edges_deleted],
      [2500, 500, 1000],
    );
  });
});

Deno.test("merge() writes large nodes and refuses larger ones", async () => {
  await withGraph(async (toy) => {
    const free = "x".repeat(1_000_000);
    const nodes = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`b${at}`, { free, size: at }]),
    );
    const report = await mergeAll(toy, toyMessages([{ nodes }]));
    assert.equal(report.nodes_created, 20);
    const large = { free: "x".repeat(5_000_000) };
    const refused = await mergeAll(toy, toyMessages([{ nodes: { large } }]));
    assert.match(
      refused.rejections[0]?.message ?? "",
      /it has 50000\d\d characters as JSON, expected at most 4194304/,
    );
  });
});

Deno.test("merge() finishes a scope that was written half", async () => {
  let writes = 0;
  const faults = {
    beforeRecord: () => {
      if (++writes === 4) throw new Error("killed");
    },
  };
  await withGraph(async (toy) => {
    const edges = Array.from({ length: 2500 }, (_, at) => ({
      from: toyId("toy_box", "b0"),
      to: toyId("toy_box", `x${at}`),
    }));
    const nodes = { b0: {} };
    await mergeAll(toy, toyMessages([{ nodes }]));
    writes = 2;
    await assert.rejects(mergeAll(toy, toyMessages([{ nodes, edges }])));
    assert.equal((await ledger(toy))[0]?.error?.code, "interrupted");
    assert.deepEqual((await toy.graph.verify()).differences, []);
    // The edges are as they were before: the ledger must not believe it.
    const report = await mergeAll(toy, toyMessages([{ nodes }]));
    assert.ok(report.edges_deleted > 0);
    assert.equal((await ledger(toy))[0]?.status, "complete");
  }, { faults });
});

Deno.test("merge() mends the index in the middle of a scope", async () => {
  let writes = 0;
  const faults = {
    inIndex: () => {
      if (++writes === 3) throw new Error("out of memory");
    },
  };
  await withGraph(async (toy) => {
    const nodes = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`b${at}`, {}]),
    );
    const report = await mergeAll(toy, toyMessages([{ nodes }]));
    assert.equal(report.nodes_created, 5000);
    assert.ok(writes >= 3);
  }, { faults });
});

Deno.test("merge() makes an index anew that cannot be mended", async () => {
  let broken = false;
  const notices: string[] = [];
  await withGraph(async (toy) => {
    await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
    // Somebody writes past core: catching up would go on from a wrong state.
    const connection = await toy.graph.index.connect();
    await connection.run("update meta set applied_commit = 999999");
    connection.closeSync();
    broken = true;
    await mergeAll(toy, toyMessages([{ nodes: { b1: {}, b2: {} } }]));
    assert.equal(notices.length, 1);
    await mergeAll(toy, toyMessages([{ nodes: { b2: {} } }]));
  }, {
    onNotice: (notice) => notices.push(notice),
    faults: {
      inIndex: () => {
        if (broken) {
          broken = false;
          throw new Error("something odd");
        }
      },
    },
  });
});

Deno.test("openGraph() makes a damaged or foreign index anew", async () => {
  const { graph, session, directory } = await openToyGraph(database);
  await mergeAll({ graph }, toyMessages([{ nodes: { b1: {}, b2: {} } }]));
  const path = graph.index.path;
  await graph[Symbol.asyncDispose]();
  const { name } = graph;
  const damages: [string, () => Promise<void>][] = [
    ["empty", () => Deno.writeFile(path, new Uint8Array())],
    ["text", () => Deno.writeTextFile(path, "not a database at all")],
    ["overwritten", async () => {
      using file = await Deno.open(path, { write: true });
      const { size } = await file.stat();
      // All but the headers: some blocks are free and nobody would miss them.
      await file.seek(20_000, Deno.SeekMode.Start);
      await file.write(new Uint8Array(size - 20_000).fill(7));
    }],
    ["older", async () => {
      const index = await openGraph({
        name,
        session,
        indexDirectory: directory,
      });
      const connection = await index.index.connect();
      await connection.run("update meta set version = version - 1");
      connection.closeSync();
      await index[Symbol.asyncDispose]();
    }],
    ["foreign", async () => {
      const index = await openGraph({
        name,
        session,
        indexDirectory: directory,
      });
      const connection = await index.index.connect();
      await connection.run("update meta set record = 'another'");
      connection.closeSync();
      await index[Symbol.asyncDispose]();
    }],
    ["newer", async () => {
      const index = await openGraph({
        name,
        session,
        indexDirectory: directory,
      });
      const connection = await index.index.connect();
      await connection.run("update meta set applied_commit = 1e6::bigint");
      connection.closeSync();
      await index[Symbol.asyncDispose]();
    }],
    ["unfinished", () => Deno.writeTextFile(`${directory}/new.duckdb`, "x")],
  ];
  for (const [what, damage] of damages) {
    // Each one meets the file that the last one left.
    const [{ name: file } = { name: "" }] = (await Array.fromAsync(
      Deno.readDir(directory),
    )).filter(({ name }) => /^\d+\.duckdb$/.test(name));
    if (`${directory}/${file}` !== path) {
      await Deno.rename(`${directory}/${file}`, path);
    }
    await damage();
    const notices: string[] = [];
    await using again = await openGraph({
      name,
      session,
      indexDirectory: directory,
      onNotice: (notice) => notices.push(notice),
    });
    assert.equal(notices.length, what === "unfinished" ? 0 : 1, what);
    if (what === "newer") {
      assert.match(notices[0] ?? "", /record has lost its latest changes/);
    }
    assert.deepEqual((await again.verify()).differences, [], what);
  }
});

Deno.test("openGraph() says when an index lies beside an empty record", async () => {
  const { graph, directory } = await openToyGraph(database);
  await mergeAll({ graph }, toyMessages([{ nodes: { b1: {} } }]));
  await graph[Symbol.asyncDispose]();
  const notices: string[] = [];
  const empty = await openToyGraph(database, {
    indexDirectory: directory,
    onNotice: (notice) => notices.push(notice),
  });
  await empty.graph[Symbol.asyncDispose]();
  assert.equal(notices.length, 1);
});

Deno.test("merge() runs streams that share scopes one after another", async () => {
  await withGraph(async (toy) => {
    const streams = Array.from({ length: 6 }, (_, at) =>
      mergeAll(
        toy,
        toyMessages([
          { nodes: { b1: { size: at }, [`b${at}`]: {} } },
          { kind: "toy_disk", nodes: { d1: { size: at } } },
          { account: `only${at}`, nodes: { b1: {} } },
        ]),
      ));
    const reports = await Promise.all(streams);
    assert.equal(
      reports.reduce((sum, report) => sum + report.scopes_complete, 0),
      18,
    );
  });
});

Deno.test("merge() refuses streams that wait for each other", async () => {
  await withGraph(async (toy) => {
    const [box, disk] = toyMessages([{}, { kind: "toy_disk" }])
      .filter((message) =>
        message.type === "scope" && message.state === "open"
      );
    const { signal } = new AbortController();
    const gates = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    async function* stream(first: unknown, second: unknown, at: number) {
      yield* toBody([first as never]);
      gates[at]?.resolve();
      await gates[1 - at]?.promise;
      yield* toBody([second as never]);
      yield* toBody([
        { type: "scope", scope: 1, state: "complete" },
        { type: "scope", scope: 2, state: "complete" },
        { type: "end" },
      ]);
    }
    const settled = await Promise.allSettled([
      toy.graph.merge(stream(box, disk, 0), { signal, source: "one" }),
      toy.graph.merge(stream(disk, box, 1), { signal, source: "two" }),
    ]);
    const failed = settled.flatMap((one) =>
      one.status === "rejected" ? [one.reason] : []
    );
    assert.equal(failed.length, 1);
    assert.equal(failed[0].code, "conflict");
  });
});

Deno.test("merge() stops when it is aborted", async () => {
  await withGraph(async (toy) => {
    const stop = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield* toBody(toyMessages([{ nodes: { b1: {} } }]).slice(0, -1));
      stop.abort(new Error("stopped"));
      yield* toBody([{ type: "end" }]);
    }
    await assert.rejects(
      toy.graph.merge(endless(), { signal: stop.signal }),
      /stopped/,
    );
    assert.ok(await toy.graph.node(toyId("toy_box", "b1")));
  });
});

Deno.test("merge() keeps any text and any number as it is", async () => {
  await withGraph(async (toy) => {
    const free = {
      "": 0,
      'a`b\\c"d': [1.5, -0.25, 1e21, 1e-9, 9007199254740991, 2 ** 60, -5],
      emoji: "😀 ⟨x⟩ \u2028",
      nested: { list: [[], {}, null, [null, { a: [] }]] },
      constructor: "x",
      id: "y",
      in: "z",
    };
    const tags = { "aws:x/y.z": "1", "k`": "v'", empty: "" };
    await mergeAll(
      toy,
      toyMessages([{ nodes: { "b/1": { free, tags, name: "\n\t\\" } } }]),
    );
    const node = await toy.graph.node(toyId("toy_box", "b/1"));
    assert.deepEqual(node?.reported.free, free);
    assert.deepEqual(node?.reported.tags, tags);
    // What databases refuse is replaced.
    await mergeAll(
      toy,
      toyMessages([{ nodes: { "b/1": { name: "a\u0000b\ud800c" } } }]),
    );
    const cleaned = await toy.graph.node(toyId("toy_box", "b/1"));
    assert.equal(cleaned?.reported.name, "a\ufffdb\ufffdc");
  });
});

Deno.test("compact() keeps everything and lets searches go on", async () => {
  await withGraph(async (toy) => {
    await mergeAll(toy, toyMessages([{ nodes: { b1: {}, b2: {} } }]));
    await mergeAll(toy, toyMessages([{ nodes: { b1: { name: "x" } } }]));
    const { generation } = toy.graph.index;
    const old = await toy.graph.index.connect();
    await toy.graph.compact();
    assert.notEqual(toy.graph.index.generation, generation);
    const reader = await old.runAndReadAll(
      "select count(*)::integer from node",
    );
    assert.equal(reader.getRowsJS()[0]?.[0], 5);
    old.closeSync();
    const report = await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
    assert.equal(report.nodes_updated, 1);
    assert.equal(await toy.graph.compactIfGrown(), false);
  });
});
