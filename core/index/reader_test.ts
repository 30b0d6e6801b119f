import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { memoryIndex } from "./_memory_index.ts";
import { IndexReader, type ReaderStatement } from "./reader.ts";

/** Rows enough for several chunks; the last is the sentinel. */
const MANY: ReaderStatement = {
  sql: "select i::varchar as line from range(10000) t(i) union all select null",
  parameters: [],
};

/** Runs for minutes unless it is interrupted. */
const ENDLESS: ReaderStatement = {
  sql:
    "select max(a.i * b.i)::varchar as line from range(1000000) a(i), range(1000000) b(i) union all select null",
  parameters: [],
};

async function all(
  texts: AsyncIterable<readonly string[]>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const some of texts) found.push(...some);
  return found;
}

function hasCode(code: Parameters<typeof isSkymapError>[1]) {
  return (error: unknown) => isSkymapError(error, code);
}

Deno.test("IndexReader.texts() gives every row and not the sentinel", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const found = await all(reader.texts(MANY));
  strictEqual(found.length, 10_000);
  strictEqual(found.at(-1), "9999");
});

Deno.test("IndexReader binds values of every kind", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const rows = await reader.rows({
    sql:
      "select $1::varchar, $2::double, $3::boolean, len($4::varchar[]), 7::hugeint, len($5::varchar[])",
    parameters: ["a'b;--", 1.5, true, ["x", "y"], []],
  });
  deepStrictEqual(rows, [["a'b;--", 1.5, true, 2, 7, 0]]);
});

Deno.test("IndexReader.texts() tells an answer that broke off from a whole one", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const late: ReaderStatement = {
    sql:
      "select case when i = 9999 then error('late') else i::varchar end as line from range(10000) t(i) union all select null",
    parameters: [],
  };
  await rejects(all(reader.texts(late)), (error) => {
    ok(isSkymapError(error), String(error));
    ok(error.message.includes("late"), error.message);
    return true;
  });
  const endsEarly: ReaderStatement = {
    sql: "select 'x' as line",
    parameters: [],
  };
  await rejects(all(reader.texts(endsEarly)), hasCode("index_failed"));
});

Deno.test("IndexReader stops a statement when its signal aborts", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const controller = new AbortController();
  const running = all(reader.texts(ENDLESS, { signal: controller.signal }));
  const rows = reader.rows(ENDLESS, { signal: controller.signal });
  const startedAt = performance.now();
  queueMicrotask(() => controller.abort(new Error("gone")));
  await rejects(running, (error) => {
    ok(isSkymapError(error, "query_interrupted"), String(error));
    strictEqual((error.cause as Error).message, "gone");
    return true;
  });
  await rejects(rows, hasCode("query_interrupted"));
  ok(performance.now() - startedAt < 5_000);
  // The connection serves the next one.
  strictEqual((await all(reader.texts(MANY))).length, 10_000);
});

Deno.test("IndexReader stops a statement that takes too long", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  await rejects(
    all(reader.texts(ENDLESS, { timeoutMs: 5 })),
    (error) => {
      ok(isSkymapError(error, "query_interrupted"), String(error));
      ok(error.message.includes("5 ms"), error.message);
      return true;
    },
  );
});

Deno.test("IndexReader stops between rows that nobody takes in time", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const controller = new AbortController();
  const texts = reader.texts(MANY, { signal: controller.signal });
  await texts.next();
  controller.abort();
  await rejects(all(texts), hasCode("query_interrupted"));
});

Deno.test("IndexReader answers more searches than it has connections", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index, { connections: 2 });
  const busy = new AbortController();
  const running = [1, 2].map(() =>
    rejects(all(reader.texts(ENDLESS, { signal: busy.signal })))
  );
  // Both are taken; this one waits, and gives up when it is cancelled.
  const controller = new AbortController();
  const waiting = all(reader.texts(MANY, { signal: controller.signal }));
  controller.abort();
  await rejects(waiting, hasCode("query_interrupted"));
  const patient = Array.from({ length: 5 }, () => all(reader.texts(MANY)));
  busy.abort();
  await Promise.all(running);
  for (const found of await Promise.all(patient)) {
    strictEqual(found.length, 10_000);
  }
});

Deno.test("IndexReader answers others while the callers of open answers do not read on", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index, { connections: 2 });
  const open = Array.from({ length: 5 }, () => reader.texts(MANY));
  const begun: number[] = [];
  for (const texts of open) {
    const { value } = await texts.next();
    begun.push(value?.length ?? 0);
  }
  strictEqual((await all(reader.texts(MANY))).length, 10_000);
  // A caller that goes away gives back no more than it had.
  await open.pop()?.return(undefined);
  const rest = await Promise.all(open.map(all));
  for (const [at, found] of rest.entries()) {
    strictEqual(found.length + (begun[at] ?? 0), 10_000);
  }
  const after = await Promise.all([1, 2, 3].map(() => all(reader.texts(MANY))));
  deepStrictEqual(after.map(({ length }) => length), [10_000, 10_000, 10_000]);
});

Deno.test("IndexReader leaves connections of an older file behind", async () => {
  await using index = await memoryIndex();
  let connected = 0;
  const source = {
    generation: 1,
    connect: () => {
      connected++;
      return index.connect();
    },
  };
  await using reader = new IndexReader(source);
  await all(reader.texts(MANY));
  await all(reader.texts(MANY));
  strictEqual(connected, 1);
  source.generation = 2;
  await all(reader.texts(MANY));
  strictEqual(connected, 2);
});

Deno.test("IndexReader says what a statement lacks", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  await index.run("set memory_limit = '30MB'");
  await index.run("set max_temp_directory_size = '0KB'");
  await rejects(
    all(reader.texts({
      sql:
        "select string_agg(repeat('x', 1000) || i, ',' order by i)::varchar as line from range(1000000) t(i) union all select null",
      parameters: [],
    })),
    hasCode("query_too_large"),
  );
  await rejects(
    reader.rows({
      sql: "select regexp_matches('a', $1, 'i')",
      parameters: ["a("],
    }),
    hasCode("query_invalid"),
  );
  strictEqual((await all(reader.texts(MANY))).length, 10_000);
});

Deno.test("IndexReader refuses work when it is closed", async () => {
  await using index = await memoryIndex();
  const reader = new IndexReader(index);
  await reader[Symbol.asyncDispose]();
  await rejects(all(reader.texts(MANY)), hasCode("unavailable"));
});

Deno.test("IndexReader counts the wait for a connection as time of the search", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index, { connections: 1 });
  const busy = new AbortController();
  const running = rejects(all(reader.texts(ENDLESS, { signal: busy.signal })));
  const late = (error: unknown) => {
    ok(isSkymapError(error, "query_interrupted"), String(error));
    ok(error.message.includes("longer than 5 ms"), error.message);
    return true;
  };
  await rejects(all(reader.texts(MANY, { timeoutMs: 5 })), late);
  await rejects(reader.rows(MANY, { timeoutMs: 5 }), late);
  busy.abort();
  await running;
  // What an earlier reading for the same answer took is gone.
  const since = performance.now() - 60_000;
  await rejects(
    reader.rows(MANY, { timeoutMs: 60_000, since }),
    hasCode("query_interrupted"),
  );
  strictEqual((await all(reader.texts(MANY))).length, 10_000);
});

Deno.test("IndexReader lets go of the memory of an answer that is left half read", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const memory = async (): Promise<number> => {
    const rows = await reader.rows({
      sql: "select sum(memory_usage_bytes)::double from duckdb_memory()",
      parameters: [],
    });
    return Number(rows[0]?.[0]);
  };
  const before = await memory();
  const sorted: ReaderStatement = {
    sql:
      "select line from (select repeat(md5(i::varchar), 20) as line from range(50000) t(i) order by md5(line)) union all select null",
    parameters: [],
  };
  const texts = reader.texts(sorted);
  await texts.next();
  const during = await memory();
  ok(during - before > 20e6, `${before} to ${during} bytes`);
  await texts.return(undefined);
  const after = await memory();
  ok(after - before < 2e6, `${before} to ${after} bytes`);
});
