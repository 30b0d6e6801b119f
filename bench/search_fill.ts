/**
 * Writes the cloud of `search_world.ts` as core would have merged it: into the
 * index, and with `record` into the record too. Then some hours go by, so that
 * there are versions of the past. Prints what is there as one line of JSON.
 *
 * Words: data directory; nodes; characters of a document; `record` or `index`.
 */
import { loadKey } from "@skymap/lib/auth";
import type { DbSession } from "@skymap/lib/db";
import { prepareDataDir } from "../core/db/data_dir.ts";
import { openDatabase } from "../core/db/open.ts";
import { type ScopeChanges, weight } from "../core/graph/scope_changes.ts";
import { splitChanges } from "../core/graph/split_changes.ts";
import {
  type Position,
  TransactionBuilder,
} from "../core/graph/transaction.ts";
import { applyBatches } from "../core/index/apply.ts";
import type { IndexBatch } from "../core/index/index_batch.ts";
import { SearchIndex } from "../core/index/search_index.ts";
import { indexPlace } from "./search_place.ts";
import { World } from "./search_world.ts";

/** Rows of a transaction of the record. */
const RECORD_ROWS = 2_000;
/** Rows of one transaction of the index. */
const INDEX_ROWS = 40_000;
/** Hours at which the cloud is looked at again. */
const LATER_HOURS = [4, 9];

const [dataDir = "", nodes = "", chars = "", stores = ""] = Deno.args;

async function openRecord(): Promise<DbSession | undefined> {
  if (stores !== "record") return;
  await prepareDataDir(dataDir);
  const database = await openDatabase({
    dataDir,
    key: await loadKey(dataDir, { create: true }),
    signal: new AbortController().signal,
  });
  return await database.graph("main");
}

const session = await openRecord();
const world = new World({ nodes: Number(nodes), chars: Number(chars) });
const index = await SearchIndex.build(
  indexPlace(dataDir),
  () => Promise.resolve(),
);
let connection = await index.connect();
let position: Position = { sequence: 0, commit: 0 };
let waiting: IndexBatch[] = [];
let rows = 0;

async function apply(): Promise<void> {
  await applyBatches(connection, waiting);
  waiting = [];
  rows = 0;
}

async function commit(builder: TransactionBuilder): Promise<void> {
  const { sql, bindings, sequence, batch } = builder.build();
  await session?.query(sql, bindings);
  position = { sequence, commit: position.commit + 1 };
  waiting.push(batch);
  rows += builder.weight;
  if (rows > INDEX_ROWS) await apply();
}

/** Large scopes in parts, as the writer of core takes them. */
function partsOf(scope: ScopeChanges, at: string): readonly ScopeChanges[] {
  if (weight(scope) <= RECORD_ROWS) return [scope];
  const { first, middle, last } = splitChanges(scope, RECORD_ROWS, at);
  return [first, ...middle, last];
}

async function write(changes: readonly ScopeChanges[]): Promise<void> {
  const at = new Date().toISOString();
  let builder = new TransactionBuilder(position, at);
  for (const scope of changes) {
    for (const part of partsOf(scope, at)) {
      builder.add(part);
      if (builder.weight < RECORD_ROWS) continue;
      await commit(builder);
      builder = new TransactionBuilder(position, at);
    }
  }
  if (builder.weight > 0) await commit(builder);
}

for await (const changes of world.changes(0)) await write(changes);
await apply();
connection.closeSync();
await index.compact();
const loaded = position.sequence;
connection = await index.connect();
for (const hour of LATER_HOURS) {
  for await (const changes of world.changes(hour)) {
    const changed = changes.filter((scope) =>
      scope.nodes.length + scope.goneNodes.length + scope.edges.length +
          scope.goneEdges.length > 0
    );
    await write(changed);
  }
  await apply();
}
const counts = await connection.runAndReadAll(
  `select (select count(*) from node where valid_to is null)::double,
    (select count(*) from edge_out where valid_to is null)::double,
    (select count(*) from node where valid_to is not null)::double,
    (select avg(len(reported)) from node)::double`,
);
const [present, edges, past, length] = counts.getRowsJS()[0] ?? [];
connection.closeSync();
await index.checkpoint();
const text = JSON.stringify({
  nodes: present,
  edges,
  past,
  chars: length,
  loaded,
  bytes: await index.size(),
});
index[Symbol.dispose]();
Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
// The engine of the record keeps the process alive.
Deno.exit(0);
