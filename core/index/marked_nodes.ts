/**
 * What the index holds of nodes that are marked to be cleaned up, and of what
 * hangs on them. Questions about all of them at once: one row at a time would
 * take a hundred times as long.
 *
 * @module
 */

import {
  type DuckDBConnection,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { isObject } from "@skymap/lib/json";
import { indexError } from "./open.ts";
import type { SearchIndex } from "./search_index.ts";

/** What is asked for. */
export interface MarksRequest {
  /** Ids of the only marked nodes that count. Default: all. */
  readonly only?: readonly string[];
  /** Names of tags that may protect, in lower case. */
  readonly tagNames: readonly string[];
  /** Kinds of nodes that have a price in `ondemand_cost`. */
  readonly pricedKinds: readonly string[];
}

/** A marked node. */
export interface MarkRow {
  readonly node: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly account: string;
  readonly accountName: string;
  readonly region: string;
  /** Hash of what was merged. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  /** Its price, or the highest one of the nodes before it. */
  readonly cost: number | null;
  readonly isProtected: boolean;
  /** Its tags of the names that were asked for. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What hangs on marked nodes or goes along with them, and is not one of them. */
export interface HangingRow extends
  Pick<
    MarkRow,
    | "node"
    | "kind"
    | "id"
    | "name"
    | "cloud"
    | "account"
    | "accountName"
    | "region"
  > {
  /** Whether it is marked, and was not asked for. */
  readonly isMarked: boolean;
  /** Whether it is protected. */
  readonly isProtected: boolean;
  /** Id of the plan that it was deleted by, though it is still listed. */
  readonly deletedBy: string | null;
}

/** How a scope stands. */
export interface ScopeState {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
  /** When it was listed completely, in milliseconds since 1970. */
  readonly listedMs: number | null;
}

/** How many nodes there are of a kind in an account. */
export interface LiveCount {
  readonly cloud: string;
  readonly account: string;
  readonly kind: string;
  readonly count: number;
}

/** All that a plan is made of, as of one moment. */
export interface MarksAnswer {
  /** Sequence number of that moment. */
  readonly sequence: number;
  /** Marked nodes by cloud, account, kind, region and id. */
  readonly marks: readonly MarkRow[];
  /** What hangs on them, or goes along, beside each other, by node id. */
  readonly others: readonly HangingRow[];
  /** Delete edges by places; those behind the marked nodes are of `others`. */
  readonly edges: { readonly from: Int32Array; readonly to: Int32Array };
  /** What goes along with marked nodes, by places as in `edges`. */
  readonly members: { readonly from: Int32Array; readonly to: Int32Array };
  /** Scopes of the accounts of marked nodes. */
  readonly scopes: readonly ScopeState[];
  /** What there is, deleted nodes left out. */
  readonly live: readonly LiveCount[];
  /** Marked nodes that were deleted by a plan and have not gone yet. */
  readonly deleted: number;
}

/** SQL of whether a section has a value that stands for true, as text or not. */
function isTrue(section: string, name: string): string {
  return `(${section} is not null and contains(${section}, '"${name}":') ` +
    `and coalesce(json_extract_string(${section}, '$.${name}') = 'true', false))`;
}

/** SQL of whether a section has a mark: true itself, no text. */
function isMark(section: string, name: string): string {
  return `(${section} is not null and contains(${section}, '"${name}":true') ` +
    `and coalesce(json_extract(${section}, '$.${name}')::varchar = 'true', false))`;
}

/** SQL of whether a node was deleted by a plan. */
const IS_DELETED = isTrue("metadata", "cleaned");

const MARKED = `valid_to is null and ${isMark("desired", "clean")}`;

const MAKE_MARKS = `
create or replace temp table marked as
select (row_number() over (
    order by cloud, account, account_name, kind, region, coalesce(rid, id), id)
    - 1)::integer as n,
  nid, id, kind, coalesce(rid, id) as rid, coalesce(name, rid, id) as name,
  cloud, account, account_name, region, hash, epoch_ms(ctime)::double as ctime,
  ${isTrue("metadata", "protected")} as protected,
  case when len(list_filter(map_keys(tags),
      lambda k: list_contains($2::varchar[], lower(k)))) > 0
    then to_json(tags)::varchar end as tags
from node
where ${MARKED} and not ${IS_DELETED}
  and ($3 or id in (select unnest($1::varchar[])))`;

/** Where marked nodes are: those of one place follow each other. */
const MARK_PLACES = `
select kind, cloud, account, account_name, region, count(*)::integer
from temp.marked group by all order by min(n)`;

/**
 * The rest of marked nodes, many in one JSON text: it is read in a third of the
 * time that as many values take.
 */
const MARK_TEXTS = `
select to_json(list([n::varchar, id, rid, nullif(name, rid), hash,
  ctime::varchar, case when protected then '1' end, tags]))::varchar
from temp.marked group by n // 10000`;

/** The columns of these. */
type MarkCells = readonly [
  n: string,
  node: string,
  id: string,
  name: string | null,
  version: string,
  createdAt: string | null,
  isProtected: string | null,
  tags: string | null,
];

/** Prices before marked nodes, and their own. */
const COSTS = `
select m.n, max(p.cost)
from (
  select nid, try_cast(
    json_extract_string(reported, '$.ondemand_cost') as double) as cost
  from node
  where valid_to is null and kind in (select unnest($1::varchar[]))
) p
join (
  select src, dst from edge_in where valid_to is null and type = 'default'
    and dst in (select nid from temp.marked)
  union all select nid, nid from temp.marked
) e on e.src = p.nid
join temp.marked m on m.nid = e.dst
where isfinite(p.cost)
group by m.n order by m.n`;

const MAKE_EDGES = `
create or replace temp table hanging as
select distinct f.n as source, t.n as target, e.dst
from edge_out e
join temp.marked f on f.nid = e.src
left join temp.marked t on t.nid = e.dst
where e.valid_to is null and e.type = 'delete' and e.src <> e.dst`;

/** SQL of edges that say of one end that it goes along with the other. */
function alongEdges(end: "from" | "to"): string {
  const [owner, member] = end === "to" ? ["src", "dst"] : ["dst", "src"];
  return `select ${owner} as owner, ${member} as dst from edge_out
  where valid_to is null and type = 'default' and reported is not null
    and contains(reported, '"goes_along":"${end}"')`;
}

const MAKE_MEMBERS = `
create or replace temp table member as
select distinct f.n as source, t.n as target, e.dst
from (${alongEdges("to")} union all ${alongEdges("from")}) e
join temp.marked f on f.nid = e.owner
left join temp.marked t on t.nid = e.dst
where e.owner <> e.dst`;

/**
 * What was deleted by a plan hangs on nothing any more, unless it was listed
 * since.
 */
const MAKE_OTHERS = `
create or replace temp table other as
select (row_number() over (order by d.id) - 1)::integer as n, d.nid, d.id,
  d.kind, coalesce(d.rid, d.id) as rid, coalesce(d.name, d.rid, d.id) as name,
  d.cloud, d.account, d.account_name, d.region,
  ${isMark("d.desired", "clean")} as marked,
  ${isTrue("d.metadata", "protected")} as protected,
  case when ${IS_DELETED.replaceAll("metadata", "d.metadata")}
    then coalesce(json_extract_string(d.metadata, '$.cleaned_plan'), '') end
    as deleted_by
from node d
left join scope z on z.sid = d.sid
where d.valid_to is null
  and d.nid in (
    select dst from temp.hanging where target is null
    union select dst from temp.member where target is null)
  and not (${IS_DELETED.replaceAll("metadata", "d.metadata")}
    and coalesce(z.last_success <= try_cast(
      json_extract_string(d.metadata, '$.cleaned_at') as timestamptz), false))`;

function text(value: unknown): string {
  return typeof value === "string" ? value : String(value ?? "");
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

async function columns(
  connection: DuckDBConnection,
  sql: string,
  lists: readonly (readonly string[])[] = [],
): Promise<readonly (readonly unknown[])[]> {
  const reader = await connection.runAndReadAll(
    sql,
    lists.map((list) => listValue([...list])),
    lists.map(() => LIST(VARCHAR)),
  );
  return reader.getColumnsJS();
}

async function readMarks(
  connection: DuckDBConnection,
  { only, tagNames, pricedKinds }: MarksRequest,
): Promise<MarkRow[]> {
  await connection.run(
    MAKE_MARKS,
    [listValue([...only ?? []]), listValue([...tagNames]), only === undefined],
    [LIST(VARCHAR), LIST(VARCHAR), undefined] as never,
  );
  const costs = new Map<unknown, number | null>();
  const [priced = [], prices = []] = await columns(connection, COSTS, [
    pricedKinds,
  ]);
  for (const [at, n] of priced.entries()) costs.set(n, numberOf(prices[at]));
  const [texts = []] = await columns(connection, MARK_TEXTS);
  const cells: MarkCells[] = [];
  for (const each of texts) {
    for (const row of JSON.parse(text(each)) as MarkCells[]) {
      cells[Number(row[0])] = row;
    }
  }
  const places = await connection.runAndReadAll(MARK_PLACES);
  const marks: MarkRow[] = [];
  for (const place of places.getRowsJS()) {
    const [kind, cloud, account, accountName, region] = place.map(text);
    const end = marks.length + Number(place[5]);
    for (const row of cells.slice(marks.length, end)) {
      const [, node, id, name, version, createdAt, isProtected, tags] = row;
      marks.push({
        node,
        kind: kind ?? "",
        id,
        name: name ?? id,
        cloud: cloud ?? "",
        account: account ?? "",
        accountName: accountName || (account ?? ""),
        region: region ?? "",
        version,
        createdAt: createdAt === null ? null : Number(createdAt),
        cost: costs.get(marks.length) ?? null,
        isProtected: isProtected !== null,
        tags: tags === null ? {} : guarding(tags, tagNames),
      });
    }
  }
  return marks;
}

function guarding(
  tags: string,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const all: unknown = JSON.parse(tags);
  if (!isObject(all)) return {};
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes(name.toLowerCase()))
      .map(([name, value]) => [name, text(value)]),
  );
}

async function readHanging(
  connection: DuckDBConnection,
  marks: number,
): Promise<Pick<MarksAnswer, "others" | "edges" | "members">> {
  await connection.run(MAKE_EDGES);
  await connection.run(MAKE_MEMBERS);
  await connection.run(MAKE_OTHERS);
  const placesOf = async (table: "hanging" | "member") => {
    const [sources = [], targets = []] = await columns(
      connection,
      `select h.source, coalesce(h.target, o.n + ${marks})::integer
      from temp.${table} h left join temp.other o on o.nid = h.dst
      where h.target is not null or o.n is not null order by 1, 2`,
    );
    return {
      from: Int32Array.from(sources as number[]),
      to: Int32Array.from(targets as number[]),
    };
  };
  const [
    ids = [],
    kinds = [],
    rids = [],
    names = [],
    clouds = [],
    accounts = [],
    accountNames = [],
    regions = [],
    marked = [],
    isProtected = [],
    deleted = [],
  ] = await columns(
    connection,
    `select id, kind, rid, name, cloud, account, account_name, region, marked,
      protected, deleted_by from temp.other order by n`,
  );
  return {
    edges: await placesOf("hanging"),
    members: await placesOf("member"),
    others: ids.map((node, at) => ({
      node: text(node),
      kind: text(kinds[at]),
      id: text(rids[at]),
      name: text(names[at]),
      cloud: text(clouds[at]),
      account: text(accounts[at]),
      accountName: text(accountNames[at]) || text(accounts[at]),
      region: text(regions[at]),
      isMarked: marked[at] === true,
      isProtected: isProtected[at] === true,
      deletedBy: deleted[at] === null ? null : text(deleted[at]),
    })),
  };
}

async function readScopeStates(
  connection: DuckDBConnection,
): Promise<ScopeState[]> {
  const reader = await connection.runAndReadAll(
    `select z.cloud, z.account, z.region, z.kind, z.status, z.reason,
      epoch_ms(z.last_success)::double
    from scope z
    semi join (select distinct cloud, account from temp.marked) m
      on m.cloud = z.cloud and m.account = z.account
    order by all`,
  );
  return reader.getRowsJS().map(([cloud, account, region, kind, ...rest]) => ({
    cloud: text(cloud),
    account: text(account),
    region: text(region),
    kind: text(kind),
    status: text(rest[0]),
    reason: rest[1] === null ? null : text(rest[1]),
    listedMs: numberOf(rest[2]),
  }));
}

async function readLive(connection: DuckDBConnection): Promise<LiveCount[]> {
  const reader = await connection.runAndReadAll(
    `select cloud, account, kind, count(*)::double
    from node where valid_to is null and not ${IS_DELETED}
    group by all order by all`,
  );
  return reader.getRowsJS().map(([cloud, account, kind, count]) => ({
    cloud: text(cloud),
    account: text(account),
    kind: text(kind),
    count: Number(count),
  }));
}

async function readNumbers(
  connection: DuckDBConnection,
): Promise<Pick<MarksAnswer, "sequence" | "deleted">> {
  const reader = await connection.runAndReadAll(
    `select (select max(applied_seq)::double from meta),
      (select count(*)::double from node where ${MARKED} and ${IS_DELETED})`,
  );
  const [sequence, deleted] = reader.getRowsJS()[0] ?? [];
  return { sequence: Number(sequence ?? 0), deleted: Number(deleted ?? 0) };
}

/** Asks on a connection of its own, all of it as of one moment. */
async function atOnce<T>(
  index: SearchIndex,
  what: string,
  ask: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  try {
    const connection = await index.connect();
    try {
      await connection.run("begin transaction");
      return await ask(connection);
    } finally {
      connection.closeSync();
    }
  } catch (error) {
    throw indexError(what, error);
  }
}

/** Reads the marked nodes with all that a plan is made of. */
export function readMarkedNodes(
  index: SearchIndex,
  request: MarksRequest,
): Promise<MarksAnswer> {
  return atOnce(index, "read what is marked", async (connection) => {
    const marks = await readMarks(connection, request);
    return {
      marks,
      ...await readHanging(connection, marks.length),
      scopes: await readScopeStates(connection),
      live: await readLive(connection),
      ...await readNumbers(connection),
    };
  });
}

/** A node that a plan is about, as it is now. */
export interface PlannedNode {
  readonly kind: string;
  readonly id: string;
  readonly region: string;
  readonly version: string;
  /** JSON. */
  readonly reported: string;
  readonly isMarked: boolean;
  readonly isProtected: boolean;
  /** Id of the plan that it was deleted by. */
  readonly deletedBy: string | null;
  /** Paths of what is reported of it that changed since, also back again. */
  readonly changed: readonly string[];
  /** Whether all that changed since is still known. */
  readonly isKnown: boolean;
}

const PLANNED = `
select id, kind, coalesce(rid, id), region, hash, reported,
  ${isMark("desired", "clean")}, ${isTrue("metadata", "protected")},
  case when ${IS_DELETED}
    then coalesce(json_extract_string(metadata, '$.cleaned_plan'), '') end,
  (select to_json(list(coalesce(v.changed, '["created"]'))) from node v
    where v.id = node.id and v.valid_from > $2::bigint),
  (select pruned <= $2::bigint from meta)
from node
where valid_to is null and id in (select unnest($1::varchar[]))`;

/** Nodes by their ids, with what changed since a sequence number. */
export function readPlannedNodes(
  index: SearchIndex,
  ids: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, PlannedNode>> {
  return atOnce(index, "read what is planned", async (connection) => {
    const reader = await connection.runAndReadAll(
      PLANNED,
      [listValue([...ids]), since],
      [LIST(VARCHAR), undefined] as never,
    );
    return new Map(
      reader.getRowsJS().map((row) => [text(row[0]), {
        kind: text(row[1]),
        id: text(row[2]),
        region: text(row[3]),
        version: text(row[4]),
        reported: text(row[5]),
        isMarked: row[6] === true,
        isProtected: row[7] === true,
        deletedBy: row[8] === null ? null : text(row[8]),
        changed: reportedPaths(row[9]),
        isKnown: row[10] === true,
      }]),
    );
  });
}

/** The paths in lists of changes that are about what is reported. */
function reportedPaths(lists: unknown): string[] {
  if (typeof lists !== "string") return [];
  const paths = (JSON.parse(lists) as (string | string[])[])
    .flatMap((each) =>
      typeof each === "string" ? JSON.parse(each) as string[] : each
    )
    .filter((path) => !/^(desired|metadata)(\.|$)/.test(path));
  return [...new Set(paths)].sort();
}
