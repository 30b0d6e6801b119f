import assert from "node:assert/strict";
import { runTestLine, type TestLineOptions } from "./cli/_test_line.ts";
import type { CoreServices, GraphService } from "./cli/core_services.ts";
import { openTestDatabase } from "./db/test_database.ts";
import { linesOf } from "./graph/mod.ts";
import { mergeAll, TOY_MODEL, toyMessages } from "./graph/_toy_graph.ts";
import { Graphs } from "./graphs.ts";
import { createSystemService } from "./system_service.ts";
import { FakeClock } from "@skymap/lib/testing";

const { signal } = new AbortController();

/** Core's graphs, and lines over them. */
async function openWorld() {
  const database = await openTestDatabase();
  const graphs = await Graphs.open(database.db, database.dataDir, signal);
  const main = graphs.get("main");
  await main.updateModel(TOY_MODEL);
  await mergeAll(
    { graph: main },
    toyMessages([{ nodes: { b1: { size: 1 }, b2: {} } }]),
  );
  const services: Partial<CoreServices> = {
    graphs: () => graphs.names(),
    graph: (name) => {
      const graph = graphs.get(name);
      const service: Partial<GraphService> = {
        size: () => graph.size(),
        export: (signal) => graph.export(signal),
        snapshots: {
          list: async () =>
            (await graph.snapshots.list()).map(({ label, sequence, at }) => ({
              label,
              sequence,
              at,
              created_at: at,
            })),
          create: async (label) => {
            const { sequence, at } = await graph.snapshots.create(label);
            return { label, sequence, at, created_at: at };
          },
          remove: async (label) => void await graph.snapshots.remove(label),
        },
      };
      return service as GraphService;
    },
    graphSet: {
      create: (name) => graphs.create(name),
      import: (name, body, options) =>
        graphs.import(name, linesOf(body), options),
      copy: (from, to, options) => graphs.copy(from, to, options),
      remove: (name) => graphs.remove(name),
    },
    system: createSystemService({
      database: database.db,
      graphs,
      subscribers: { list: () => [] },
      plugins: { active: () => ({ plugins: [], inactive: [] } as never) },
      clock: new FakeClock(Date.UTC(2026, 0, 10)),
      dataDir: database.dataDir,
      signal,
    }),
  };
  return {
    graphs,
    run: (line: string, options: TestLineOptions = {}) =>
      runTestLine(line, { ...options, services }),
    [Symbol.asyncDispose]: async () => {
      await graphs[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

Deno.test("graph copies, lists and deletes, and says what is lost before", async () => {
  await using world = await openWorld();
  const { graphs, run } = world;
  const size = "4 nodes, 3 edges, 10 changes of its history and 0 snapshots";
  assert.equal(
    (await run("graph copy test")).text,
    `Graph "test" has ${size} now\n`,
  );
  assert.equal(
    (await run("graph create empty")).text,
    'Graph "empty" has 0 nodes, 0 edges, 0 changes of its history and ' +
      "0 snapshots now\n",
  );
  const rows = (await run("graph list | format --ndjson")).text.trim()
    .split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ name, nodes, snapshots }) => [name, nodes, snapshots]),
    [["empty", 0, 0], ["main", 4, 0], ["test", 4, 0]],
  );
  await assert.rejects(run("graph copy main test"), { code: "conflict" });
  const forced = await run("graph copy --force empty test");
  assert.deepEqual(forced.notes, [{
    type: "message",
    level: "warning",
    text: `Graph "test" is replaced: ${size}`,
  }]);
  await assert.rejects(run("graph delete test"), {
    code: "usage",
    message: 'Cannot delete graph "test": 0 nodes, 0 edges, 0 changes of its ' +
      'history and 0 snapshots would be lost, wanted "graph delete --force ' +
      'test"',
  });
  assert.match(
    (await run("graph delete --force test")).text,
    /^Graph "test" was deleted: 0 nodes/,
  );
  await assert.rejects(run("graph delete --force main"), { code: "conflict" });
  assert.deepEqual(graphs.names(), ["empty", "main"]);
});

Deno.test("graph exports to a file and imports it", async () => {
  await using world = await openWorld();
  const { graphs, run } = world;
  const { files } = await run("graph export main.ndjson");
  const content = files.get("main.ndjson") ?? "";
  assert.match(content, /^\{"type":"skymap_graph","version":2,/);
  await assert.rejects(run("graph export main ../main.ndjson"), {
    code: "usage",
    message: /lies in a folder/,
  });
  await assert.rejects(run("graph import copy x/main.ndjson"), {
    code: "files_required",
  });
  const sent = { files: { "x/main.ndjson": content } };
  await run("graph import copy x/main.ndjson", sent);
  await assert.rejects(run("graph import copy x/main.ndjson", sent), {
    code: "conflict",
  });
  await run("graph=copy graph import --force x/main.ndjson", sent);
  assert.equal((await graphs.get("copy").size()).nodes, 4);
  assert.deepEqual((await graphs.get("copy").verify()).differences, []);
});

Deno.test("graph snapshot and snapshots name states", async () => {
  await using world = await openWorld();
  const { run } = world;
  await run("graph copy test; graph snapshot test before; graph snapshot one");
  await run("graph=test snapshots create two");
  assert.match((await run("snapshots list")).text, /label=one/);
  const list = await run("graph=test snapshots list | format {label}");
  assert.deepEqual(list.text.trim().split("\n").sort(), ["before", "two"]);
  await run("graph=test snapshots delete two");
  assert.doesNotMatch(
    (await run("graph=test snapshots list")).text,
    /two/,
  );
});

Deno.test("system tells what runs, backs up and restores", async () => {
  await using world = await openWorld();
  const { run } = world;
  const info = async () =>
    (await run("system info | format --ndjson")).text.trim().split("\n")
      .map((line) => JSON.parse(line));
  const [core, main] = await info();
  assert.equal(core.part, "core");
  assert.equal(core.database, "embedded");
  assert.ok(core.database_bytes > 0 && core.memory_bytes > 0);
  assert.deepEqual(
    [main.name, main.nodes, main.sequence, main.index_sequence],
    ["main", 4, 10, 10],
  );
  const { files } = await run("system backup create");
  assert.deepEqual([...files.keys()], [
    "skymap-backup-2026-01-10T000000Z.gz",
  ]);
  await assert.rejects(run("system backup restore"), { code: "usage" });
  await assert.rejects(run("system backup create --force x.gz"), {
    code: "usage",
  });
  const sent = { files: { "x.gz": new Blob(["no backup"]) } };
  await assert.rejects(run("system backup restore x.gz", sent), {
    code: "conflict",
    message: /there is graph "main" with 4 nodes/,
  });
  await assert.rejects(run("system backup restore --force x.gz", sent), {
    code: "body_invalid",
  });
});

Deno.test("what changes graphs is for operators", async () => {
  await using world = await openWorld();
  const caller = { subject: "m", role: "metrics" } as const;
  for (
    const line of [
      "graph copy test",
      "graph create test",
      "graph delete --force main",
      "graph import test x",
      "graph snapshot x",
      "snapshots create x",
      "snapshots delete x",
      "system backup restore x",
      "plugins disable demo",
      "plugins run demo x",
    ]
  ) {
    await assert.rejects(world.run(line, { caller }), {
      code: "permission_denied",
    }, line);
  }
});
