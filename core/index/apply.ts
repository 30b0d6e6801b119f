/**
 * Brings the index to the state of the record.
 *
 * @module
 */

import {
  type DuckDBConnection,
  INTEGER,
  LIST,
  listValue,
} from "@duckdb/node-api";
import { ancestorsText } from "./ancestors_text.ts";
import type { IndexBatch, IndexSection } from "./index_batch.ts";
import { HOT_PROPERTIES, NODE_COLUMNS } from "./schema.ts";
import { Stage } from "./stage.ts";

/**
 * Reads every hot property in one pass over the document; a path at a time would
 * cost fifteen times as much.
 */
const HOT_STRUCTURE = JSON.stringify({
  id: "VARCHAR",
  tags: "MAP(VARCHAR, VARCHAR)",
  ...Object.fromEntries(
    HOT_PROPERTIES.map(({ name, type }) => [
      name,
      type === "timestamptz" ? "VARCHAR" : type.toUpperCase(),
    ]),
  ),
});

/** What is kept where the version before is replaced and not followed. */
function keptOr(column: string, otherwise: string): string {
  return `case when s.mode = 'same' then o.${column} else ${otherwise} end`;
}

const ANCESTORS_TEXT = ancestorsText({
  cloud: "p.cloud",
  account: "p.account",
  accountName: "p.account_name",
  region: "p.region",
  regionName: "p.region_name",
  zone: "s.zone",
});

/** How each column of `node` is made of the staged rows. */
function nodeColumn(name: string): string {
  const hot = HOT_PROPERTIES.find((property) => property.name === name);
  if (hot?.type === "timestamptz") return `try_cast(h.${name} as timestamptz)`;
  if (hot?.type === "double") {
    return `case when isfinite(h.${name}) then h.${name} end`;
  }
  if (hot !== undefined) return `h.${name}`;
  switch (name) {
    case "nid":
      return "hash(s.id)";
    case "kinds":
    case "kinds_text":
      return `p.${name}`;
    case "ancestors_text":
      return ANCESTORS_TEXT;
    case "cloud":
    case "account":
    case "account_name":
    case "region":
    case "region_name":
    case "kind":
    case "run":
      return `p.${name}`;
    case "sid":
      return "p.sid";
    case "rid":
      return "h.id";
    case "tags":
      return "h.tags";
    case "changed_at":
      return "p.made_at::timestamptz";
    case "began":
      return keptOr(
        "began",
        "case s.mode when 'new' then 'created' else 'updated' end",
      );
    case "began_at":
      return keptOr("began_at", "p.made_at::timestamptz");
    case "began_run":
      return keptOr("began_run", "p.run");
    case "changed":
      return keptOr("changed", "s.changed");
    case "valid_from":
      return keptOr("valid_from", "p.seq::bigint");
    case "ended":
    case "ended_at":
    case "ended_run":
    case "valid_to":
      return "null";
    default:
      return `s.${name}`;
  }
}

const INSERT_NODES = `
insert into node
select ${NODE_COLUMNS.map(([name]) => nodeColumn(name)).join(", ")}
from (
  select *, json_transform(reported, '${HOT_STRUCTURE}') as h
  from temp.stage_node where mode <> 'gone'
) s
join temp.part p on p.part = s.part
left join temp.old_node o on o.id = s.id
where s.mode <> 'same' or o.id is not null
order by p.kind, p.account, s.id`;

const KEEP_OLD_NODES = `
create or replace temp table old_node as
select id, valid_from, began, began_at, began_run, changed
from node
where valid_to is null
  and id in (select id from temp.stage_node where mode in ('next', 'same'))`;

const REPLACE_NODES = `
delete from node where valid_to is null
  and id in (select id from temp.stage_node where mode = 'same')`;

/** Says how a version ends. */
const END = `valid_to = p.seq::bigint, ended_at = p.made_at::timestamptz,
  ended_run = p.run,
  ended = case s.mode when 'gone' then 'deleted' else 'updated' end`;

const END_NODES = `
update node set ${END}
from temp.stage_node s join temp.part p on p.part = s.part
where node.valid_to is null and node.id = s.id and s.mode in ('next', 'gone')`;

function changeEdges(table: string): readonly string[] {
  const match = `${table}.valid_to is null and ${table}.src = hash(s.from_id)
  and ${table}.dst = hash(s.to_id) and ${table}.type = s.type
  and ${table}.sid = p.sid`;
  const end = table === "edge_out" ? END : "valid_to = p.seq::bigint";
  return [
    `update ${table} set ${end}
from temp.stage_edge s join temp.part p on p.part = s.part
where ${match} and s.mode in ('next', 'gone')`,
  ];
}

const INSERT_EDGES = [
  `insert into edge_out
select hash(s.from_id), hash(s.to_id), s.from_id, s.to_id, s.type, p.sid,
  s.reported, case s.mode when 'new' then 'created' else 'updated' end,
  p.made_at::timestamptz, p.run, null, null, null, p.seq::bigint, null
from temp.stage_edge s join temp.part p on p.part = s.part
where s.mode <> 'gone' order by 1`,
  `insert into edge_in
select hash(s.from_id), hash(s.to_id), s.type, p.sid, p.seq::bigint, null
from temp.stage_edge s join temp.part p on p.part = s.part
where s.mode <> 'gone' order by 2`,
];

const WRITE_SCOPES = [
  "delete from scope where sid in (select sid from temp.stage_scope)",
  `insert into scope
select sid, cloud, account, region, kind, status, reason,
  last_attempt::timestamptz, last_success::timestamptz, count::bigint, edges
from temp.stage_scope`,
];

/** A scope may change its state in several of the commits. */
const WRITE_STANDINGS = [
  `update scope_past set valid_to = s.seq::bigint
from (select sid, min(seq) as seq from temp.stage_standing group by sid) s
where scope_past.valid_to is null and scope_past.sid = s.sid`,
  `insert into scope_past
select sid, cloud, account, region, kind, status, reason,
  last_attempt::timestamptz, last_success::timestamptz, seq::bigint,
  next::bigint
from (
  select *, lead(seq) over (partition by sid order by seq) as next
  from temp.stage_standing
) where status is not null`,
];

/** Which scope, and how it stands. */
const STANDING = [
  ["sid", "integer"],
  ["cloud", "varchar"],
  ["account", "varchar"],
  ["region", "varchar"],
  ["kind", "varchar"],
  ["status", "varchar"],
  ["reason", "varchar"],
  ["last_attempt", "varchar"],
  ["last_success", "varchar"],
] as const;

/** Rows of batches, ready to be written into temporary tables. */
class Staged {
  readonly parts = new Stage("part_json", [
    ["part", "integer"],
    ["sid", "integer"],
    ["kind", "varchar"],
    ["kinds", "varchar"],
    ["cloud", "varchar"],
    ["account", "varchar"],
    ["account_name", "varchar"],
    ["region", "varchar"],
    ["region_name", "varchar"],
    ["run", "varchar"],
    ["made_at", "varchar"],
    ["seq", "double"],
  ]);
  readonly nodes = new Stage("stage_node", [
    ["part", "integer"],
    ["id", "varchar"],
    ["hash", "varchar"],
    ["zone", "varchar"],
    ["reported", "varchar"],
    ["desired", "varchar"],
    ["metadata", "varchar"],
    ["txt", "varchar"],
    ["mode", "varchar"],
    ["changed", "varchar"],
  ]);
  readonly edges = new Stage("stage_edge", [
    ["part", "integer"],
    ["from_id", "varchar"],
    ["to_id", "varchar"],
    ["type", "varchar"],
    ["reported", "varchar"],
    ["mode", "varchar"],
  ]);
  readonly scopes = new Stage("stage_scope", [
    ...STANDING,
    ["count", "double"],
    ["edges", "varchar"],
  ]);
  readonly standings = new Stage("stage_standing", [
    ...STANDING,
    ["seq", "double"],
  ]);
  /** Whether versions end or are replaced, so that old rows must be found. */
  changesNodes = false;
  changesEdges = false;

  constructor(batches: readonly IndexBatch[]) {
    let part = 0;
    for (const { sections, sequence, at } of batches) {
      for (const section of sections) {
        const { scope, nodes, goneNodes, edges, goneEdges } = section;
        part++;
        this.parts.add(
          part,
          scope.sid,
          scope.kind,
          JSON.stringify(section.kinds),
          scope.cloud,
          scope.account,
          section.accountName,
          scope.region,
          section.regionName,
          section.run,
          at,
          sequence,
        );
        for (const node of nodes) {
          const { mode, changed } = node;
          if (mode !== "new") this.changesNodes = true;
          this.nodes.add(
            part,
            node.id,
            node.hash,
            node.zone,
            node.reported,
            node.desired ?? null,
            node.metadata ?? null,
            node.text,
            mode,
            changed === undefined ? null : JSON.stringify(changed),
          );
        }
        for (const id of goneNodes) {
          this.changesNodes = true;
          const nothing = [null, null, null, null, null, null] as const;
          this.nodes.add(part, id, ...nothing, "gone", null);
        }
        for (const { from, to, type, reported, mode } of edges) {
          if (mode !== "new") this.changesEdges = true;
          this.edges.add(part, from, to, type, reported, mode);
        }
        for (const { from, to, type } of goneEdges) {
          this.changesEdges = true;
          this.edges.add(part, from, to, type, null, "gone");
        }
        this.#addStanding(section, sequence);
      }
    }
    // A scope may be closed in several batches: its last state counts.
    const rows = new Map(
      batches.flatMap(({ scopes }) => scopes.map((row) => [row.sid, row])),
    );
    for (const row of rows.values()) {
      this.scopes.add(
        row.sid,
        row.cloud,
        row.account,
        row.region,
        row.kind,
        row.status,
        row.reason,
        row.lastAttempt,
        row.lastSuccess,
        row.count,
        row.edges,
      );
    }
  }

  #addStanding({ scope, standing }: IndexSection, sequence: number): void {
    if (standing === undefined) return;
    this.standings.add(
      scope.sid,
      scope.cloud,
      scope.account,
      scope.region,
      scope.kind,
      standing?.status ?? null,
      standing?.reason ?? null,
      standing?.lastAttempt ?? null,
      standing?.lastSuccess ?? null,
      sequence,
    );
  }
}

/** Writes what is staged; runs inside a transaction. */
async function write(
  connection: DuckDBConnection,
  staged: Staged,
): Promise<void> {
  const statements: string[] = [];
  if (staged.nodes.size > 0 || staged.edges.size > 0) {
    await staged.parts.write(connection);
    statements.push(
      `create or replace temp table part as
select * replace (from_json(kinds, '["VARCHAR"]') as kinds), kinds as kinds_text
from temp.part_json`,
    );
  }
  if (staged.nodes.size > 0) {
    await staged.nodes.write(connection);
    statements.push(KEEP_OLD_NODES);
    if (staged.changesNodes) statements.push(REPLACE_NODES, END_NODES);
    statements.push(INSERT_NODES);
  }
  if (staged.edges.size > 0) {
    await staged.edges.write(connection);
    if (staged.changesEdges) {
      statements.push(...changeEdges("edge_out"), ...changeEdges("edge_in"));
    }
    statements.push(...INSERT_EDGES);
  }
  if (staged.scopes.size > 0) {
    await staged.scopes.write(connection);
    statements.push(...WRITE_SCOPES);
  }
  if (staged.standings.size > 0) {
    await staged.standings.write(connection);
    statements.push(...WRITE_STANDINGS);
  }
  for (const statement of statements) await connection.run(statement);
}

/**
 * Applies commits of the record, all of them or none. No node and no edge may be
 * in two of them.
 */
export async function applyBatches(
  connection: DuckDBConnection,
  batches: readonly IndexBatch[],
): Promise<void> {
  const last = batches.at(-1);
  if (last === undefined) return;
  await connection.run("begin");
  try {
    await write(connection, new Staged(batches));
    for (const { sequence, reached = sequence, at, sections } of batches) {
      if (sections.length === 0 || reached !== sequence) continue;
      const runs = new Set(sections.map(({ run }) => run));
      const [run = null] = runs.size === 1 ? runs : [];
      await connection.run(
        "insert into tick values ($1::bigint, $2::timestamptz, $3)",
        [sequence, at, run],
      );
    }
    const gone = batches.flatMap(({ goneScopes = [] }) => goneScopes);
    if (gone.length > 0) {
      await connection.run(
        "delete from scope where sid in (select unnest($1::integer[]))",
        [listValue(gone)],
        [LIST(INTEGER)],
      );
    }
    await connection.run(
      "update meta set applied_seq = $1::bigint, applied_commit = $2::bigint",
      [last.reached ?? last.sequence, last.commit],
    );
    await connection.run("commit");
  } catch (error) {
    // A failed commit has rolled back, or ended the whole engine.
    await connection.run("rollback").catch(() => {});
    throw error;
  }
}
