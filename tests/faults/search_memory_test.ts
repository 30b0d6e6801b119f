import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { SearchIndex } from "../../core/index/search_index.ts";
import { type DenseIndex, denseIndex } from "../helpers/dense_index.ts";

const MEMORY = 128_000_000;

/** What each wants to hold at once is more than the memory. */
const HUNGRY = [
  "all sort instance_cores, name",
  "aggregate(/id as id, /reported as whole: sum(1) as n): all",
  "all {others[]: -->}",
  "all with(count > 100000, -[0:9]->)",
  "all {below[]: -[0:]->} sort name",
];

/** These need little at a time, however long their answers are. */
const MODEST: readonly (readonly [string, number])[] = [
  ["all", 60_000],
  ["all sort name limit 5", 5],
  ["aggregate(instance_cores as cores: sum(1) as n): all", 1_000],
];

async function rowsOf(
  { searcher }: DenseIndex,
  search: string,
): Promise<number> {
  const form = search.startsWith("aggregate") ? "aggregate" : "list";
  let rows = 0;
  for await (const some of searcher.lines(search, form)) rows += some.length;
  return rows;
}

/** Bytes that the engine holds on disk beside the index. */
async function spilledBytes(directory: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".tmp")) continue;
    for await (const file of Deno.readDir(`${directory}/${name}`)) {
      bytes += (await Deno.stat(`${directory}/${name}/${file.name}`)).size;
    }
  }
  return bytes;
}

Deno.test("a search that would fill the memory is refused with the reason, and the next one is answered", async (t) => {
  await using dense = await denseIndex({
    nodes: 60_000,
    connected: 700,
    chars: 3_000,
    memoryBytes: MEMORY,
  });
  for (const search of HUNGRY) {
    await t.step(search, async () => {
      await rejects(rowsOf(dense, search), (error) => {
        ok(isSkymapError(error, "query_too_large"), String(error));
        match(error.message, /needs more memory than the index is given/);
        ok(!error.message.includes("\n"), error.message);
        return true;
      });
      strictEqual(await dense.searcher.count("is(instance)"), 60_000);
      strictEqual(await spilledBytes(dense.directory), 0);
    });
  }
  for (const [search, rows] of MODEST) {
    await t.step(search, async () => {
      strictEqual(await rowsOf(dense, search), rows);
    });
  }
});

Deno.test("what a search needs beyond the memory goes to the index's directory, up to a limit, and is gone afterwards", async () => {
  // Small rows, for the engine sorts and groups only these outside of memory.
  const sql = "select max(r)::varchar as line from (select row_number() over " +
    "(order by hash(i), i) as r from range(8000000) t(i)) union all select null";
  const settings = { nodes: 10, connected: 2, chars: 64, memoryBytes: MEMORY };
  {
    await using dense = await denseIndex(settings);
    const texts = dense.reader.texts({ sql, parameters: [] });
    let most = 0;
    const watch = setInterval(async () => {
      most = Math.max(most, await spilledBytes(dense.directory).catch(() => 0));
    }, 5);
    const found = await Array.fromAsync(texts).finally(() =>
      clearInterval(watch)
    );
    strictEqual(found.flat()[0], "8000000");
    ok(most > 0, "it went to disk");
    strictEqual(await spilledBytes(dense.directory), 0);
  }
  await using dense = await denseIndex({ ...settings, spillBytes: 1_000_000 });
  await rejects(
    Array.fromAsync(dense.reader.texts({ sql, parameters: [] })),
    (error) => isSkymapError(error, "query_too_large"),
  );
});

Deno.test("what a killed process left on disk is gone when the index is opened", async () => {
  const directory = await Deno.makeTempDir({ prefix: "skymap-spill-" });
  try {
    const place = { directory, graph: "main", record: "test" };
    const built = await SearchIndex.build(place, () => Promise.resolve());
    const left = `${built.path}.tmp/duckdb_temp_storage_S32K-0.tmp`;
    built[Symbol.dispose]();
    await Deno.mkdir(left.slice(0, left.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(left, "left");
    const found = await SearchIndex.open(place);
    ok("index" in found);
    found.index[Symbol.dispose]();
    strictEqual(await spilledBytes(directory), 0);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
