/**
 * Searches as people ask them, each by hand in SQL over the same index and in
 * SurrealQL over the record.
 *
 * @module
 */

/** What a search is about: things of the cloud that was made. */
export interface CaseSubjects {
  /** Id of an account's node. */
  readonly account: string;
  /** Id of a network's node. */
  readonly network: string;
}

/** One question in three languages. */
export interface SearchCase {
  /** What it is, for people. */
  readonly name: string;
  /** The search. */
  readonly search: string;
  /** How it is answered. */
  readonly form: "list" | "count" | "aggregate";
  /** The same in SQL: one column `line`. */
  readonly sql: string;
  /** The same in SurrealQL. */
  readonly surql: string;
}

/** A node as one text, as the API gives it, without its end. */
const DOCUMENT = `concat('{"type":"node","id":"', n.id, '","kinds":',
  to_json(n.kinds), ',"reported":', n.reported,
  case when n.desired is not null then concat(',"desired":', n.desired) else '' end,
  case when n.metadata is not null then concat(',"metadata":', n.metadata) else '' end,
  ',"ancestors":{"cloud":{"reported":{"id":', to_json(n.cloud), ',"name":', to_json(n.cloud), '}}',
  case when n.account <> '' then concat(',"account":{"reported":{"id":', to_json(n.account), ',"name":', to_json(n.account_name), '}}') else '' end,
  case when n.region <> '' then concat(',"region":{"reported":{"id":', to_json(n.region), ',"name":', to_json(n.region_name), '}}') else '' end,
  case when n.zone is not null then concat(',"zone":{"reported":{"id":', to_json(n.zone), ',"name":', to_json(n.zone), '}}') else '' end,
  '}')`;

/** What is known of scopes that are not up to date. */
const STALE = `(select sid, concat(',"stale":{"since":"',
  strftime(last_success, '%Y-%m-%dT%H:%M:%SZ'), '","reason":', to_json(reason),
  '}') as stale from scope where status <> 'complete')`;

function nodes(where: string, more = ""): string {
  return `select concat(${DOCUMENT}, z.stale, '}') as line from node n left join ${STALE} z
    on z.sid = n.sid where n.valid_to is null and ${where}${more}`;
}

/** The typical searches. */
export function searchCases(
  { account, network }: CaseSubjects,
): readonly SearchCase[] {
  return [{
    name: "count of a kind",
    search: "is(instance)",
    form: "count",
    sql: `select count(*)::double as line from node
      where kind = 'demo_instance' and valid_to is null`,
    surql:
      "SELECT VALUE n FROM (SELECT count() AS n FROM node WHERE kinds CONTAINS 'instance' GROUP ALL)",
  }, {
    name: "kind and number",
    search: "is(volume) and volume_size > 200 and volume_encrypted = false",
    form: "list",
    sql: nodes(
      "n.kind = 'demo_volume' and n.volume_size > 200 and n.volume_encrypted = false",
    ),
    surql:
      "SELECT * FROM node WHERE kinds CONTAINS 'volume' AND reported.volume_size > 200 AND reported.volume_encrypted = false",
  }, {
    name: "tags",
    search: "tags.owner = ada and tags.expires != null",
    form: "list",
    sql: nodes("n.tags['owner'] = 'ada' and n.tags['expires'] is not null"),
    surql:
      "SELECT * FROM node WHERE reported.tags.owner = 'ada' AND reported.tags.expires != NONE",
  }, {
    name: "regular expression",
    search: 'name =~ "^api-1[0-9]-disk$"',
    form: "list",
    sql: nodes("regexp_matches(n.name, '^api-1[0-9]-disk$', 'i')"),
    surql:
      "SELECT * FROM node WHERE string::matches(reported.name ?? '', '(?i)^api-1[0-9]-disk$')",
  }, {
    name: "with(any, …)",
    search:
      "is(instance) with(any, --> is(volume) and volume_encrypted = false)",
    form: "list",
    sql: nodes(`n.kind = 'demo_instance' and n.nid in (
      select e.src from edge_out e join node v on v.nid = e.dst
      where e.type = 'default' and e.valid_to is null and v.valid_to is null
        and v.kind = 'demo_volume' and v.volume_encrypted = false)`),
    surql:
      "SELECT * FROM node WHERE kinds CONTAINS 'instance' AND count(->edge_default->node[WHERE kinds CONTAINS 'volume' AND reported.volume_encrypted = false]) > 0",
  }, {
    name: "4 steps from a network",
    search: `id(${network}) -[1:4]->`,
    form: "list",
    sql: `with recursive r(nid, d) as (
      select hash('${network}'), 0
      union select e.dst, r.d + 1 from r join edge_out e on e.src = r.nid
        where r.d < 4 and e.type = 'default' and e.valid_to is null)
      ${nodes("n.nid in (select nid from r where d > 0)")}`,
    surql:
      `SELECT * FROM node:⟨${network}⟩.{1..4+collect}(->edge_default->node)`,
  }, {
    name: "all below an account",
    search: `id(${account}) -[1:]->`,
    form: "list",
    sql: `with recursive r(nid) as (
      select dst from edge_out where src = hash('${account}')
        and type = 'default' and valid_to is null
      union select e.dst from r join edge_out e on e.src = r.nid
        where e.type = 'default' and e.valid_to is null)
      ${nodes("n.nid in (from r)")}`,
    surql: `SELECT * FROM node:⟨${account}⟩.{..+collect}(->edge_default->node)`,
  }, {
    name: "aggregate by region",
    search:
      "aggregate(/ancestors.region.reported.name as region: sum(1) as count, sum(volume_size) as size): is(volume)",
    form: "aggregate",
    sql:
      `select json_object('group', json_object('region', region_name), 'count', count(*), 'size', sum(volume_size))::varchar as line
      from node where kind = 'demo_volume' and valid_to is null group by region_name`,
    surql:
      "SELECT region_name, count() AS count, math::sum(reported.volume_size) AS size FROM node WHERE kinds CONTAINS 'volume' GROUP BY region_name",
  }, {
    name: "sort by two keys, limit 20",
    search: "is(instance) sort instance_cores desc, name limit 20",
    form: "list",
    sql: nodes(
      "n.kind = 'demo_instance'",
      ` order by n.instance_cores desc nulls last, n.name nulls first, n.id limit 20`,
    ),
    surql:
      "SELECT * FROM node WHERE kinds CONTAINS 'instance' ORDER BY reported.instance_cores DESC, reported.name, id LIMIT 20",
  }, {
    name: "text anywhere",
    search: '"api-07-disk"',
    form: "list",
    sql: nodes("contains(n.txt, ' api 07 disk ')"),
    surql:
      "SELECT * FROM node WHERE string::contains(string::lowercase(<string> reported), 'api-07-disk')",
  }, {
    name: "same element of an array",
    search:
      'is(security_group) and rules[*].{from_port <= 22 and to_port >= 22 and cidr = "0.0.0.0/0"}',
    form: "list",
    sql: nodes(`n.kind = 'demo_security_group' and len(list_filter(
      json_extract(n.reported, '$.rules[*]'), lambda x:
        json_extract(x, '/from_port')::double <= 22
        and json_extract(x, '/to_port')::double >= 22
        and json_extract_string(x, '/cidr') = '0.0.0.0/0')) > 0`),
    surql:
      "SELECT * FROM node WHERE kinds CONTAINS 'security_group' AND count(reported.rules[WHERE from_port <= 22 AND to_port >= 22 AND cidr = '0.0.0.0/0']) > 0",
  }, {
    name: "account by name, merge",
    search:
      'is(instance) and /ancestors.account.reported.name = "acme-data" {volumes[]: --> is(volume)}',
    form: "list",
    sql: `with f as (
      select e.src, string_agg(concat(${DOCUMENT}, '}'), ',' order by n.id) as docs
      from node i join edge_out e on e.src = i.nid join node n on n.nid = e.dst
      where i.kind = 'demo_instance' and i.account_name = 'acme-data'
        and i.valid_to is null and e.valid_to is null and n.valid_to is null
        and e.type = 'default' and n.kind = 'demo_volume' group by e.src)
      select concat(${DOCUMENT}, z.stale, ',"volumes":[', f.docs, ']}')
        as line
      from node n left join ${STALE} z on z.sid = n.sid
        left join f on f.src = n.nid
      where n.kind = 'demo_instance' and n.account_name = 'acme-data'
        and n.valid_to is null`,
    surql:
      "SELECT *, ->edge_default->node[WHERE kinds CONTAINS 'volume'].* AS volumes FROM node WHERE account_name = 'acme-data' AND kinds CONTAINS 'instance'",
  }];
}

/** Indexes that one who asks these questions in SurrealQL would define. */
export const SURREAL_INDEXES: readonly {
  readonly name: string;
  readonly table: string;
  readonly fields: string;
}[] = [
  { name: "kinds", table: "node", fields: "kinds.*" },
  { name: "size", table: "node", fields: "reported.volume_size" },
  { name: "owner", table: "node", fields: "reported.tags.owner" },
  { name: "account_name", table: "node", fields: "account_name" },
];
