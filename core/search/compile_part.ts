/**
 * Parts of a search as rows of a statement.
 *
 * @module
 */

import type { Aggregate, Filter, Part } from "../query/ast.ts";
import { FilterCompiler, kindCondition } from "./compile_filter.ts";
import { MergeCompiler } from "./compile_merge.ts";
import { NavigationCompiler } from "./compile_navigation.ts";
import { compileWith } from "./compile_with.ts";
import { allOf, conjuncts } from "./filter_paths.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { isSelective } from "./is_selective.ts";
import { NodeScope } from "./node_scope.ts";
import type { PartRows } from "./part_rows.ts";
import type { Presence } from "./presence.ts";
import { readsRelative, relativeKeys } from "./relative_keys.ts";
import type { Resolver } from "./resolver.ts";
import { orderSql, type OrderTerm, orderTerms } from "./sort_sql.ts";
import type { StatementBuilder } from "./statement.ts";

/** Compiles the parts of one statement. */
export class PartCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;
  readonly #presence: Presence;
  readonly #filters: FilterCompiler;
  readonly #merges: MergeCompiler;
  /** Compiles the navigations of the same statement. */
  readonly navigations: NavigationCompiler;

  /** Makes a compiler that adds to a statement. */
  constructor(
    sql: StatementBuilder,
    resolver: Resolver,
    presence: Presence,
  ) {
    this.#sql = sql;
    this.#resolver = resolver;
    this.#presence = presence;
    this.#filters = new FilterCompiler(sql, resolver);
    this.#merges = new MergeCompiler(sql, resolver, this);
    this.navigations = new NavigationCompiler(
      sql,
      this.#filters,
      presence,
      resolver,
    );
  }

  /** All present nodes, or those of a table `(nid)`. */
  all(start: string | undefined): PartRows {
    return {
      from: "node n",
      where: this.#within(start),
      scope: new NodeScope(this.#resolver, "n"),
      merged: [],
      isLate: start !== undefined,
    };
  }

  #within(start: string | undefined): string {
    const present = this.#presence("n");
    return start === undefined
      ? present
      : `${present} and n.nid in (select nid from ${start})`;
  }

  /**
   * The rows of a part, of all nodes or those of a table `(nid)`.
   *
   * @param aggregate Computed of this part, so that it may need sub searches.
   */
  rows(part: Part, start?: string, aggregate?: Aggregate): PartRows {
    const queries = part.merge?.queries ?? [];
    const names = queries.map(({ name }) => name);
    const relatives = relativeKeys(
      this.#resolver,
      part,
      names,
      aggregate,
    );
    const kinds = impliedKinds(this.#resolver, part.filter);
    const early: string[] = [this.#within(start)];
    if (kinds !== undefined) {
      early.push(kindCondition(this.#sql, "n", kinds));
    }
    const plain = new NodeScope(this.#resolver, "n");
    const late: Filter[] = [];
    const merges = queries.length > 0 || relatives.length > 0;
    for (const filter of conjuncts(part.filter)) {
      if (merges && readsRelative(this.#resolver, filter)) {
        late.push(filter);
      } else early.push(this.#filters.compile(filter, plain));
    }
    if (part.with !== undefined) {
      early.push(compileWith(this.#sql, this, part.with));
    }
    if (!merges) {
      return {
        from: "node n",
        where: early.join(" and "),
        scope: plain,
        merged: [],
        isLate: start !== undefined || isSelective(part.filter, plain),
      };
    }
    const base = this.#sql.table(
      "p",
      `select n.nid from node n where ${early.join(" and ")}`,
    );
    const joins: string[] = [];
    const merged = [
      ...relatives.map((key) => this.#merges.relative(key, base, joins)),
      ...queries.map((query) => this.#merges.merge(query, base, joins)),
    ];
    const scope = new NodeScope(this.#resolver, "n", merged);
    const after = part.merge?.after;
    const last = allOf([...late, ...(after === undefined ? [] : [after])]);
    // The base holds no others; saying so lets the engine skip rows unread.
    const again = conjuncts(part.filter).filter(({ type }) => type === "is")
      .map((filter) => this.#filters.compile(filter, plain));
    return {
      from: `node n${joins.join("")}`,
      where: [
        this.#within(base),
        ...again,
        this.#filters.compile(last, scope),
      ].join(" and "),
      scope,
      merged,
      isLate: true,
    };
  }

  /** Terms of a part's order, with the node's id as the last one. */
  order(part: Part, { scope }: PartRows): readonly OrderTerm[] {
    const { sort, reversed } = part;
    // What is turned round needs an order that can be.
    if (sort.length === 0 && !reversed) return [];
    return [
      ...orderTerms(this.#sql, this.#resolver, scope, sort),
      { value: "n.id", descending: false },
    ];
  }

  /** `order by` and `limit` of a part that is not the last. */
  window(part: Part, terms: readonly OrderTerm[]): string {
    const { limit } = part;
    if (limit === undefined) return "";
    const order = terms.length === 0 ? "" : ` order by ${orderSql(terms)}`;
    return `${order} limit ${this.#sql.bind(limit.length)}::bigint offset ${
      this.#sql.bind(limit.offset)
    }::bigint`;
  }

  /** Table `(nid)` of the nodes of a part. */
  nodes(part: Part, start?: string): string {
    const rows = this.rows(part, start);
    const terms = part.limit === undefined ? [] : this.order(part, rows);
    return this.#sql.table(
      "p",
      `select n.nid from ${rows.from} where ${rows.where}${
        this.window(part, terms)
      }`,
    );
  }
}
