import { isSkymapError } from "@skymap/lib/errors";
import assert from "node:assert/strict";
import { prepareDataDir } from "./data_dir.ts";
import { openDatabase } from "./open.ts";
import { openTestDatabase } from "./test_database.ts";
import { startProcess, type TestProcess } from "./test_process.ts";

const KEY = "a key for tests, made of many letters";

const at = await openTestDatabase();

function opening(dataDir: string, then: string): TestProcess {
  return startProcess(`
    import { openDatabase } from "DIRopen.ts";
    import { RecordId } from "@skymap/lib/db";
    try {
      const db = await openDatabase({
        dataDir: ${JSON.stringify(dataDir)},
        key: ${JSON.stringify(KEY)},
        signal: new AbortController().signal,
      });
      ${then}
    } catch (error) {
      console.log((error.code ?? "?") + ": " + error.message);
      Deno.exit(1);
    }`);
}

async function newDir(name = "data"): Promise<string> {
  const dir = `${await Deno.makeTempDir({ prefix: "skymap-open-" })}/${name}`;
  await prepareDataDir(dir);
  return dir;
}

async function namesIn(dir: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map((entry) => entry.name).sort();
}

Deno.test("openDatabase() makes graphs and lists them", async () => {
  assert.deepEqual(await at.db.graphs(), []);
  const graph = await at.db.graph("prod-2");
  assert.equal(await at.db.graph("prod-2"), graph);
  await at.db.graph("main");
  assert.deepEqual(await at.db.graphs(), ["main", "prod-2"]);
  await graph.query("CREATE node:1 SET a = 1");
  const [other] = await (await at.db.graph("main")).query<[unknown[]]>(
    "SELECT * FROM node",
  );
  assert.deepEqual(other, []);
});

Deno.test("openDatabase() refuses names that no graph can have", async () => {
  const names = ["", "1a", "a b", "a`b", "a/b", "ä", "a".repeat(64), "a\\"];
  for (const name of names) {
    await assert.rejects(
      at.db.graph(name),
      (error) => isSkymapError(error, "graph_unknown"),
      name,
    );
  }
});

Deno.test("openDatabase() keeps files in the data directory, whatever its name", async () => {
  for (const name of ["a b", "c%20d", "e#f", "ü"]) {
    const dir = await newDir(name);
    await using child = opening(
      dir,
      `await db.graph("main"); await db[Symbol.asyncDispose]();
      console.log("closed");`,
    );
    assert.equal(await child.line(), "closed");
    // It ends by itself: nothing holds a process whose database is closed.
    assert.equal(await child.ended, 0);
    assert.deepEqual(await namesIn(dir), ["db", "skymap.json"]);
  }
});

Deno.test("openDatabase() keeps what was answered when it is killed", async () => {
  const dir = await newDir();
  let last = -1;
  for (let round = 0; round < 2; round++) {
    await using child = opening(
      dir,
      `const session = await db.graph("main");
      const [found] = await session.query("SELECT VALUE id FROM node");
      console.log(found.length);
      await db.system.live("LIVE SELECT * FROM action", {}, () => {});
      await session.live("LIVE SELECT * FROM change", {}, () => {});
      for (let n = found.length;; n++) {
        await session.query("CREATE $id", { id: new RecordId("node", n) });
        console.log(n);
      }`,
    );
    const found = Number(await child.line());
    assert.ok(found > last, `${found} found, ${last} answered`);
    for (let n = 0; n < 50; n++) last = Number(await child.line());
    await child.kill();
  }
});

Deno.test("openDatabase() forgets live queries of killed processes, and nothing else", async () => {
  const dir = await newDir();
  const inspect = `
    const graph = await db.graph("main");
    const [action] = await db.system.query("INFO FOR TABLE action");
    const [change] = await graph.query("INFO FOR TABLE change");
    const rows = await db.system.query("SELECT * FROM action ORDER BY id");
    console.log(JSON.stringify({ action, change, rows }));`;
  await using first = opening(
    dir,
    `${inspect}
    await db.system.query("CREATE worker:w; INSERT INTO action $rows", {
      rows: Array.from({ length: 100 }, (_, n) => ({
        id: new RecordId("action", n), run: "r", step: "s", timeout_s: 1,
        message_type: "m", subscriber: "w", worker: new RecordId("worker", "w"),
        state: n % 2 ? "pending" : "done", payload: { at: new Date(n) },
      })),
    });
    for (let n = 0; n < 5; n++) {
      await db.system.live("LIVE SELECT * FROM action", {}, () => {});
      await graph.live("LIVE SELECT * FROM change", {}, () => {});
    }
    const [{ lives }] = await db.system.query("INFO FOR TABLE action");
    console.log(Object.keys(lives).length);
    console.log(JSON.stringify(await db.system.query("SELECT * FROM action ORDER BY id")));
    setInterval(() => {}, 1000);`,
  );
  const fresh = JSON.parse(await first.line() ?? "");
  assert.equal(await first.line(), "5");
  const rows = JSON.parse(await first.line() ?? "");
  assert.equal(rows[0].length, 100);
  await first.kill();
  await using second = opening(dir, `${inspect} Deno.exit(0);`);
  assert.deepEqual(JSON.parse(await second.line() ?? ""), { ...fresh, rows });
});

Deno.test("openDatabase() says that another process has the files", async () => {
  await using second = opening(at.dataDir, "");
  assert.match(await second.line() ?? "", /^data_dir_locked: Cannot open/);
});

Deno.test("openDatabase() says that files are damaged", async () => {
  const dir = await newDir();
  await using first = opening(
    dir,
    `await db.graph("main"); await db[Symbol.asyncDispose]();`,
  );
  await first.ended;
  for await (const entry of Deno.readDir(`${dir}/db`)) {
    if (!entry.name.startsWith("MANIFEST")) continue;
    await Deno.writeTextFile(`${dir}/db/${entry.name}`, "x".repeat(500));
  }
  await using second = opening(dir, `console.log("opened");`);
  assert.match(await second.line() ?? "", /^database_corrupt: Cannot open/);
});

Deno.test("openDatabase() says that it cannot write", async () => {
  await using child = opening("/proc/skymap", "");
  assert.match(await child.line() ?? "", /^data_dir_unusable: Cannot open/);
});

Deno.test("openDatabase() gives up when it is told to", async () => {
  await assert.rejects(
    openDatabase({
      dataDir: await newDir(),
      key: KEY,
      signal: AbortSignal.abort(new Error("enough")),
    }),
    /enough/,
  );
});

Deno.test("openDatabase() wants a user for a server", async () => {
  await assert.rejects(
    openDatabase({
      dataDir: await newDir(),
      url: "ws://127.0.0.1:1/rpc",
      key: KEY,
      signal: AbortSignal.timeout(5000),
    }),
    (error) => isSkymapError(error, "config_invalid"),
  );
});

Deno.test("openDatabase() says that no server answers, without its password", async () => {
  await assert.rejects(
    openDatabase({
      dataDir: await newDir(),
      url: "ws://root:secret@127.0.0.1:1/rpc",
      key: KEY,
      signal: AbortSignal.timeout(5000),
    }),
    (error) =>
      isSkymapError(error, "database_unreachable") &&
      error.message.includes("127.0.0.1:1") &&
      !error.message.includes("secret"),
  );
});
