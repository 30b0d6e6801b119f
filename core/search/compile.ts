/**
 * A search as one statement over the index.
 *
 * @module
 */

import type { Part, Query } from "../query/ast.ts";
import type { SourceText } from "../query/source_text.ts";
import { compileAggregate } from "./compile_aggregate.ts";
import { PartCompiler } from "./compile_part.ts";
import { type PartRows, PLAIN_PART } from "./part_rows.ts";
import { isOneNode } from "./filter_paths.ts";
import { nodeDocument, staleScopes } from "./node_document.ts";
import { endOfAnswer, presenceAt } from "./presence.ts";
import { Resolver } from "./resolver.ts";
import type { PropertyModel } from "./property_model.ts";
import { orderSql } from "./sort_sql.ts";
import { type Statement, StatementBuilder } from "./statement.ts";

/** How a search is compiled. */
export interface CompileOptions {
  /** Text of the search, for messages. */
  readonly text: string | SourceText;
  /** What is known of properties. */
  readonly model: PropertyModel;
  /** Section of relative paths; empty for none. Default: `reported`. */
  readonly section?: string;
  /** The present, in milliseconds. */
  readonly nowMs: number;
  /** Sequence number whose state is searched. Default: the present. */
  readonly sequence?: number;
}

/**
 * What is asked for: nodes; nodes and the edges between them that were walked;
 * how many; or only their ids.
 */
export type SearchForm = "list" | "graph" | "count" | "ids";

/** What the last part of a search gives. */
interface LastPart {
  readonly part: Part;
  readonly rows: PartRows;
}

class SearchCompiler {
  readonly #sql = new StatementBuilder();
  readonly #parts: PartCompiler;
  readonly #resolver: Resolver;
  readonly #options: CompileOptions;

  constructor(options: CompileOptions) {
    const { model, sequence, ...rest } = options;
    this.#options = options;
    this.#resolver = new Resolver(model, rest);
    this.#parts = new PartCompiler(
      this.#sql,
      this.#resolver,
      presenceAt(this.#sql, sequence),
    );
  }

  compile(query: Query, form: SearchForm): Statement {
    if (form === "graph" && query.aggregate === undefined) {
      return this.#graph(query);
    }
    const last = this.#last(query);
    switch (form) {
      case "count":
        return this.#sql.finish(this.#count(query, last));
      case "ids":
        return this.#sql.finish(this.#whole(this.#ids(last, query)));
      default:
        return this.#sql.finish(this.#whole(
          query.aggregate === undefined
            ? this.#list(last)
            : this.#aggregate(query, last),
        ));
    }
  }

  /** Compiles every part but the last into tables. */
  #last({ parts, aggregate }: Query): LastPart {
    let start: string | undefined;
    for (const [at, part] of parts.entries()) {
      const { navigation } = part;
      if (navigation === undefined) {
        if (at < parts.length - 1) {
          start = this.#parts.nodes(part, start);
          continue;
        }
        return { part, rows: this.#parts.rows(part, start, aggregate) };
      }
      const nodes = this.#parts.nodes(part, start);
      start = this.#parts.navigations.reach(
        nodes,
        navigation,
        isOneNode(part.filter),
      );
    }
    const rows = aggregate === undefined
      ? this.#parts.all(start)
      : this.#parts.rows(PLAIN_PART, start, aggregate);
    return { part: PLAIN_PART, rows };
  }

  /** SQL of a join that adds what is known of stale scopes; alias `n` has it. */
  #document({ part, rows }: LastPart): string {
    const sql = this.#sql;
    return nodeDocument(sql, "n", {
      merged: rows.merged.map((column) => ({
        ...column,
        document: column.document.replace(".doc", "_doc"),
      })),
      stale: true,
      ...(part.tag !== undefined && { tag: `${sql.bind(part.tag)}::varchar` }),
    });
  }

  /**
   * A row without a text ends every answer. The engine ends a stream that failed
   * as if it were whole, so that an answer without this row is a broken one.
   */
  #whole(select: string): string {
    const end = endOfAnswer(this.#sql, this.#options.sequence);
    return `select line from (${select}) union all select ${end}`;
  }

  #list(last: LastPart): string {
    const { part, rows } = last;
    const terms = this.#parts.order(part, rows);
    const keys = terms.map(({ value }, at) => `${value} as o${at}`);
    const docs = rows.merged.filter(({ isHidden }) => !isHidden)
      .map(({ document }) =>
        `${document} as ${document.replace(".doc", "_doc")}`
      );
    const found = (columns: readonly string[]) =>
      `select ${columns.join(", ")} from ${rows.from} ` +
      `where ${rows.where}${this.#parts.window(part, terms)}`;
    const inner = rows.isLate || (part.limit !== undefined && keys.length > 0)
      ? lateRows(found, [...docs, ...keys])
      : found(["n.*", ...docs, ...keys]);
    const order = terms.length === 0 ? "" : ` order by ${
      orderSql(
        terms.map(({ descending }, at) => ({
          value: `n.o${at}`,
          descending,
        })),
        part.reversed,
      )
    }`;
    return `select ${this.#document(last)} as line from ${
      this.#withStale(inner)
    } n${order}`;
  }

  #withStale(inner: string): string {
    const { sequence } = this.#options;
    const scopes = sequence === undefined
      ? "select * from scope"
      : "select * from scope_past v where " +
        presenceAt(this.#sql, sequence)("v");
    return `(select i.*, z.stale from (${inner}) i left join (${
      staleScopes(scopes)
    }) z on z.sid = i.sid)`;
  }

  /** The rows of the last part when a limit has been applied to them. */
  #limited({ part, rows }: LastPart, query: Query): PartRows {
    if (part.limit === undefined) return rows;
    const terms = this.#parts.order(part, rows);
    const kept = this.#sql.table(
      "p",
      `select n.nid from ${rows.from} where ${rows.where}${
        this.#parts.window(part, terms)
      }`,
    );
    return query.aggregate === undefined
      ? this.#parts.all(kept)
      : this.#parts.rows({ ...part, ...PLAIN_PART }, kept, query.aggregate);
  }

  #aggregate(query: Query, last: LastPart): string {
    const { aggregate } = query;
    if (aggregate === undefined) return this.#list(last);
    const rows = this.#limited(last, query);
    return compileAggregate(this.#sql, this.#resolver, aggregate, rows);
  }

  #count(query: Query, last: LastPart): string {
    if (query.aggregate !== undefined) {
      return `select count(*)::double from (${this.#aggregate(query, last)})`;
    }
    const { from, where } = this.#limited(last, query);
    return `select count(*)::double from ${from} where ${where}`;
  }

  #ids(last: LastPart, query: Query): string {
    const { from, where } = this.#limited(last, query);
    return `select n.id as line from ${from} where ${where} order by n.id`;
  }

  #graph({ parts }: Query): Statement {
    const sql = this.#sql;
    const { navigations } = this.#parts;
    const shown: string[] = [];
    const edges: string[] = [];
    let start: string | undefined;
    let walked: string | undefined;
    for (const [at, part] of [...parts, PLAIN_PART].entries()) {
      const isEnd = at === parts.length;
      // A navigation at the end is followed by all that it reaches.
      if (isEnd && parts.at(-1)?.navigation === undefined) break;
      const nodes = isEnd && start !== undefined
        ? start
        : this.#parts.nodes(part, start);
      if (walked !== undefined) {
        const kept = this.#leadingTo(nodes, walked);
        shown.push(`select nid, null as tag from ${kept}`);
        edges.push(
          `select g.src, g.dst, g.type from ${walked} g ` +
            `join ${kept} t on t.nid = g.b`,
        );
      }
      const tag = part.tag === undefined
        ? "null"
        : `${sql.bind(part.tag)}::varchar`;
      shown.push(`select nid, ${tag} as tag from ${nodes}`);
      if (part.navigation === undefined) break;
      walked = navigations.edges(nodes, part.navigation);
      start = navigations.reach(nodes, part.navigation);
    }
    const all = sql.table(
      "a",
      `select nid, max(tag) as tag from (${
        shown.join(" union all ")
      }) group by nid`,
    );
    const present = this.#parts.all(undefined).where;
    const document = nodeDocument(sql, "n", {
      tag: "n.tag",
      stale: true,
    });
    const inner = lateRows(
      (columns) =>
        `select ${columns.join(", ")} from node n ` +
        `join ${all} a on a.nid = n.nid where ${present}`,
      ["a.tag"],
    );
    const nodes = `select ${document} as line from ${this.#withStale(inner)} n`;
    const lines = edges.length === 0
      ? nodes
      : `${nodes} union all ${this.#edgeLines(edges)}`;
    return sql.finish(this.#whole(lines));
  }

  /** Table `(nid)` of the nodes on walked ways to the nodes of a table. */
  #leadingTo(nodes: string, walked: string): string {
    return this.#sql.table(
      "t",
      (t) =>
        `select nid from ${nodes} union select g.a from ${t} ` +
        `join ${walked} g on g.b = ${t}.nid`,
      { columns: "(nid)" },
    );
  }

  #edgeLines(edges: readonly string[]): string {
    const walked = this.#sql.table("w", edges.join(" union "));
    const present = presenceAt(this.#sql, this.#options.sequence)("e");
    return `select concat('{"type":"edge","from":', to_json(from_id), ` +
      `',"to":', to_json(to_id), ',"edge_type":', to_json(type), ` +
      `case when reported is not null then concat(',"reported":', reported) ` +
      `else '' end, '}') as line from (select e.from_id, e.to_id, e.type, ` +
      `max(e.reported) as reported from edge_out e join ${walked} w ` +
      `on w.src = e.src and w.dst = e.dst and w.type = e.type ` +
      `where ${present} group by all)`;
  }
}

/**
 * SQL of rows of the node table that are found first and read afterwards: the
 * scan that reads them skips groups that hold none.
 */
function lateRows(
  found: (columns: readonly string[]) => string,
  more: readonly string[],
): string {
  return more.length === 0
    ? `select n.* from node n where n.rowid in (${found(["n.rowid"])})`
    : `select n.*, f.* exclude (place) from node n ` +
      `join (${found(["n.rowid as place", ...more])}) f on f.place = n.rowid`;
}

/** Compiles a search. */
export function compileSearch(
  query: Query,
  form: SearchForm,
  options: CompileOptions,
): Statement {
  return new SearchCompiler(options).compile(query, form);
}
