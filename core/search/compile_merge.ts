/**
 * Sub searches of the nodes of a part.
 *
 * @module
 */

import type {
  Aggregate,
  MergeQuery,
  Navigation,
  Part,
  Query,
} from "../query/ast.ts";
import { compileAggregate } from "./compile_aggregate.ts";
import type { NavigationCompiler } from "./compile_navigation.ts";
import { nodeDocument, reportedDocument } from "./node_document.ts";
import { type MergedColumn, relativeName } from "./node_scope.ts";
import { type PartRows, PLAIN_PART } from "./part_rows.ts";
import type { RelativeRead } from "./relative_keys.ts";
import type { Resolver } from "./resolver.ts";
import { orderSql, type OrderTerm, orderTerms } from "./sort_sql.ts";
import type { StatementBuilder } from "./statement.ts";

/** What sub searches need of the compiler of parts, which needs them in turn. */
export interface RowsCompiler {
  /** Compiles the navigations of the same statement. */
  readonly navigations: NavigationCompiler;
  /** The rows of a part, of the nodes of a table `(nid)`. */
  rows(part: Part, start?: string, aggregate?: Aggregate): PartRows;
}

/** The rows of a part for each node that a sub search started at. */
interface KeyedRows extends PartRows {
  /** What keeps the limit of each. */
  readonly qualify: string;
  /** Their order. */
  readonly terms: readonly OrderTerm[];
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

/** Compiles the sub searches of one statement. */
export class MergeCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;
  readonly #parts: RowsCompiler;

  /** Makes a compiler that adds to a statement. */
  constructor(
    sql: StatementBuilder,
    resolver: Resolver,
    parts: RowsCompiler,
  ) {
    this.#sql = sql;
    this.#resolver = resolver;
    this.#parts = parts;
  }

  /** The nearest container or part of a kind, as an answer that is not shown. */
  relative(key: RelativeRead, base: string, joins: string[]): MergedColumn {
    const { side, kind, properties } = key;
    const document = properties === undefined
      ? nodeDocument(this.#sql, "n")
      : reportedDocument(this.#sql, "n", properties);
    const table = this.#nearest(kind, document, base, {
      type: "navigation",
      direction: side === "ancestors" ? "in" : "out",
      types: ["default"],
      from: 1,
    });
    joins.push(` left join ${table} on ${table}.origin = n.nid`);
    return {
      name: relativeName(key),
      document: `${table}.doc`,
      isAggregate: false,
      isList: false,
      isHidden: true,
    };
  }

  /**
   * Table `(origin, doc)` of the nearest node of a kind. Most have one a single
   * step away: only from the others, all that lies behind them is walked.
   */
  #nearest(
    kind: string,
    document: string,
    base: string,
    navigation: Navigation,
  ): string {
    const sql = this.#sql;
    const { navigations } = this.#parts;
    const part: Part = { ...PLAIN_PART, filter: { type: "is", kinds: [kind] } };
    const { where } = this.#parts.rows(part);
    const steps = navigations.pairs(base, { ...navigation, to: 1 });
    const near = sql.table(
      "k",
      `select k.origin, n.nid, n.id from ${steps} k ` +
        `join node n on n.nid = k.nid where ${where}`,
    );
    const others = sql.table(
      "p",
      `select nid from ${base} where nid not in (select origin from ${near})`,
    );
    const walked = navigations.pairs(others, navigation);
    const far = this.#withDepth(part, walked, navigation);
    const chosen = sql.table(
      "k",
      `select origin, arg_min(nid, id) as nid from ${near} ` +
        `group by origin union all ` +
        `select k.origin, first(k.nid order by k.d, n.id) from ${far} k ` +
        `join node n on n.nid = k.nid and ${where} group by k.origin`,
    );
    // Many share one, whose document is made only once.
    const found = sql.table(
      "f",
      `select n.nid, ${document} as doc from node n where ${where} and n.nid in (select nid from ${chosen})`,
    );
    return sql.table(
      "m",
      `select k.origin, f.doc from ${chosen} k join ${found} f on f.nid = k.nid`,
    );
  }

  /** What a sub search finds from each node of a table, joined to the rows. */
  merge(merge: MergeQuery, base: string, joins: string[]): MergedColumn {
    const { name, list, query } = merge;
    const [root = "", second] = name;
    if (TAKEN.has(root) || (root === "ancestors" && second === undefined)) {
      throw this.#resolver.invalid(
        merge,
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
    navigation: Navigation,
  ): string {
    if (keyed === undefined) {
      return this.#parts.navigations.pairs(base, navigation);
    }
    const start = this.#sql.table("p", `select distinct nid from ${keyed}`);
    const pairs = this.#parts.navigations.pairs(start, navigation);
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
  ): KeyedRows {
    const start = this.#sql.table("p", `select distinct nid from ${keyed}`);
    const rows = this.#parts.rows(part, start, aggregate);
    const terms: readonly OrderTerm[] = [
      ...orderTerms(this.#sql, this.#resolver, rows.scope, part.sort),
      // Without an order, the nearest come first.
      ...(part.sort.length > 0 ? [] : [{ value: "k.d", descending: false }]),
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
    navigation: Navigation,
  ): string {
    const sql = this.#sql;
    const hits = this.#keyedNodes(part, keyed);
    const several = sql.table(
      "p",
      `select origin as nid from ${hits} group by origin having count(*) > 1`,
    );
    const depths = this.#parts.navigations.pairs(several, navigation, true);
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
    // Found first and read afterwards, which skips what holds none of them.
    const hits = sql.table(
      "h",
      `select ${
        [
          "k.origin",
          "n.rowid as place",
          ...rows.merged.filter(({ isHidden }) => !isHidden).map((
            { document },
          ) => `${document} as ${columnName(document)}`),
          ...columns,
        ].join(", ")
      } from ${rows.from} where ${rows.where}${rows.qualify}`,
    );
    const document = nodeDocument(sql, "n", {
      merged: rows.merged.map((column) => ({
        ...column,
        document: `h.${columnName(column.document)}`,
      })),
      ...(part.tag !== undefined && { tag: `${sql.bind(part.tag)}::varchar` }),
    });
    const found = sql.table(
      "f",
      `select h.origin, ${document} as doc, ${
        names.map((name) => `h.${name}`).join(", ")
      } from node n join ${hits} h on h.place = n.rowid`,
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
}

/** The column that holds the answer of a sub search where it is passed on. */
function columnName(document: string): string {
  return document.replace(".doc", "_doc");
}

function tagOf({ tag }: Part): Pick<Part, "tag"> {
  return tag === undefined ? {} : { tag };
}
