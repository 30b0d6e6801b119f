/**
 * Parts of a search, and the sub searches of their nodes.
 *
 * @module
 */

import type {
  Aggregate,
  Filter,
  MergeQuery,
  Part,
  Path,
  Query,
  With,
} from "../query/ast.ts";
import { compileAggregate } from "./compile_aggregate.ts";
import { FilterCompiler, kindCondition } from "./compile_filter.ts";
import { NavigationCompiler, reverseNavigation } from "./compile_navigation.ts";
import { allOf, conjuncts, filterPaths } from "./filter_paths.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { nodeDocument } from "./node_document.ts";
import { type MergedColumn, NodeScope, relativeName } from "./node_scope.ts";
import type { Presence } from "./presence.ts";
import { mergeOf, type RelativeKey, type Resolver } from "./resolver.ts";
import { orderSql, type OrderTerm, orderTerms } from "./sort_sql.ts";
import type { StatementBuilder } from "./statement.ts";

/** The rows of a part, before its order and limit. */
export interface PartRows {
  /** SQL behind `from`; `n` is the row of the node table. */
  readonly from: string;
  /** Condition on the rows. */
  readonly where: string;
  /** Fields of a row. */
  readonly scope: NodeScope;
  /** Answers of sub searches. */
  readonly merged: readonly MergedColumn[];
}

/** Names that the answer of a sub search cannot take. */
const TAKEN = new Set([
  "type",
  "id",
  "kinds",
  "reported",
  "desired",
  "metadata",
  "stale",
]);

/** Compiles the parts of one statement. */
export class PartCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;
  readonly #presence: Presence;
  readonly #filters: FilterCompiler;
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
    const relatives = this.#relatives(part, names, aggregate);
    const kinds = impliedKinds(this.#resolver, part.filter);
    const early: string[] = [this.#within(start)];
    if (kinds !== undefined) {
      early.push(kindCondition(this.#sql, "n", kinds));
    }
    const plain = new NodeScope(this.#resolver, "n");
    const late: Filter[] = [];
    for (const filter of conjuncts(part.filter)) {
      if (this.#needs(filter, relatives)) late.push(filter);
      else early.push(this.#filters.compile(filter, plain));
    }
    if (part.with !== undefined) early.push(this.#with(part.with));
    if (queries.length === 0 && relatives.length === 0) {
      return {
        from: "node n",
        where: early.join(" and "),
        scope: plain,
        merged: [],
      };
    }
    const base = this.#sql.table(
      "p",
      `select n.nid from node n where ${early.join(" and ")}`,
    );
    const joins: string[] = [];
    const merged = [
      ...relatives.map((key) => this.#relative(key, base, joins)),
      ...queries.map((query) => this.#merge(query, base, joins)),
    ];
    const scope = new NodeScope(this.#resolver, "n", merged);
    const after = part.merge?.after;
    const last = allOf([...late, ...(after === undefined ? [] : [after])]);
    return {
      from: `node n${joins.join("")}`,
      where: `${this.#within(base)} and ${this.#filters.compile(last, scope)}`,
      scope,
      merged,
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

  /** Containers and parts that a part reads and that are no columns. */
  #relatives(
    part: Part,
    names: readonly (readonly string[])[],
    aggregate: Aggregate | undefined,
  ): readonly RelativeKey[] {
    const paths: Path[] = [
      ...filterPaths(part.filter),
      ...(part.merge?.after === undefined ? [] : filterPaths(part.merge.after)),
      ...part.sort.map(({ path }) => path),
      ...(aggregate === undefined ? [] : aggregatePaths(aggregate)),
    ];
    const found = new Map<string, RelativeKey>();
    for (const path of paths) {
      const key = this.#relativeOf(path, names);
      if (key !== undefined) found.set(`${key.side}.${key.kind}`, key);
    }
    for (const { kind } of found.values()) {
      this.#resolver.kinds(paths[0] ?? part, [kind]);
    }
    return [...found.values()];
  }

  #relativeOf(
    path: Path,
    names: readonly (readonly string[])[],
  ): RelativeKey | undefined {
    const items = this.#resolver.absolute(path, names);
    return mergeOf(items, names) === undefined
      ? this.#resolver.relative(items)
      : undefined;
  }

  #needs(filter: Filter, relatives: readonly RelativeKey[]): boolean {
    return relatives.length > 0 &&
      filterPaths(filter).some((path) =>
        this.#relativeOf(path, []) !== undefined
      );
  }

  /** The nearest container or part of a kind, as an answer that is not shown. */
  #relative(key: RelativeKey, base: string, joins: string[]): MergedColumn {
    const { side, kind } = key;
    const query: Query = {
      type: "query",
      parts: [
        {
          ...PLAIN_PART,
          navigation: {
            type: "navigation",
            direction: side === "ancestors" ? "in" : "out",
            types: ["default"],
            from: 1,
          },
        },
        { ...PLAIN_PART, filter: { type: "is", kinds: [kind] } },
      ],
    };
    const name = relativeName(key);
    const column = this.#merge({ name, list: false, query }, base, joins);
    return { ...column, isHidden: true };
  }

  #merge(merge: MergeQuery, base: string, joins: string[]): MergedColumn {
    const { name, list, query } = merge;
    const [root = "", second] = name;
    if (TAKEN.has(root) || (root === "ancestors" && second === undefined)) {
      throw this.#resolver.invalid(
        undefined,
        `a sub search cannot be put under "${name.join(".")}"`,
      );
    }
    const table = this.#answers(query, list, base);
    joins.push(` left join ${table} on ${table}.origin = n.nid`);
    return {
      name,
      document: `${table}.doc`,
      isAggregate: query.aggregate !== undefined,
      isList: list,
      isHidden: false,
    };
  }

  /** Table `(origin, doc)` of what a sub search finds from each node. */
  #answers(query: Query, list: boolean, base: string): string {
    let keyed: string | undefined;
    for (const [at, part] of query.parts.entries()) {
      const { navigation } = part;
      const isLast = at === query.parts.length - 1;
      if (isLast && navigation === undefined) {
        return this.#collect(query, part, list, keyed ?? base);
      }
      if (keyed !== undefined) keyed = this.#keyedNodes(part, keyed);
      if (navigation === undefined) continue;
      keyed = this.#keyedSteps(keyed, base, navigation);
    }
    return this.#collect(query, PLAIN_PART, list, keyed ?? base);
  }

  #keyedSteps(
    keyed: string | undefined,
    base: string,
    navigation: NonNullable<Part["navigation"]>,
  ): string {
    if (keyed === undefined) return this.navigations.pairs(base, navigation);
    const start = this.#sql.table("p", `select distinct nid from ${keyed}`);
    const pairs = this.navigations.pairs(start, navigation);
    return this.#sql.table(
      "k",
      `select a.origin, b.nid, min(b.d) as d from ${keyed} a ` +
        `join ${pairs} b on b.origin = a.nid group by all`,
    );
  }

  /** The rows of a part for each origin of a table `(origin, nid, d)`. */
  #keyedRows(
    part: Part,
    keyed: string,
    aggregate?: Aggregate,
  ): PartRows & {
    readonly qualify: string;
    readonly terms: readonly OrderTerm[];
  } {
    const start = this.#sql.table("p", `select distinct nid from ${keyed}`);
    const rows = this.rows(part, start, aggregate);
    const terms: readonly OrderTerm[] = [
      ...orderTerms(this.#sql, this.#resolver, rows.scope, part.sort),
      { value: "k.d", descending: false },
      { value: "n.id", descending: false },
    ];
    const { limit } = part;
    const qualify = limit === undefined
      ? ""
      : ` qualify row_number() over (partition by k.origin order by ${
        orderSql(terms)
      }) between ${this.#sql.bind(limit.offset + 1)}::bigint and ${
        this.#sql.bind(limit.offset + limit.length)
      }::bigint`;
    return {
      ...rows,
      from: `${keyed} k join ${
        rows.from.replace(/^node n/, "node n on n.nid = k.nid")
      }`,
      terms,
      qualify,
    };
  }

  #keyedNodes(part: Part, keyed: string): string {
    const { from, where, qualify } = this.#keyedRows(part, keyed);
    return this.#sql.table(
      "k",
      `select k.origin, n.nid, k.d from ${from} where ${where}${qualify}`,
    );
  }

  /** Puts the hits of each origin into one JSON text. */
  #collect(query: Query, part: Part, list: boolean, keyed: string): string {
    const sql = this.#sql;
    const { aggregate } = query;
    if (aggregate !== undefined) {
      const kept = part.limit === undefined
        ? undefined
        : this.#keyedNodes(part, keyed);
      const rows = kept === undefined
        ? this.#keyedRows(part, keyed, aggregate)
        : this.#keyedRows(PLAIN_PART, kept, aggregate);
      const groups = compileAggregate(sql, this.#resolver, aggregate, {
        ...rows,
        origin: "k.origin",
      });
      return sql.table(
        "m",
        `select origin, concat('[', string_agg(line, ',' order by line), ']') ` +
          `as doc from (${groups}) group by origin`,
      );
    }
    const [steps] = query.parts;
    if (
      !list && part.sort.length === 0 && query.parts.length <= 2 &&
      steps?.navigation !== undefined && steps.navigation.to === undefined
    ) {
      const nearest = this.#withDepth(part, keyed, steps.navigation);
      return this.#collectNodes(
        { ...PLAIN_PART, ...tagOf(part) },
        list,
        nearest,
      );
    }
    return this.#collectNodes(part, list, keyed);
  }

  /**
   * The hits of a part with their depth, of those origins that have several: only
   * these have to know which is the nearest.
   */
  #withDepth(
    part: Part,
    keyed: string,
    navigation: NonNullable<Part["navigation"]>,
  ): string {
    const sql = this.#sql;
    const hits = this.#keyedNodes(part, keyed);
    const several = sql.table(
      "p",
      `select origin as nid from ${hits} group by origin having count(*) > 1`,
    );
    const depths = this.navigations.pairs(several, navigation, true);
    return sql.table(
      "k",
      `select k.origin, k.nid, coalesce(x.d, 0) as d from ${hits} k ` +
        `left join ${depths} x on x.origin = k.origin and x.nid = k.nid`,
    );
  }

  #collectNodes(part: Part, list: boolean, keyed: string): string {
    const sql = this.#sql;
    const rows = this.#keyedRows(part, keyed);
    const names = rows.terms.map((_, at) => `o${at}`);
    const columns = rows.terms.map(({ value }, at) => `${value} as o${at}`);
    const document = nodeDocument(sql, "n", {
      merged: rows.merged,
      ...(part.tag !== undefined && { tag: `${sql.bind(part.tag)}::varchar` }),
    });
    const found = sql.table(
      "f",
      `select k.origin, ${document} as doc, ${columns.join(", ")} ` +
        `from ${rows.from} where ${rows.where}${rows.qualify}`,
    );
    const order = orderSql(
      rows.terms.map(({ descending }, at) => ({
        value: names[at] ?? "",
        descending,
      })),
      part.reversed,
    );
    const value = list
      ? `concat('[', string_agg(doc, ',' order by ${order}), ']')`
      : `first(doc order by ${order})`;
    return sql.table(
      "m",
      `select origin, ${value} as doc from ${found} group by origin`,
    );
  }

  /** The condition on a node's neighbours. */
  #with(clause: With): string {
    const { count, navigation, filter, with: nested } = clause;
    const targets = this.nodes({
      ...PLAIN_PART,
      filter: filter ?? { type: "all" },
      ...(nested !== undefined && { with: nested }),
    });
    const back = reverseNavigation(navigation);
    const isAny = count.operator === ">" && count.value === 0;
    const isEmpty = count.operator === "==" && count.value === 0;
    if (isAny || isEmpty) {
      const reached = this.navigations.reach(targets, back);
      return `n.nid ${isEmpty ? "not " : ""}in (select nid from ${reached})`;
    }
    const pairs = this.navigations.pairs(targets, back);
    const wanted = this.#sql.bind(count.value);
    const operator = count.operator === "==" ? "=" : count.operator;
    const passing = (condition: string) =>
      `(select nid from ${pairs} group by nid ` +
      `having ${condition}(count(distinct origin) ${operator} ${wanted}::bigint))`;
    // Nodes without a neighbour stand in no row of the pairs.
    return holdsForZero(count)
      ? `n.nid not in ${passing("not ")}`
      : `n.nid in ${passing("")}`;
  }
}

const PLAIN_PART: Part = Object.freeze({
  type: "part",
  filter: Object.freeze({ type: "all" }),
  sort: Object.freeze([]),
  reversed: false,
});

function tagOf({ tag }: Part): Pick<Part, "tag"> {
  return tag === undefined ? {} : { tag };
}

function holdsForZero({ operator, value }: With["count"]): boolean {
  switch (operator) {
    case "==":
      return value === 0;
    case "!=":
      return value !== 0;
    case "<":
      return value > 0;
    case "<=":
      return value >= 0;
    case ">=":
      return value <= 0;
    default:
      return false;
  }
}

/** Every path that an aggregation reads. */
function aggregatePaths({ groups, functions }: Aggregate): readonly Path[] {
  const paths: Path[] = [];
  for (const { value } of groups) {
    if (value.type === "path") paths.push(value);
    else {for (const part of value.parts) {
        if (typeof part !== "string") paths.push(part);
      }}
  }
  for (const { name, value } of functions) {
    if (typeof value !== "number" && name !== "count") paths.push(value);
  }
  return paths;
}
