/**
 * Tables of the search index, one DuckDB file per graph.
 *
 * A node has one row per version. `nid` is `hash(id)` as DuckDB computes it, so
 * that edges join on integers without a look-up. `valid_from` and `valid_to`
 * are sequence numbers of the record: a version is the present one while
 * `valid_to is null`. Rows of one commit share one number, its last.
 *
 * A version knows how it began and how it ended, so that the history can be
 * searched when the versions before and after it are pruned.
 *
 * @module
 */

/** Grows with every change of the tables; an older file is rebuilt. */
export const INDEX_VERSION = 3;

/** A property that has a column of its own, and the column's type. */
export interface HotProperty {
  /** Name under `reported` and of the column. */
  readonly name: string;
  /** DuckDB type. */
  readonly type: "varchar" | "double" | "boolean" | "timestamptz";
}

/** Properties that searches touch most; the rest is read out of the text. */
export const HOT_PROPERTIES: readonly HotProperty[] = [
  { name: "name", type: "varchar" },
  { name: "ctime", type: "timestamptz" },
  { name: "mtime", type: "timestamptz" },
  { name: "atime", type: "timestamptz" },
  { name: "instance_type", type: "varchar" },
  { name: "instance_status", type: "varchar" },
  { name: "instance_cores", type: "double" },
  { name: "instance_memory", type: "double" },
  { name: "volume_type", type: "varchar" },
  { name: "volume_status", type: "varchar" },
  { name: "volume_size", type: "double" },
  { name: "volume_encrypted", type: "boolean" },
];

/** Columns of `node` in the order in which they are appended. */
export const NODE_COLUMNS: readonly (readonly [string, string])[] = [
  ["nid", "ubigint"],
  ["id", "varchar"],
  /** Hash of what was merged: an equal one means nothing changed. */
  ["hash", "varchar"],
  ["kind", "varchar"],
  ["kinds", "varchar[]"],
  /** Row of `scope` it belongs to. */
  ["sid", "integer"],
  ["cloud", "varchar"],
  ["account", "varchar"],
  ["account_name", "varchar"],
  /** Region id; empty when it has none. */
  ["region", "varchar"],
  ["region_name", "varchar"],
  ["zone", "varchar"],
  /** `kinds` and the containers as JSON, for answers: made once, read often. */
  ["kinds_text", "varchar"],
  ["ancestors_text", "varchar"],
  /** `reported.id`, the provider's. */
  ["rid", "varchar"],
  ...HOT_PROPERTIES.map(({ name, type }) => [name, type] as const),
  ["tags", "map(varchar, varchar)"],
  /** Canonical JSON text: keys sorted, no white space. */
  ["reported", "varchar"],
  ["desired", "varchar"],
  ["metadata", "varchar"],
  /** Lower-case values for text search, one blank between and at both ends. */
  ["txt", "varchar"],
  ["run", "varchar"],
  /** Time and run of the last write, be it one that makes no history. */
  ["changed_at", "timestamptz"],
  /** `created` or `updated`, with time and run. */
  ["began", "varchar"],
  ["began_at", "timestamptz"],
  ["began_run", "varchar"],
  /** JSON list of the paths that an update changed. */
  ["changed", "varchar"],
  /** `updated` or `deleted`, with time and run; null while it is present. */
  ["ended", "varchar"],
  ["ended_at", "timestamptz"],
  ["ended_run", "varchar"],
  ["valid_from", "bigint"],
  ["valid_to", "bigint"],
];

const EDGE_COLUMNS = `
  src ubigint, dst ubigint, from_id varchar, to_id varchar, type varchar,
  sid integer, reported varchar,
  began varchar, began_at timestamptz, began_run varchar,
  ended varchar, ended_at timestamptz, ended_run varchar,
  valid_from bigint, valid_to bigint`;

/** Statements that make an empty index. No key and no index on any table. */
export const INDEX_DDL: readonly string[] = [
  `create table node(${
    NODE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")
  })`,
  /** Sorted by source where compacted. */
  `create table edge_out(${EDGE_COLUMNS})`,
  /** The same edges, sorted by target where compacted. */
  `create table edge_in(
  src ubigint, dst ubigint, type varchar, sid integer,
  valid_from bigint, valid_to bigint)`,
  /** The ledger's scopes; `edges` is a digest of the edges each one owns. */
  `create table scope(
  sid integer, cloud varchar, account varchar, region varchar, kind varchar,
  status varchar, reason varchar, last_attempt timestamptz,
  last_success timestamptz, count bigint, edges varchar)`,
  /** How each scope stood, and since when; a row per change of its state. */
  `create table scope_past(
  sid integer, cloud varchar, account varchar, region varchar, kind varchar,
  status varchar, reason varchar, last_attempt timestamptz,
  last_success timestamptz, valid_from bigint, valid_to bigint)`,
  /** When each commit was made. */
  `create table tick(seq bigint, "at" timestamptz, run varchar)`,
  /** States before the oldest one that are kept all the same. */
  "create table held(seq bigint)",
  /**
   * `record` names the database that the index was made from; `compacted` is how
   * many bytes the file had when it was last written anew, 0 for never; `pruned`
   * is the number of the oldest state that is whole, 0 when nothing was pruned.
   */
  `create table meta(
  version integer, graph varchar, record varchar,
  applied_seq bigint, applied_commit bigint, compacted bigint, pruned bigint)`,
];
