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

/** Scopes that core fills by itself: nothing is listed for them. */
const LISTED = "not (z.account = '' and " +
  "z.kind in ('graph_root', 'cloud', 'deferred_edge'))";

/**
 * A statement that says which scopes an answer rests on, in groups: a row for
 * each kind and status, and for each scope that it rests on and that is not
 * complete one of its own. {@linkcode readCoverage} puts them together. Without
 * any scope there is one row with nothing but the sequence number.
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
    ? "true"
    : conditions.map((each) => `(${each})`).join(" or ");
  const ofProblem = ["cloud", "account", "region", "reason"].map((column) =>
    `case when z.rests and z.status <> 'complete' then z.${column} end as ${column}`
  );
  return builder.finish(
    `select m.reached, z.* from ` +
      `(select max(applied_seq)::double as reached from meta) m left join (` +
      `select z.rests, z.kind, z.status, count(*)::double as scopes, ` +
      `epoch_ms(min(z.last_success))::double as oldest, ` +
      `${ofProblem.join(", ")} from (` +
      `select z.*, (${about}) as rests from ${known}) z group by all) z on true`,
  );
}
