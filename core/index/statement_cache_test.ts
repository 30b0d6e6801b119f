import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { memoryIndex } from "./_memory_index.ts";
import { StatementCache } from "./statement_cache.ts";

Deno.test("StatementCache keeps the statements that were used last", async () => {
  await using index = await memoryIndex();
  const connection = await index.connect();
  {
    using cache = new StatementCache(connection, 2);
    const one = await cache.prepare("select 1, $1");
    const two = await cache.prepare("select 2, $1");
    strictEqual(await cache.prepare("select 1, $1"), one);
    await cache.prepare("select 3, $1");
    strictEqual(cache.size, 2);
    strictEqual(await cache.prepare("select 1, $1"), one);
    ok(await cache.prepare("select 2, $1") !== two);
    const long = `select $1, '${"x".repeat(40_000)}'`;
    ok(await cache.prepare(long) !== await cache.prepare(long));
    strictEqual(cache.size, 2);
  }
  connection.closeSync();
});

Deno.test("StatementCache has no memory of values and of older states of tables", async () => {
  await using index = await memoryIndex();
  const connection = await index.connect();
  using cache = new StatementCache(connection);
  await index.run("create table t(k varchar, v bigint)");
  const ask = async (sql: string, values: (string | number)[]) => {
    const statement = await cache.prepare(sql);
    statement.bind(values);
    const reader = await statement.runAndReadAll();
    cache.release(statement);
    return reader.getRowsJS().flat().map(Number);
  };
  const all = async () => [
    ...await ask("select count(*) from t where k = $1", ["b"]),
    ...await ask("select count(*) from t where k <> $1 and v is null", ["x"]),
    ...await ask("select count(*) from t where v is null", []),
    ...await ask("select count(v) from t where $1::double = 1", [1]),
    ...await ask("select max(v), count(v) from t", []),
    ...await ask(
      "select count(*) from t x join t y on x.v = y.v where y.k in ($1, $2)",
      ["a", "z"],
    ),
  ];
  deepStrictEqual(await all(), [0, 0, 0, 0, 0, 0, 0]);
  await index.run("insert into t select 'a', i from range(1, 51) r(i)");
  deepStrictEqual(await all(), [0, 0, 0, 50, 50, 50, 50]);
  deepStrictEqual(await all(), [0, 0, 0, 50, 50, 50, 50]);
  await index.run("insert into t values ('b', 1000), ('b', null)");
  deepStrictEqual(await all(), [2, 1, 1, 51, 1000, 51, 50]);
  await index.run("delete from t where v < 1000");
  await index.run("insert into t select 'z', i from range(5000) r(i)");
  deepStrictEqual(await all(), [2, 1, 1, 5001, 4999, 5001, 5001]);
  await index.run("alter table t add column w integer");
  deepStrictEqual(await all(), [2, 1, 1, 5001, 4999, 5001, 5001]);
  await index.run("drop table t");
  await index.run("create table t(k varchar, v bigint)");
  deepStrictEqual(await all(), [0, 0, 0, 0, 0, 0, 0]);
});
