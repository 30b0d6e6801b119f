/**
 * Takes versions out of the index that no question is about any more.
 *
 * @module
 */

import {
  BIGINT,
  type DuckDBConnection,
  LIST,
  listValue,
} from "@duckdb/node-api";

/** Up to where the history is pruned. */
export interface PruneLimit {
  /** Sequence number of the oldest state that is kept. */
  readonly sequence: number;
  /** ISO time of its commit. */
  readonly at: string;
  /** Sequence numbers before it whose states are kept too. */
  readonly held: readonly number[];
}

/** Tables of versions. */
const TABLES = ["node", "edge_out", "edge_in", "scope_past"] as const;

/** Rows that one transaction deletes at most. */
const MAX_ROWS = 50_000;

/**
 * The condition that the version at an alias is part of a state that is kept; `$1`
 * is the limit, `$2` the list of the states that are held.
 */
export function isKept(alias: string): string {
  return `(${alias}.valid_to is null or ${alias}.valid_to > $1::bigint or ` +
    `len(list_filter($2::bigint[], lambda k: k >= ${alias}.valid_from ` +
    `and k < ${alias}.valid_to)) > 0)`;
}

/** Values of {@linkcode isKept}, and their types. */
export function keptValues(
  { sequence, held }: Pick<PruneLimit, "sequence" | "held">,
): [[number, ReturnType<typeof listValue>], never] {
  const values = listValue(held.map((each) => BigInt(each)));
  return [[sequence, values], [undefined, LIST(BIGINT)] as never];
}

/** Runs statements together. */
async function together(
  connection: DuckDBConnection,
  work: () => Promise<void>,
): Promise<void> {
  await connection.run("begin");
  try {
    await work();
    await connection.run("commit");
  } catch (error) {
    await connection.run("rollback").catch(() => {});
    throw error;
  }
}

/** Refuses questions about states before the limit from now on. */
export async function limitIndex(
  connection: DuckDBConnection,
  { sequence, at, held }: PruneLimit,
): Promise<void> {
  await together(connection, async () => {
    await connection.run("update meta set pruned = $1::bigint", [sequence]);
    await connection.run("delete from held");
    await connection.run(
      "insert into held select unnest($1::bigint[])",
      [listValue(held.map((each) => BigInt(each)))],
      [LIST(BIGINT)],
    );
    // The commit that made the oldest state says since when it is known.
    await connection.run("delete from tick where seq <= $1::bigint", [
      sequence,
    ]);
    await connection.run(
      "insert into tick values ($1::bigint, $2::timestamptz, null)",
      [sequence, at],
    );
  });
}

/**
 * Deletes some versions that are not kept, in one transaction. Gives how many
 * went; 0 when none is left.
 */
export async function pruneSome(
  connection: DuckDBConnection,
  limit: PruneLimit,
): Promise<number> {
  for (const table of TABLES) {
    const result = await connection.runAndReadAll(
      `delete from ${table} where rowid in (select v.rowid from ${table} v
       where not ${isKept("v")} limit ${MAX_ROWS})`,
      ...keptValues(limit),
    );
    const count = Number(result.getRowsJS()[0]?.[0] ?? 0);
    if (count > 0) return count;
  }
  return 0;
}

/** How many versions the index has. */
export async function countVersions(
  connection: DuckDBConnection,
): Promise<number> {
  const counts = TABLES.map((table) => `(select count(*) from ${table})`);
  const reader = await connection.runAndReadAll(
    `select (${counts.join(" + ")})::double`,
  );
  return Number(reader.getRowsJS()[0]?.[0]);
}

/** Sequence number and time of the last commit up to a time, if there is one. */
export async function commitAt(
  connection: DuckDBConnection,
  at: string,
): Promise<{ readonly sequence: number; readonly at: string } | undefined> {
  const reader = await connection.runAndReadAll(
    `select seq::double,
       strftime("at" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')
     from tick where "at" <= $1::timestamptz order by seq desc limit 1`,
    [at],
  );
  const [row] = reader.getRowsJS();
  return row === undefined
    ? undefined
    : { sequence: Number(row[0]), at: String(row[1]) };
}
