/**
 * The record of one graph: what is read of it.
 *
 * @module
 */

import {
  BoundExcluded,
  BoundIncluded,
  type DbSession,
  RecordId,
  RecordIdRange,
} from "@skymap/lib/db";
import { randomId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type {
  Failure,
  NodeSelector,
  ScopeKey,
  ScopeUsage,
} from "@skymap/lib/plugin";
import type { ScopeStatus } from "@skymap/lib/client";
import type { PluginModel } from "../model/kind_registry.ts";
import type { HistoryBlock } from "./history.ts";
import type { Position } from "./transaction.ts";

/** A node as the record holds it. */
export interface NodeRow {
  readonly id: RecordId;
  readonly hash: string;
  readonly kinds: readonly string[];
  readonly cloud: string;
  readonly account: string;
  readonly account_name: string;
  readonly region: string;
  readonly region_name: string;
  readonly zone?: string | null;
  readonly reported: JsonObject;
  readonly desired?: JsonObject;
  readonly metadata?: JsonObject;
  readonly seq: number;
  readonly run?: string | null;
  readonly at: string;
}

/** An edge as the record holds it; its id is [from, to, scope]. */
export interface EdgeRow {
  readonly id: RecordId;
  readonly in: RecordId;
  readonly out: RecordId;
  readonly reported?: JsonObject;
  readonly seq: number;
}

/** A row of the ledger; its id is [cloud, account, region, kind]. */
export interface LedgerRow {
  readonly id: RecordId;
  /** Number of the scope in the index, the same however often it is made. */
  readonly sid: number;
  readonly account_name?: string;
  readonly region_name?: string;
  readonly status: ScopeStatus;
  readonly error?: Failure | null;
  readonly since: string;
  readonly last_attempt: string;
  readonly last_success?: string | null;
  readonly count: number;
  readonly duration_ms?: number;
  readonly usage?: ScopeUsage | null;
  readonly edges: string;
}

/** The scope of a row of the ledger. */
export function ledgerKey({ id }: Pick<LedgerRow, "id">): ScopeKey {
  const [cloud, account, region, kind] = id.id as [
    string,
    string,
    string,
    string,
  ];
  return { cloud, account, region, kind };
}

/** Deferred edges of one scope. */
export interface DeferredRow {
  /** Cloud, account, region and kind. */
  readonly scope: readonly [string, string, string, string];
  readonly run?: string | null;
  /** JSON of {@linkcode DeferredEdge}s. */
  readonly edges: string;
}

/** A deferred edge as it is kept. */
export interface DeferredEdge {
  readonly from: NodeSelector;
  readonly to: NodeSelector;
  readonly type: string;
}

/** Where the record stands, and which record it is. */
export interface RecordState extends Position {
  /** Random id of the database. */
  readonly record: string;
}

/** Digits of node ids, in order; the first splits them into pages. */
const DIGITS = "0123456789abcdefghijklmnopqrstuv";

/** Sequence numbers asked for at a time. */
const HISTORY_PAGE = 1_000;

const META = new RecordId("meta", "state");

/** Reads where the record stands; a new record is given its id. */
export async function readState(session: DbSession): Promise<RecordState> {
  const [[meta], [last]] = await session.query<
    [{ record: string }[], { id: RecordId; sequence: number }[]]
  >(
    `SELECT record FROM $meta;
     SELECT id, sequence FROM commit ORDER BY id DESC LIMIT 1;`,
    { meta: META },
  );
  const record = meta?.record ?? randomId();
  if (meta === undefined) {
    await session.query("CREATE $meta CONTENT $made RETURN NONE", {
      meta: META,
      made: { record },
    });
  }
  return {
    record,
    sequence: last?.sequence ?? 0,
    commit: last === undefined ? 0 : Number(last.id.id),
  };
}

/** Whether the record has a commit, which must be one of the last. */
export async function hasCommit(
  session: DbSession,
  commit: number,
): Promise<boolean> {
  const [rows] = await session.query<[unknown[]]>("SELECT id FROM $commit", {
    commit: new RecordId("commit", commit),
  });
  return rows.length > 0;
}

/** One node by its id. */
export async function readNode(
  session: DbSession,
  id: string,
): Promise<NodeRow | undefined> {
  const [[row]] = await session.query<[NodeRow[]]>("SELECT * FROM $node", {
    node: new RecordId("node", id),
  });
  return row;
}

/** One row of the ledger. */
export async function readLedgerRow(
  session: DbSession,
  { cloud, account, region, kind }: ScopeKey,
): Promise<LedgerRow | undefined> {
  const [[row]] = await session.query<[LedgerRow[]]>("SELECT * FROM $row", {
    row: new RecordId("ledger", [cloud, account, region, kind]),
  });
  return row;
}

/** Every row of the ledger. */
export async function readLedger(session: DbSession): Promise<LedgerRow[]> {
  const [rows] = await session.query<[LedgerRow[]]>(
    "SELECT * FROM ledger ORDER BY id",
  );
  return rows;
}

/** Blocks of history that begin after a sequence number, in order. */
export async function* readHistory(
  session: DbSession,
  after: number,
  until: number,
): AsyncGenerator<HistoryBlock> {
  let page = HISTORY_PAGE;
  for (let from = after + 1; from <= until;) {
    const [blocks] = await session.query<[HistoryBlock[]]>(
      "SELECT first, last, valid, commit, at, text FROM $range",
      {
        range: new RecordIdRange(
          "history",
          new BoundIncluded(from),
          new BoundExcluded(Math.min(from + page, until + 1)),
        ),
      },
    );
    yield* blocks;
    from += page;
    // Where history was pruned there may be none for millions of numbers.
    page = blocks.length === 0 ? page * 2 : HISTORY_PAGE;
  }
}

/** Rows whose first id lies between two texts. */
export interface RecordPage<Row> {
  /** Least text. */
  readonly from: string;
  /** First text that is not in it. */
  readonly to: string;
  readonly rows: readonly Row[];
}

/** Every node in pages, by ranges of its id. */
export async function* readNodePages(
  session: DbSession,
): AsyncGenerator<RecordPage<NodeRow>> {
  for (const { from, to } of await idRanges(session, "node")) {
    const [rows] = await session.query<[NodeRow[]]>("SELECT * FROM $range", {
      range: new RecordIdRange(
        "node",
        new BoundIncluded(from),
        new BoundExcluded(to),
      ),
    });
    yield { from, to, rows };
  }
}

/** Every edge of a type in pages, by the node that it starts at. */
export async function* readEdgePages(
  session: DbSession,
  type: string,
): AsyncGenerator<RecordPage<EdgeRow>> {
  const table = `edge_${type}`;
  for (const { from, to } of await idRanges(session, table)) {
    const [rows] = await session.query<[EdgeRow[]]>(
      "SELECT id, in, out, reported, seq FROM $range",
      {
        range: new RecordIdRange(
          table,
          new BoundIncluded([from]),
          new BoundExcluded([to]),
        ),
      },
    );
    yield { from, to, rows };
  }
}

/** Rows of a page, about. */
const PAGE_ROWS = 1_000;

/**
 * Ranges that cover all ids of a table. Ids are hashes, so that each first or
 * second digit has its share of them; what starts otherwise is in the last one.
 * A limit would not do: with one the engine reads each page from the start.
 */
async function idRanges(
  session: DbSession,
  table: string,
): Promise<{ readonly from: string; readonly to: string }[]> {
  const [[counted]] = await session.query<[{ count: number }[]]>(
    "SELECT count() FROM type::table($table) GROUP ALL",
    { table },
  );
  const count = counted?.count ?? 0;
  const firsts = count > PAGE_ROWS ? [...DIGITS] : [];
  const seconds = count > PAGE_ROWS * DIGITS.length ? [...DIGITS] : [""];
  const starts = firsts.flatMap((first) =>
    seconds.map((second) => second === "0" ? first : first + second)
  );
  return ["", ...starts].map((from, at) => ({
    from,
    to: starts[at] ?? "\u{10ffff}",
  }));
}

/** Deferred edges of every scope. */
export async function readDeferred(session: DbSession): Promise<DeferredRow[]> {
  const [rows] = await session.query<[DeferredRow[]]>(
    "SELECT id, scope, run, edges FROM deferred_edge ORDER BY id",
  );
  return rows;
}

/** Every plugin's model. */
export async function readModels(session: DbSession): Promise<PluginModel[]> {
  const [rows] = await session.query<[{ model: string }[]]>(
    "SELECT id, model FROM kind ORDER BY id",
  );
  return rows.map(({ model }) => JSON.parse(model) as PluginModel);
}

/** Keeps a plugin's model in the place of what was kept. */
export async function writeModel(
  session: DbSession,
  model: PluginModel,
): Promise<void> {
  await session.query("UPSERT $id CONTENT $row RETURN NONE", {
    id: new RecordId("kind", model.name),
    // As text: declarations are read as a whole, and are nobody's to query.
    row: { version: model.version, model: JSON.stringify(model) },
  });
}
