/**
 * Which scopes an answer rests on.
 *
 * @module
 */

import { isSimpleScalar } from "./scalar.ts";
import type { Filter, Part, Predicate, Query, With } from "../query/ast.ts";
import { impliedKinds } from "./implied_kinds.ts";
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

  constructor(sql: StatementBuilder, resolver: Resolver) {
    this.#sql = sql;
    this.#resolver = resolver;
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
      `where n.valid_to is null and n.${named[1]} in (${places}))`;
  }
}

/**
 * A statement whose one row says how many scopes an answer rests on, how many of
 * them are not up to date, when the oldest was listed last and which sequence
 * number the index has reached.
 *
 * A scope counts when nodes of it could match, whether it holds any: what could
 * not be listed may be missing from the answer.
 */
export function compileCoverage(query: Query, resolver: Resolver): Statement {
  const sql = new StatementBuilder();
  const conditions = new CoverageCompiler(sql, resolver).query(query);
  const isAll = conditions.includes("true");
  const where = isAll
    ? "true"
    : conditions.map((condition) => `(${condition})`).join(" or ");
  return (isAll ? new StatementBuilder() : sql).finish(
    `select count(*)::double, ` +
      `count(*) filter (where z.status <> 'complete')::double, ` +
      `strftime(min(z.last_success) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), ` +
      `(select max(applied_seq)::double from meta) from scope z where ${where}`,
  );
}
