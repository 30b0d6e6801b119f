/**
 * Searches of what changed, as one statement over the versions in the index.
 *
 * @module
 */

import type { ChangeType } from "../graph/history.ts";
import type { Part, Query } from "../query/ast.ts";
import { ChangeScope, isOfChange } from "./change_scope.ts";
import { compileAggregate } from "./compile_aggregate.ts";
import { FilterCompiler, kindCondition } from "./compile_filter.ts";
import { allOf, conjuncts } from "./filter_paths.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { nodeDocument } from "./node_document.ts";
import type { Resolver } from "./resolver.ts";
import { orderSql, type OrderTerm, orderTerms } from "./sort_sql.ts";
import { type Statement, StatementBuilder } from "./statement.ts";

/** What is asked for. */
export type HistoryForm =
  | { readonly type: "list" | "aggregate" }
  | { readonly type: "timeline"; readonly bucketMs: number };

/** How a history search is compiled. */
export interface CompileHistoryOptions {
  /** What the names of the search stand for. */
  readonly resolver: Resolver;
  /** Kinds of changes; at least one. */
  readonly changes: readonly ChangeType[];
  /** Changes from this time on. */
  readonly afterMs?: number;
  /** Changes before this time. */
  readonly beforeMs?: number;
}

const MONDAY_MS = 4 * 86_400_000;
const WEEK_MS = 7 * 86_400_000;

class HistoryCompiler {
  readonly #sql = new StatementBuilder();
  readonly #resolver: Resolver;
  readonly #filters: FilterCompiler;
  readonly #scope: ChangeScope;
  readonly #options: CompileHistoryOptions;

  constructor(options: CompileHistoryOptions) {
    this.#options = options;
    this.#resolver = options.resolver;
    this.#filters = new FilterCompiler(this.#sql, this.#resolver);
    this.#scope = new ChangeScope(this.#resolver, "n");
  }

  compile(query: Query, form: HistoryForm): Statement {
    const part = this.#onlyPart(query, form);
    const select = form.type === "timeline"
      ? this.#timeline(part, form.bucketMs)
      : query.aggregate === undefined
      ? this.#list(part)
      : this.#aggregate(part, query.aggregate);
    // As in every search: an answer without this row is a broken one.
    return this.#sql.finish(
      `select line from (${select}) union all select ${this.#end()}`,
    );
  }

  /** Null, or an error when the time that is asked for was pruned meanwhile. */
  #end(): string {
    const { afterMs, beforeMs } = this.#options;
    const asked = afterMs ?? beforeMs;
    if (asked === undefined) return "null";
    const at = this.#sql.bind(new Date(asked).toISOString());
    return `case when exists (select 1 from tick t join meta m ` +
      `on m.pruned = t.seq and t."at" > ${at}::timestamptz) ` +
      `then error('the history that is asked for was pruned just now') end`;
  }

  #onlyPart({ parts, aggregate }: Query, form: HistoryForm): Part {
    const refuse = (node: object | undefined, problem: string) => {
      throw this.#resolver.invalid(node, `a search of the history ${problem}`);
    };
    const [part] = parts;
    if (part === undefined) throw new TypeError("Cannot happen");
    if (aggregate !== undefined && form.type !== "aggregate") {
      refuse(aggregate, `lists changes, so it takes no aggregate(…) here`);
    }
    if (aggregate === undefined && form.type === "aggregate") {
      refuse(part, `that aggregates needs an aggregate(…)`);
    }
    if (part.navigation !== undefined) {
      refuse(part.navigation, "takes no navigation: it looks at one node");
    }
    if (part.merge !== undefined) {
      refuse(part.merge.queries[0], "takes no sub search in {…}");
    }
    if (part.with !== undefined) refuse(part.with, "takes no with(…)");
    if (part.withUsage !== undefined) {
      refuse(part.withUsage, "takes no with_usage(…)");
    }
    if (part.tag !== undefined) refuse(part, `takes no tag "#${part.tag}"`);
    return part;
  }

  /** Names of changes with a prefix, cut from them. */
  #kinds(prefix: string): readonly string[] {
    return this.#options.changes.filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  /** The condition that a change lies in the time that is asked for. */
  #inTime(at: string): string {
    const { afterMs, beforeMs } = this.#options;
    const bind = (ms: number) =>
      `${this.#sql.bind(new Date(ms).toISOString())}::timestamptz`;
    return [
      ...(afterMs === undefined ? [] : [`${at} >= ${bind(afterMs)}`]),
      ...(beforeMs === undefined ? [] : [`${at} < ${bind(beforeMs)}`]),
    ].map((condition) => ` and ${condition}`).join("");
  }

  /**
   * Rows of changes as versions of a table began and ended; what was pruned has
   * no rows, and what was only kept as the base of the rest does not count.
   */
  #versions(
    table: string,
    prefix: string,
    columns: { readonly began: string; readonly ended: string },
  ): string[] {
    const kinds = this.#kinds(prefix);
    const begins = kinds.filter((kind) => kind !== "deleted");
    const rows: string[] = [];
    const after = (seq: string) => `${seq} > (select pruned from meta)`;
    const type = prefix.slice(0, -1);
    if (begins.length > 0) {
      const places = begins.map((kind) => this.#sql.bind(kind)).join(", ");
      rows.push(
        `select ${columns.began}, '${type}' as h_type, ` +
          `concat('${prefix}', v.began) as h_change, ` +
          `v.began_at as h_changed_at, v.began_run as h_run, ` +
          `v.valid_from as h_seq, case when v.began = 'updated' ` +
          `then v.valid_from end as h_prior from ${table} v ` +
          `where v.began in (${places}) and ${after("v.valid_from")}` +
          this.#inTime("v.began_at"),
      );
    }
    if (kinds.includes("deleted")) {
      rows.push(
        `select ${columns.ended}, '${type}' as h_type, ` +
          `'${prefix}deleted' as h_change, ` +
          `v.ended_at as h_changed_at, v.ended_run as h_run, ` +
          `v.valid_to as h_seq, null::bigint as h_prior from ${table} v ` +
          `where v.ended = 'deleted' and ${after("v.valid_to")}` +
          this.#inTime("v.ended_at"),
      );
    }
    return rows;
  }

  /** SQL of a join with the version that an update followed, at alias `p`. */
  #before(): string {
    return " left join (select v.nid, v.valid_to, v.reported from node v " +
      `where v.ended = 'updated'${this.#inTime("v.ended_at")}) p ` +
      "on p.nid = n.nid and p.valid_to = n.h_prior";
  }

  #nodes({ filter }: Part): string | undefined {
    const rows = this.#versions("node", "node_", {
      began: "v.*",
      // What its last update changed is not what deleting it did.
      ended: "v.* replace (null::varchar as changed)",
    });
    if (rows.length === 0) return undefined;
    const kinds = impliedKinds(this.#resolver, filter);
    const conditions = [
      ...(kinds === undefined ? [] : [kindCondition(this.#sql, "n", kinds)]),
      this.#filters.compile(filter, this.#scope),
    ];
    const before = this.#scope.readsBefore ? this.#before() : "";
    return `select n.* from (${rows.join(" union all ")}) n${before} where ${
      conditions.join(" and ")
    }`;
  }

  #edges({ filter }: Part): string | undefined {
    const columns = "v.src as h_src, v.dst as h_dst, v.from_id as h_from, " +
      "v.to_id as h_to, v.type as h_edge, v.reported as h_reported";
    const rows = this.#versions("edge_out", "edge_", {
      began: columns,
      ended: columns,
    });
    if (rows.length === 0) return undefined;
    const scope = new ChangeScope(this.#resolver, "e");
    const all = conjuncts(filter);
    const own = all.filter((each) => isOfChange(this.#resolver, each));
    const ofNode = all.filter((each) => !own.includes(each));
    const conditions = [this.#filters.compile(allOf(own), scope)];
    const kinds = impliedKinds(this.#resolver, filter);
    if (ofNode.length > 0 || kinds !== undefined) {
      const ends = new ChangeScope(this.#resolver, "e");
      const wanted = [
        ...(kinds === undefined ? [] : [kindCondition(this.#sql, "n", kinds)]),
        this.#filters.compile(allOf(ofNode), ends),
      ].join(" and ");
      conditions.push(this.#eitherEnd(wanted, ends.readsChange));
    }
    return `select e.* from (${rows.join(" union all ")}) e where ${
      conditions.join(" and ")
    }`;
  }

  /**
   * The condition that an end of the edge at alias `e` was a wanted node. Nodes
   * that can be told without the edge are found once, for all edges.
   */
  #eitherEnd(wanted: string, readsChange: boolean): string {
    const [nodes, more] = readsChange ? ["node", ` and ${wanted}`] : [
      this.#sql.table(
        "m",
        `select n.nid, n.valid_from, n.valid_to from node n where ${wanted}`,
      ),
      "",
    ];
    const end = (side: string) =>
      `exists (select 1 from ${nodes} n where n.nid = e.${side} and ` +
      `${STATE_OF_END}${more})`;
    return `(${end("h_src")} or ${end("h_dst")})`;
  }

  /** SQL behind `from` of every change that matches, at alias `n`. */
  #changes(part: Part): string {
    const selects = [this.#nodes(part), this.#edges(part)]
      .filter((select) => select !== undefined);
    return `(${selects.join(" union all by name ")}) n`;
  }

  /** The order of the changes: without another, the oldest first. */
  #order({ sort }: Part): readonly OrderTerm[] {
    const given = orderTerms(this.#sql, this.#resolver, this.#scope, sort);
    const own = ["h_changed_at", ...this.#tieBreakers()]
      .map((column) => ({ value: `n.${column}`, descending: false }));
    return [...given, ...own];
  }

  #tieBreakers(): readonly string[] {
    return [
      ...(this.#kinds("node_").length > 0 ? ["id"] : []),
      "h_seq",
      ...(this.#kinds("edge_").length > 0 ? ["h_from", "h_to", "h_edge"] : []),
      "h_change",
    ];
  }

  #limit({ limit }: Part): string {
    if (limit === undefined) return "";
    return ` limit ${this.#sql.bind(limit.length)}::bigint offset ${
      this.#sql.bind(limit.offset)
    }::bigint`;
  }

  #list(part: Part): string {
    const sql = this.#sql;
    const from = this.#changes(part);
    const terms = this.#order(part);
    const keys = terms.map(({ value }, at) => `${value} as o${at}`);
    const window = part.limit === undefined
      ? ""
      : ` order by ${orderSql(terms)}${this.#limit(part)}`;
    const before = this.#scope.readsBefore ? this.#before() : "";
    const inner = `select n.*, ${
      keys.join(", ")
    } from ${from}${before}${window}`;
    const order = orderSql(
      terms.map(({ descending }, at) => ({ value: `n.o${at}`, descending })),
      part.reversed,
    );
    const lines: string[] = [];
    if (this.#kinds("node_").length > 0) {
      lines.push(
        `when n.h_type = 'node' then concat(left(${
          nodeDocument(sql, "n")
        }, -1), ${CHANGE_TEXT}, case when n.h_change = 'node_updated' then ` +
          `concat(',"before":', coalesce(p.reported, 'null'), ` +
          `',"changed":', coalesce(n.changed, '[]')) end, '}')`,
      );
    }
    if (this.#kinds("edge_").length > 0) {
      lines.push(
        `when n.h_type = 'edge' then concat('{"type":"edge","from":', ` +
          `to_json(n.h_from), ',"to":', to_json(n.h_to), ',"edge_type":', ` +
          `to_json(n.h_edge), case when n.h_reported is not null then ` +
          `concat(',"reported":', n.h_reported) end, ${CHANGE_TEXT}, '}')`,
      );
    }
    const join = this.#kinds("node_").length > 0 ? this.#before() : "";
    return `select case ${
      lines.join(" ")
    } end as line from (${inner}) n${join} order by ${order}`;
  }

  /** The changes when a limit has been applied to them. */
  #limited(part: Part): string {
    const from = this.#changes(part);
    if (part.limit === undefined) return from;
    const terms = this.#order(part);
    const before = this.#scope.readsBefore ? this.#before() : "";
    return `(select n.* from ${from}${before} order by ${orderSql(terms)}${
      this.#limit(part)
    }) n`;
  }

  #aggregate(part: Part, aggregate: NonNullable<Query["aggregate"]>): string {
    const from = this.#limited(part);
    // Read of the model before the statement is put together.
    const probe = new ChangeScope(this.#resolver, "n");
    compileAggregate(new StatementBuilder(), this.#resolver, aggregate, {
      from,
      where: "true",
      scope: probe,
    });
    return compileAggregate(this.#sql, this.#resolver, aggregate, {
      from: `${from}${probe.readsBefore ? this.#before() : ""}`,
      where: "true",
      scope: this.#scope,
    });
  }

  #timeline(part: Part, bucketMs: number): string {
    const length = `${this.#sql.bind(bucketMs)}::bigint`;
    // Weeks begin on Monday; 1 January 1970 was a Thursday.
    const shift = `${
      this.#sql.bind(bucketMs % WEEK_MS === 0 ? MONDAY_MS : 0)
    }::bigint`;
    const at = `epoch_ms(n.h_changed_at) - ${shift}`;
    const start =
      `floor((${at})::double / ${length})::bigint * ${length} + ${shift}`;
    return `select concat('{"at":"', strftime(make_timestamp_ms(b), ` +
      `'%Y-%m-%dT%H:%M:%S.%gZ'), '","change":"', c, '","count":', k, '}') ` +
      `as line from (select ${start} as b, n.h_change as c, count(*) as k ` +
      `from ${this.#limited(part)} group by all order by b, c)`;
  }
}

/** An end as it was when the edge had changed; before that, if it is deleted. */
const STATE_OF_END = "case when e.h_change = 'edge_deleted' " +
  "then n.valid_from < e.h_seq and (n.valid_to is null or n.valid_to >= e.h_seq) " +
  "else n.valid_from <= e.h_seq and (n.valid_to is null or n.valid_to > e.h_seq) end";

/** What each row says of its change. */
const CHANGE_TEXT = `',"change":"', n.h_change, '","changed_at":"', ` +
  `strftime(n.h_changed_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ'), '"', ` +
  `case when n.h_run is not null then concat(',"run":', to_json(n.h_run)) end`;

/** Compiles a search of what changed. */
export function compileHistory(
  query: Query,
  form: HistoryForm,
  options: CompileHistoryOptions,
): Statement {
  return new HistoryCompiler(options).compile(query, form);
}
