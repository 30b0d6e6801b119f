/**
 * Which scopes an answer rests on.
 *
 * @module
 */

import { isSimpleScalar } from "./scalar.ts";
import type { Filter, Part, Predicate, Query, With } from "../query/ast.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { type Presence, presenceAt } from "./presence.ts";
import type { Resolver } from "./resolver.ts";
import { type Statement, StatementBuilder } from "./statement.ts";

/** Columns of a scope that a container's property fixes. */
const SCOPE_COLUMNS: Readonly<Record<string, string>> = {
  "cloud.id": "cloud",
  "cloud.name": "cloud",
  "account.id": "account",
  "region.id": "region",
};

/** Columns of a node that name a container, by the scope's column. */
const NAME_COLUMNS: Readonly<Record<string, readonly [string, string]>> = {
  "account.name": ["account", "account_name"],
  "region.name": ["region", "region_name"],
};

class CoverageCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;
  readonly #present: Presence;

  constructor(
    sql: StatementBuilder,
    resolver: Resolver,
    present: Presence,
  ) {
    this.#sql = sql;
    this.#resolver = resolver;
    this.#present = present;
  }

  query({ parts }: Query): string[] {
    const conditions: string[] = [];
    for (const [at, part] of parts.entries()) {
      conditions.push(...this.#part(part));
      // What stands behind the last navigation is any kind of node.
      if (at === parts.length - 1 && part.navigation !== undefined) {
        conditions.push("true");
      }
    }
    return conditions;
  }

  #part(part: Part): string[] {
    const { filter, merge } = part;
    return [
      this.#filter(filter),
      ...(merge?.queries ?? []).flatMap(({ query }) => this.query(query)),
      ...(part.with === undefined ? [] : this.#with(part.with)),
    ];
  }

  #with(clause: With): string[] {
    return [
      this.#filter(clause.filter ?? { type: "all" }),
      ...(clause.with === undefined ? [] : this.#with(clause.with)),
    ];
  }

  /** A condition that every scope of a matching node passes. */
  #filter(filter: Filter): string {
    const implied = impliedKinds(this.#resolver, filter);
    const own = this.#terms(filter);
    return implied === undefined ? own : `(${own} and ${this.#kinds(implied)})`;
  }

  #terms(filter: Filter): string {
    switch (filter.type) {
      case "is":
        return this.#kinds(this.#resolver.kinds(filter, filter.kinds));
      case "predicate":
        return this.#predicate(filter);
      case "combine": {
        const terms: string[] = [];
        let left: Filter = filter;
        while (left.type === "combine" && left.operator === filter.operator) {
          terms.push(this.#terms(left.right));
          left = left.left;
        }
        terms.push(this.#terms(left));
        return `(${terms.join(` ${filter.operator} `)})`;
      }
      default:
        return "true";
    }
  }

  #kinds(kinds: readonly string[]): string {
    return `list_contains(${this.#sql.bind(kinds)}::varchar[], z.kind)`;
  }

  #predicate({ path, operator, quantifier, value }: Predicate): string {
    if (quantifier !== undefined) return "true";
    if (operator !== "==" && operator !== "in") return "true";
    const values = Array.isArray(value) ? value : [value];
    if (!values.every(isSimpleScalar)) return "true";
    const items = this.#resolver.absolute(path, []);
    const [side, kind, section, property] = items.map((item) =>
      "key" in item ? item.key : ""
    );
    if (items.length !== 4 || side !== "ancestors" || section !== "reported") {
      return "true";
    }
    const name = `${kind}.${property}`;
    const column = SCOPE_COLUMNS[name];
    const named = NAME_COLUMNS[name];
    if (column === undefined && named === undefined) return "true";
    const places = values.map((item) => this.#sql.bind(String(item)))
      .join(", ");
    if (named === undefined) return `z.${column} in (${places})`;
    return `z.${named[0]} in (select n.${named[0]} from node n ` +
      `where ${this.#present("n")} and n.${named[1]} in (${places}))`;
  }
}

/** How many scopes that are not complete are named, at most. */
const MAX_PROBLEMS = 100;

/** Scopes that core fills by itself: nothing is listed for them. */
const LISTED = "not (z.account = '' and " +
  "z.kind in ('graph_root', 'cloud', 'deferred_edge'))";

/** SQL of a time as ISO text. */
function isoTime(value: string): string {
  return `strftime(${value} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')`;
}

/**
 * A statement whose one row says how many scopes an answer rests on, how many of
 * them are complete, how many failed, when the oldest was listed last, which
 * sequence number the index has reached, the first scopes that are not complete
 * as JSON, and every kind that was ever listed as JSON. For a past state the
 * oldest time is only that of scopes that were not complete then.
 *
 * A scope counts when nodes of it could match, whether it holds any: what could
 * not be listed may be missing from the answer.
 */
export function compileCoverage(
  query: Query,
  resolver: Resolver,
  sequence?: number,
): Statement {
  const sql = new StatementBuilder();
  const conditions = new CoverageCompiler(
    sql,
    resolver,
    presenceAt(sql, sequence),
  ).query(query);
  const isAll = conditions.includes("true");
  const builder = isAll ? new StatementBuilder() : sql;
  const known = sequence === undefined
    ? `scope z where ${LISTED}`
    : `scope_past z where ${LISTED} and ${presenceAt(builder, sequence)("z")}`;
  const about = isAll
    ? ""
    : ` and (${conditions.map((each) => `(${each})`).join(" or ")})`;
  const scopes = builder.table("z", `select z.* from ${known}${about}`);
  const problem =
    `json_object('cloud', cloud, 'account', account, 'region', region, ` +
    `'kind', kind, 'status', status, 'reason', coalesce(reason, status), ` +
    `'since', ${isoTime("last_success")}) as p`;
  // A scope that stays complete leaves no trace of each success in the past.
  const oldest = sequence === undefined
    ? "min(last_success)"
    : "min(last_success) filter (where status <> 'complete')";
  const order = "cloud, account, region, kind";
  const problems = `select to_json(list(p order by ${order})) from (` +
    `select ${order}, ${problem} from ${scopes} where status <> 'complete' ` +
    `order by ${order} limit ${MAX_PROBLEMS})`;
  return builder.finish(
    `select count(*)::double, ` +
      `count(*) filter (where status = 'complete')::double, ` +
      `count(*) filter (where status = 'failed')::double, ` +
      `${isoTime(oldest)}, ` +
      `(select max(applied_seq)::double from meta), ` +
      `(${problems}), ` +
      `(select to_json(list(distinct z.kind)) from ${known}) ` +
      `from ${scopes}`,
  );
}
