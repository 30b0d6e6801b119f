/**
 * What columns of their own buy for properties of large documents: the same
 * conditions over a column, over JSON text, over VARIANT, and over a table of all
 * properties. Prints one line for each; figures of `docs/decisions`.
 *
 * Words: file of an index that `search_fill.ts` made; how often each is asked.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { median } from "./report.ts";

const [path = "", rounds = "9"] = Deno.args;
const directory = await Deno.makeTempDir({ prefix: "skymap-bench-" });
const instance = await DuckDBInstance.create(":memory:", {
  threads: "2",
  memory_limit: "1GB",
});
const connection = await instance.connect();

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function seconds(sql: string): Promise<number> {
  const startedAt = performance.now();
  await connection.run(sql);
  return (performance.now() - startedAt) / 1_000;
}

async function ask(name: string, sql: string): Promise<void> {
  const times: number[] = [];
  let answer = "";
  try {
    for (let round = 0; round < Number(rounds); round++) {
      const startedAt = performance.now();
      const reader = await connection.runAndReadAll(sql);
      times.push(performance.now() - startedAt);
      answer = String(reader.getRowsJS()[0]?.[0]);
    }
    say(`${name}: ${median(times).toFixed(1)} ms, ${answer} found`);
  } catch (error) {
    say(`${name}: ${String(error).split("\n")[0]}`);
  }
}

/** Copies something into a file of its own; tells how long and how large. */
async function copy(name: string, select: string, options: string) {
  const file = `${directory}/${name}.duckdb`;
  await connection.run(
    `attach '${file}' as ${name} (row_group_size 8192${options})`,
  );
  try {
    const took = await seconds(`create table ${name}.t as ${select}`);
    await connection.run(`checkpoint ${name}`);
    const { size } = await Deno.stat(file);
    say(`${name}: made in ${took.toFixed(1)} s, ${(size / 1e6).toFixed(0)} MB`);
  } catch (error) {
    say(`${name}: ${String(error).split("\n")[0]}`);
  }
}

await connection.run(`attach '${path}' as search (read_only)`);
await connection.run("use search");
const present = "from node where valid_to is null";
await copy(
  "plain",
  `select id, kind, volume_size, name, reported ${present} order by kind`,
  "",
);
await copy(
  "variant_all",
  `select id, kind, reported::json::variant as v ${present} order by kind`,
  ", storage_version 'v1.5.0'",
);
await copy(
  "variant_one",
  `select id, kind, reported::json::variant as v ${present} and kind = 'demo_volume'`,
  ", storage_version 'v1.5.0'",
);
// Sorting a row for each property takes more than an index is given.
await connection.run("set memory_limit = '6GB'");
await copy(
  "property",
  `select j.fullkey as path, n.nid, j.type, j.atom::varchar as text,
     try_cast(j.atom as double) as number
   from (select nid, reported ${present}) n, json_tree(n.reported) j
   where j.atom is not null order by path, nid`,
  "",
);
await connection.run("set memory_limit = '1GB'");
const COLUMN = "count(*) from plain.t where volume_size > 100";
const TEXT = "count(*) from plain.t where try_cast(json_extract_string(" +
  "reported, '/volume_size') as double) > 100";
const NESTED = "json_extract_string(reported, '/part_0/state') = 'busy'";
await ask("column, all kinds", `select ${COLUMN}`);
await ask("text, all kinds", `select ${TEXT}`);
await ask("text, one kind", `select ${TEXT} and kind = 'demo_volume'`);
await ask(
  "property table, all kinds",
  "select count(*) from property.t where path = '$.volume_size' and number > 100",
);
await ask(
  "variant, all kinds",
  "select count(*) from variant_all.t where try_cast(v.volume_size as double) > 100",
);
await ask(
  "variant, one kind",
  "select count(*) from variant_one.t where try_cast(v.volume_size as double) > 100",
);
await ask(
  "nested text, all kinds",
  `select count(*) from plain.t where ${NESTED}`,
);
await ask(
  "nested text, one kind",
  `select count(*) from plain.t where ${NESTED} and kind = 'demo_volume'`,
);
await ask(
  "nested property table, all kinds",
  "select count(*) from property.t where path = '$.part_0.state' and text in ('busy', '\"busy\"')",
);
await ask(
  "nested variant, one kind",
  "select count(*) from variant_one.t where v.part_0.state::varchar = 'busy'",
);
connection.closeSync();
instance.closeSync();
await Deno.remove(directory, { recursive: true });
