/**
 * Steps along edges as tables of a statement.
 *
 * Each edge type and direction is walked on its own, and the union of all walks
 * is the answer. A walk of `[a:b]` from a node reaches the nodes that lie between
 * `a` and `b` steps away from it, counted on the shortest way.
 *
 * @module
 */

import type { Navigation } from "../query/ast.ts";
import type { FilterCompiler, FilterScope } from "./compile_filter.ts";
import type { Presence } from "./presence.ts";
import type { Resolver } from "./resolver.ts";
import type { StatementBuilder } from "./statement.ts";

/** One kind of walk. */
interface Walk {
  /** Table of edges, and the columns where a step starts and ends. */
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** SQL of the edge types. */
  readonly types: string;
  /** Condition on an edge at alias `e`. */
  readonly condition: string;
}

/** Steps up to which every depth of a pair is kept, and not only the fewest. */
const MAX_COUNTED_STEPS = 12;

/** The same navigation, walked from its end to its start. */
export function reverseNavigation(navigation: Navigation): Navigation {
  const { direction, types, outTypes } = navigation;
  switch (direction) {
    case "out":
      return { ...navigation, direction: "in" };
    case "in":
      return { ...navigation, direction: "out" };
    case "both":
      return outTypes === undefined
        ? navigation
        : { ...navigation, types: outTypes, outTypes: types };
  }
}

/** Compiles the navigations of one statement. */
export class NavigationCompiler {
  readonly #sql: StatementBuilder;
  readonly #filters: FilterCompiler;
  readonly #presence: Presence;
  readonly #resolver: Resolver;

  /** Makes a compiler that adds to a statement. */
  constructor(
    sql: StatementBuilder,
    filters: FilterCompiler,
    presence: Presence,
    resolver: Resolver,
  ) {
    this.#sql = sql;
    this.#filters = filters;
    this.#presence = presence;
    this.#resolver = resolver;
  }

  /**
   * Table `(nid)` of the nodes that are reached from those of another one.
   *
   * @param isOne Whether there is at most one start.
   */
  reach(
    start: string,
    navigation: Navigation,
    isOne: boolean = false,
  ): string {
    const { from, to } = navigation;
    if (to === 0) return start;
    const walks = this.#walks(navigation, to !== undefined && to <= 1);
    const sets = walks.map((walk) =>
      this.#reachOne(start, walk, from, to, isOne)
    );
    if (sets.length === 1) return sets[0] ?? start;
    const union = sets.map((set) => `select nid from ${set}`).join(" union ");
    return this.#sql.table("s", union);
  }

  /**
   * Table `(origin, nid, d)` of which node reaches which. `d` is the number of
   * steps where that was asked for or costs nothing, and 0 otherwise.
   */
  pairs(start: string, navigation: Navigation, depth: boolean = false): string {
    const { from, to } = navigation;
    const walks = this.#walks(navigation, to !== undefined && to <= 1);
    const sets = walks.map((walk) =>
      this.#pairsOne(start, walk, from, to, depth)
    );
    if (sets.length === 1) return sets[0] ?? start;
    const union = sets.map((set) => `select origin, nid, d from ${set}`)
      .join(" union all ");
    return this.#sql.table(
      "k",
      `select origin, nid, min(d) as d from (${union}) group by all`,
    );
  }

  /**
   * Table `(a, b, src, dst, type)` of the edges that are walked from the nodes of
   * a table; `a` is the end from which the step was made.
   */
  edges(start: string, navigation: Navigation): string {
    const { to } = navigation;
    const selects = this.#walks(navigation, to === 1).map((walk) => {
      const depths = this.#depths(start, walk, to);
      const bound = to === undefined
        ? ""
        : ` and v.d < ${this.#sql.bind(to)}::bigint`;
      return `select e.${walk.from} as a, e.${walk.to} as b, ` +
        `e.src, e.dst, e.type from ${walk.table} e ` +
        `join ${depths} v on v.nid = e.${walk.from} ` +
        `where ${this.#edge(walk)}${bound}`;
    });
    return this.#sql.table("g", selects.join(" union all "));
  }

  /** Each edge type and direction; steps of one each may share a walk. */
  #walks(navigation: Navigation, share: boolean): readonly Walk[] {
    const { direction, types, outTypes } = navigation;
    const walks: Walk[] = [];
    for (const side of ["in", "out"] as const) {
      if (direction !== "both" && direction !== side) continue;
      const list = side === "out" ? outTypes ?? types : types;
      const groups = share ? [list] : list.map((type) => [type]);
      for (const group of groups) {
        walks.push(this.#walk(navigation, side, group));
      }
    }
    return walks;
  }

  #walk(
    { filter }: Navigation,
    side: "in" | "out",
    types: readonly string[],
  ): Walk {
    const scope: FilterScope = {
      field: (path) => {
        if (path.absolute) {
          throw this.#resolver.invalid(
            path,
            "a filter of edges names properties of the edge, without a slash",
          );
        }
        const { items } = path;
        return { path, document: "e.reported", items, type: "any" };
      },
    };
    // Only the first of the two copies of the edges holds their properties.
    const table = side === "in" && filter === undefined
      ? "edge_in"
      : "edge_out";
    return {
      table,
      from: side === "out" ? "src" : "dst",
      to: side === "out" ? "dst" : "src",
      types: types.map((type) => this.#sql.bind(type)).join(", "),
      condition: filter === undefined
        ? ""
        : ` and ${this.#filters.compile(filter, scope)}`,
    };
  }

  #edge({ types, condition }: Walk): string {
    return `e.type in (${types}) and ${this.#presence("e")}${condition}`;
  }

  #reachOne(
    start: string,
    walk: Walk,
    from: number,
    to: number | undefined,
    isOne: boolean,
  ): string {
    if (from >= 2) {
      const pairs = this.#pairsOne(start, walk, from, to, false);
      return this.#sql.table("s", `select distinct nid from ${pairs}`);
    }
    if (from === 0) return this.#closure(`select nid from ${start}`, walk, to);
    if (to === 1) return this.#neighbours(start, walk);
    if (!isOne) return this.#reachOthers(start, walk, to);
    const closed = this.#closure(`select nid from ${start}`, walk, to);
    return this.#sql.table(
      "s",
      `select nid from ${closed} where nid not in (select nid from ${start})`,
    );
  }

  #neighbours(start: string, walk: Walk): string {
    return this.#sql.table(
      "s",
      `select distinct e.${walk.to} as nid from ${walk.table} e ` +
        `where e.${walk.from} in (select nid from ${start}) ` +
        `and e.src <> e.dst and ${this.#edge(walk)}`,
    );
  }

  /** The nodes of a selection and what is reached from there in `to` steps. */
  #closure(seed: string, walk: Walk, to: number | undefined): string {
    const edge = this.#edge(walk);
    if (to === undefined) {
      return this.#sql.table(
        "r",
        (r) =>
          `${seed} union select e.${walk.to} from ${r} ` +
          `join ${walk.table} e on e.${walk.from} = ${r}.nid where ${edge}`,
        {
          columns: "(nid)",
        },
      );
    }
    const depths = this.#sql.table(
      "r",
      (r) =>
        `select nid, 0 from (${seed}) union select e.${walk.to}, ${r}.d + 1 from ${r} ` +
        `join ${walk.table} e on e.${walk.from} = ${r}.nid ` +
        `where ${r}.d < ${this.#sql.bind(to)}::bigint and ${edge}`,
      {
        columns: "(nid, d)",
      },
    );
    return this.#sql.table("s", `select distinct nid from ${depths}`);
  }

  /**
   * Reach of `[1:]`. A start counts only when another start reaches it, which a
   * walk that forgets where it began cannot tell. So what is not a start is taken
   * from such a walk; and of the starts it met, those that follow another start,
   * or that have one behind them on the way back.
   */
  #reachOthers(start: string, walk: Walk, to: number | undefined): string {
    const sql = this.#sql;
    const next = this.#neighbours(start, walk);
    const closed = this.#closure(
      `select nid from ${next}`,
      walk,
      to === undefined ? undefined : to - 1,
    );
    const starts = `(select nid from ${start})`;
    const edge = this.#edge(walk);
    // Starts that were met although no other start leads straight to them.
    const unsure = sql.table(
      "u",
      `select nid from ${closed} where nid in ${starts} and nid not in (` +
        `select e.${walk.to} from ${walk.table} e where e.${walk.from} in ${starts} ` +
        `and e.src <> e.dst and ${edge})`,
    );
    const bound = to === undefined
      ? ""
      : ` and ${this.#sql.bind(to)}::bigint > b.d`;
    const depth = to === undefined ? "0" : "b.d + 1";
    const back = sql.table(
      "b",
      (b) =>
        `select nid, nid, 0 from ${unsure} union ` +
        `select b.origin, e.${walk.from}, ${depth} from ${b} b ` +
        `join ${walk.table} e on e.${walk.to} = b.nid ` +
        `where (b.origin <> e.${walk.from}) and ${edge}${bound}`,
      {
        columns: "(origin, nid, d)",
      },
    );
    return sql.table(
      "s",
      `select nid from ${closed} where nid not in (select nid from ${unsure}) ` +
        `union select origin from ${back} ` +
        `where nid <> origin and nid in ${starts}`,
    );
  }

  #pairsOne(
    start: string,
    walk: Walk,
    from: number,
    to: number | undefined,
    depth: boolean,
  ): string {
    const sql = this.#sql;
    if (to === 0) {
      return sql.table("k", `select nid as origin, nid, 0 as d from ${start}`);
    }
    if (from === 1 && to === 1) {
      return sql.table(
        "k",
        `select distinct e.${walk.from} as origin, e.${walk.to} as nid, 1 as d ` +
          `from ${walk.table} e where e.${walk.from} in (select nid from ${start}) ` +
          `and e.src <> e.dst and ${this.#edge(walk)}`,
      );
    }
    if (to !== undefined && to <= MAX_COUNTED_STEPS) {
      const all = this.#countedPairs(start, walk, to);
      return this.#pairsFrom(all, from);
    }
    if (depth || to !== undefined) {
      return this.#pairsFrom(this.#shortestPairs(start, walk, to), from);
    }
    return this.#closedPairs(start, walk, from);
  }

  #pairsFrom(pairs: string, from: number): string {
    return from === 0 ? pairs : this.#sql.table(
      "k",
      `select origin, nid, d from ${pairs} where d >= ${
        this.#sql.bind(from)
      }::bigint`,
    );
  }

  /**
   * Pairs of `[from:]`, without their depth: all that are connected but for those
   * that fewer steps connect.
   */
  #closedPairs(start: string, walk: Walk, from: number): string {
    const sql = this.#sql;
    const all = sql.table("q", (q) =>
      `select nid, nid from ${start} union ` +
      `select r.origin, e.${walk.to} from ${q} r ` +
      `join ${walk.table} e on e.${walk.from} = r.nid ` +
      `where ${this.#edge(walk)}`, { columns: "(origin, nid)" });
    const select = `select origin, nid, 0 as d from ${all}`;
    if (from === 0) return sql.table("k", select);
    if (from === 1) return sql.table("k", `${select} where origin <> nid`);
    const near = this.#countedPairs(start, walk, from - 1);
    return sql.table(
      "k",
      `${select} r where not exists (select 1 from ${near} x ` +
        `where x.origin = r.origin and x.nid = r.nid)`,
    );
  }

  /** Pairs that at most `to` steps connect, with the fewest of each. */
  #countedPairs(start: string, walk: Walk, to: number): string {
    const sql = this.#sql;
    const all = sql.table(
      "q",
      (q) =>
        `select nid, nid, 0 from ${start} union ` +
        `select r.origin, e.${walk.to}, r.d + 1 from ${q} r ` +
        `join ${walk.table} e on e.${walk.from} = r.nid ` +
        `where ${this.#edge(walk)} and r.d < ${sql.bind(to)}::bigint`,
      {
        columns: "(origin, nid, d)",
      },
    );
    return sql.table(
      "k",
      `select origin, nid, min(d) as d from ${all} group by origin, nid`,
    );
  }

  /**
   * Pairs with the fewest steps of each, each pair kept once: slower by far, but
   * long ways round a cycle do not fill the memory. Without a start, which is the
   * rule, the engine would read every edge for nothing.
   */
  #shortestPairs(start: string, walk: Walk, to: number | undefined): string {
    const bound = to === undefined
      ? ""
      : ` and r.d < ${this.#sql.bind(to)}::bigint`;
    return this.#sql.table(
      "q",
      (q) =>
        `select nid, nid, 0 from ${start} union ` +
        `select distinct r.origin, e.${walk.to}, r.d + 1 from ${q} r ` +
        `join (select * from ${walk.table} where exists (` +
        `select 1 from ${start})) e on e.${walk.from} = r.nid ` +
        `where ${this.#edge(walk)}${bound} and not exists (` +
        `select 1 from recurring.${q} x ` +
        `where x.origin = r.origin and x.nid = e.${walk.to})`,
      {
        columns: "(origin, nid, d)",
        recursive: "using key (origin, nid) ",
      },
    );
  }

  /** Table `(nid, d)` of what is reached, with the fewest steps to it. */
  #depths(start: string, walk: Walk, to: number | undefined): string {
    const sql = this.#sql;
    if (to === undefined) {
      const closed = this.#closure(`select nid from ${start}`, walk, undefined);
      return sql.table("v", `select nid, 0 as d from ${closed}`);
    }
    const edge = this.#edge(walk);
    const all = sql.table(
      "r",
      (r) =>
        `select nid, 0 from ${start} union select e.${walk.to}, ${r}.d + 1 from ${r} ` +
        `join ${walk.table} e on e.${walk.from} = ${r}.nid ` +
        `where ${r}.d < ${sql.bind(to)}::bigint and ${edge}`,
      {
        columns: "(nid, d)",
      },
    );
    return sql.table("v", `select nid, min(d) as d from ${all} group by nid`);
  }
}
