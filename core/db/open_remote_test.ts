import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import assert from "node:assert/strict";
import { openEmbedded } from "./embedded.ts";
import { openDatabase } from "./open.ts";
import { serveEngine } from "./test_server.ts";

const stop = new AbortController();
const dataDir = await Deno.makeTempDir({ prefix: "skymap-remote-" });
const engine = await openEmbedded(`${dataDir}/db`, stop.signal);
{
  await using owner = await engine.openSession({});
  await owner.query("DEFINE USER me ON ROOT PASSWORD 'p@ss/word' ROLES OWNER");
}
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  (request) => serveEngine(engine, request),
);
const host = `127.0.0.1:${server.addr.port}`;

Deno.test.afterAll(async () => {
  stop.abort();
  await engine[Symbol.asyncDispose]();
  await server.shutdown();
});

const options = {
  dataDir,
  key: "a key for tests, made of many letters",
  signal: stop.signal,
};

Deno.test("openDatabase() uses a server as it uses the engine", async () => {
  await using db = await openDatabase({
    ...options,
    url: `ws://me:${encodeURIComponent("p@ss/word")}@${host}`,
  });
  const answer = db.gateway(new Request("http://127.0.0.1/rpc"));
  assert.equal(answer.status, 426);
  const graph = await db.graph("main");
  assert.deepEqual(await db.graphs(), ["main"]);
  const seen: string[] = [];
  await using _live = await graph.live(
    "LIVE SELECT * FROM change",
    {},
    (action) => seen.push(action),
  );
  await graph.query("CREATE change:1 SET n = 1");
  await until(() => seen.length === 1);
  const [rows] = await db.system.query<[unknown[]]>("SELECT * FROM migration");
  assert.ok(rows.length > 0);
});

Deno.test("openDatabase() lets two cores race for a new server", async () => {
  const owner = await engine.openSession({});
  const open = () =>
    openDatabase({
      ...options,
      url: `ws://${host}`,
      user: { username: "me", password: "p@ss/word" },
    });
  await owner.query("REMOVE NAMESPACE IF EXISTS skymap");
  const dbs = await Promise.all([open(), open(), open()]);
  await Promise.all(dbs.map((db) => db.graph("main")));
  for (const db of dbs) {
    const [rows] = await db.system.query<[unknown[]]>(
      "SELECT * FROM migration",
    );
    assert.ok(rows.length > 0);
    await db[Symbol.asyncDispose]();
  }
});

Deno.test("openDatabase() says that a server refuses its password", async () => {
  await assert.rejects(
    openDatabase({
      ...options,
      url: `ws://${host}`,
      user: { username: "me", password: "wrong" },
    }),
    (error) =>
      isSkymapError(error, "database_denied") &&
      !error.message.includes("wrong"),
  );
});
