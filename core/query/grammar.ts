/**
 * Grammar of the search language: tokens to tree.
 *
 * @module
 */

import { EmbeddedActionsParser, EMPTY_ALT, EOF } from "chevrotain";
import type { Json } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import type {
  Aggregate,
  AggregateFunction,
  AggregateName,
  Arithmetic,
  Filter,
  FunctionName,
  GroupVariable,
  Limit,
  Merge,
  MergeQuery,
  Navigation,
  Operator,
  Part,
  Path,
  Quantifier,
  Query,
  SortKey,
  When,
  With,
  WithUsage,
} from "./ast.ts";
import { readMergeName, readTemplate, readWhen } from "./literals.ts";
import { setItemOffsets, setOffset } from "./positions.ts";
import { SourceText } from "./source_text.ts";
import { QuerySyntaxError } from "./syntax_error.ts";
import type { PathToken, QueryToken } from "./tokenize.ts";
import * as t from "./tokens.ts";

/** Terms inside of each other at most. */
const MAX_DEPTH = 150;
/** Comparisons of a search at most. */
const MAX_TERMS = 2_000;

/** Clauses of a part, in the order in which they have to stand. */
const CLAUSES = [
  "with_usage",
  "filter",
  "merge",
  "with",
  "tag",
  "sort",
  "limit",
  "reversed",
] as const;

type Clause = typeof CLAUSES[number];

/** How each clause is written, where its name is not its first word. */
const WRITTEN: Partial<Readonly<Record<Clause, string>>> = {
  with_usage: "with_usage(…)",
  filter: "the condition",
  merge: "{…}",
  with: "with(…)",
  tag: "#name",
};

function written(clause: Clause): string {
  return WRITTEN[clause] ?? `"${clause}"`;
}

interface Clauses {
  withUsage?: WithUsage;
  filter?: Filter;
  merge?: Merge;
  with?: With;
  tag?: string;
  sort?: readonly SortKey[];
  limit?: Limit;
  reversed?: boolean;
  navigation?: Navigation;
}

type Steps = Pick<Navigation, "from" | "to">;

const ONE_STEP: Steps = Object.freeze({ from: 1, to: 1 });
const ALL: Filter = Object.freeze({ type: "all" });

// While the parser records its grammar there are no tokens and no results.
const NOTHING: PathToken = { absolute: false, items: [] };

/** Builds the tree while it reads; one instance serves every search. */
export class QueryParser extends EmbeddedActionsParser {
  #text = SourceText.of("");
  #edgeTypes: readonly EdgeType[] = ["default"];
  #terms = 0;
  #depth = 0;

  /** A search, or one inside of a merge. */
  readonly query: () => Query = this.RULE("query", () => {
    const outer = this.#edgeTypes;
    const aggregate = this.OPTION1(() => this.SUBRULE(this.aggregate));
    const types = this.OPTION2({
      GATE: () => this.#startsPreamble(),
      DEF: () => this.SUBRULE(this.preamble),
    });
    const headed = aggregate !== undefined || types !== undefined;
    if (types !== undefined) this.#edgeTypes = types;
    this.OR([
      { ALT: () => this.CONSUME(t.COLON) },
      { GATE: () => !headed, ALT: EMPTY_ALT() },
    ]);
    const parts: Part[] = [];
    this.AT_LEAST_ONE(() => parts.push(this.SUBRULE(this.part)));
    this.#edgeTypes = outer;
    return Object.freeze({
      type: "query",
      ...(aggregate !== undefined && { aggregate }),
      parts: Object.freeze(parts),
    });
  });

  private readonly preamble = this.RULE("preamble", (): readonly EdgeType[] => {
    let types: readonly EdgeType[] = [];
    this.CONSUME(t.L_PAREN);
    this.AT_LEAST_ONE_SEP({
      SEP: t.COMMA,
      DEF: () => {
        this.CONSUME(t.PATH);
        const operator = this.CONSUME(t.OPERATOR);
        const value = this.CONSUME(t.VALUE);
        this.ACTION(() => {
          if (operator.image !== "=") {
            this.#fail(operator, `"${operator.image}" sets nothing`, ['"="']);
          }
          types = [this.#edgeType(value, payload<string>(value))];
        });
      },
    });
    this.CONSUME(t.R_PAREN);
    return types;
  });

  private readonly part = this.RULE("part", (): Part => {
    const clauses: Clauses = {};
    let last: Clause | undefined;
    this.OR([
      {
        ALT: () => {
          clauses.navigation = this.SUBRULE1(this.navigation);
        },
      },
      {
        ALT: () => {
          this.AT_LEAST_ONE(() => {
            const start = this.LA(1);
            const clause = this.SUBRULE(this.clause, { ARGS: [clauses] });
            this.ACTION(() => this.#checkOrder(start, last, clause));
            last = clause;
          });
          this.OPTION(() => {
            clauses.navigation = this.SUBRULE2(this.navigation);
          });
        },
      },
    ]);
    const { filter = ALL, sort = [], reversed = false, ...rest } = clauses;
    return Object.freeze({
      type: "part",
      filter,
      sort: Object.freeze(sort),
      reversed,
      ...rest,
    });
  });

  private readonly clause = this.RULE(
    "clause",
    (clauses: Clauses = {}): Clause =>
      this.OR([
        {
          ALT: (): Clause => {
            clauses.withUsage = this.SUBRULE(this.withUsage);
            return "with_usage";
          },
        },
        {
          ALT: (): Clause => {
            clauses.merge = this.SUBRULE(this.merge);
            return "merge";
          },
        },
        {
          ALT: (): Clause => {
            clauses.with = this.SUBRULE(this.with);
            return "with";
          },
        },
        {
          ALT: (): Clause => {
            this.CONSUME(t.HASH);
            clauses.tag = this.CONSUME(t.LITERAL).image;
            return "tag";
          },
        },
        {
          ALT: (): Clause => {
            clauses.sort = this.SUBRULE(this.sort);
            return "sort";
          },
        },
        {
          ALT: (): Clause => {
            clauses.limit = this.SUBRULE(this.limit);
            return "limit";
          },
        },
        {
          ALT: (): Clause => {
            this.CONSUME(t.REVERSED);
            clauses.reversed = true;
            return "reversed";
          },
        },
        {
          ALT: (): Clause => {
            clauses.filter = this.SUBRULE(this.filter);
            return "filter";
          },
        },
      ]),
  );

  private readonly withUsage = this.RULE("withUsage", (): WithUsage => {
    let end: When | undefined;
    const metrics: string[] = [];
    const token = this.CONSUME(t.WITH_USAGE);
    this.CONSUME(t.L_PAREN);
    const start = this.SUBRULE1(this.when);
    this.OPTION1(() => {
      this.CONSUME(t.UNTIL);
      end = this.SUBRULE2(this.when);
    });
    this.CONSUME1(t.COMMA);
    const bracket = this.OPTION2(() => this.CONSUME(t.L_BRACKET));
    this.AT_LEAST_ONE_SEP({
      SEP: t.COMMA,
      DEF: () => metrics.push(payload<string>(this.CONSUME(t.LITERAL))),
    });
    this.OR([
      {
        GATE: () => bracket !== undefined,
        ALT: () => this.CONSUME(t.R_BRACKET),
      },
      { GATE: () => bracket === undefined, ALT: EMPTY_ALT() },
    ]);
    this.CONSUME(t.R_PAREN);
    return this.#placed({
      type: "with_usage",
      start,
      ...(end !== undefined && { end }),
      metrics: Object.freeze(metrics),
    }, token);
  });

  private readonly when = this.RULE("when", (): When => {
    const token = this.CONSUME(t.WHEN);
    return this.ACTION(() => {
      const when = readWhen(token.image);
      if (typeof when === "string") {
        this.#fail(token, when, [t.WHEN.LABEL ?? ""]);
      }
      return when;
    });
  });

  /** A condition. */
  readonly filter: () => Filter = this.RULE("filter", () => {
    let left = this.SUBRULE1(this.simple);
    this.MANY(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(t.AND) },
        { ALT: () => this.CONSUME(t.OR) },
      ]);
      const right = this.SUBRULE2(this.simple);
      left = Object.freeze({
        type: "combine",
        operator: token.tokenType === t.OR ? "or" : "and",
        left,
        right,
      });
    });
    return left;
  });

  private readonly simple = this.RULE("simple", (): Filter => {
    const start = this.LA(1);
    this.ACTION(() => this.#descend(start));
    const filter = this.OR([
      {
        ALT: (): Filter => {
          this.CONSUME(t.L_PAREN);
          const inner = this.SUBRULE(this.filter);
          this.CONSUME(t.R_PAREN);
          return inner;
        },
      },
      { ALT: (): Filter => this.SUBRULE(this.is) },
      { ALT: (): Filter => this.SUBRULE(this.id) },
      { ALT: (): Filter => this.SUBRULE(this.call) },
      { ALT: (): Filter => this.SUBRULE(this.property) },
      {
        ALT: (): Filter => {
          this.CONSUME(t.NOT);
          const inner = this.SUBRULE(this.simple);
          return Object.freeze({ type: "not", filter: inner });
        },
      },
      {
        ALT: (): Filter => {
          const token = this.CONSUME(t.QUOTED);
          const text = payload<string>(token);
          return this.#placed({ type: "text", text }, token);
        },
      },
      {
        ALT: (): Filter => {
          this.CONSUME(t.ALL);
          return ALL;
        },
      },
    ]);
    this.#depth--;
    return filter;
  });

  private readonly is = this.RULE("is", (): Filter => {
    const token = this.CONSUME(t.IS);
    const kinds = this.SUBRULE(this.list);
    return this.#placed({ type: "is", kinds }, token);
  });

  private readonly id = this.RULE("id", (): Filter => {
    const token = this.CONSUME(t.ID);
    const ids = this.SUBRULE(this.list);
    return this.#placed({ type: "id", ids }, token);
  });

  private readonly list = this.RULE("list", (): readonly string[] => {
    const items: string[] = [];
    const offsets: number[] = [];
    this.CONSUME(t.L_PAREN);
    const bracket = this.OPTION1(() => this.CONSUME(t.L_BRACKET));
    this.AT_LEAST_ONE_SEP({
      SEP: t.COMMA,
      DEF: () => {
        const token = this.CONSUME(t.ITEM);
        items.push(payload<string>(token));
        offsets.push(token.startOffset);
      },
    });
    this.OR([
      {
        GATE: () => bracket !== undefined,
        ALT: () => this.CONSUME(t.R_BRACKET),
      },
      { GATE: () => bracket === undefined, ALT: EMPTY_ALT() },
    ]);
    this.CONSUME(t.R_PAREN);
    setItemOffsets(items, offsets);
    return Object.freeze(items);
  });

  private readonly call = this.RULE("call", (): Filter => {
    const args: Json[] = [];
    const offsets: number[] = [];
    const token = this.CONSUME(t.FUNCTION);
    this.CONSUME(t.L_PAREN);
    const path = this.SUBRULE(this.path);
    this.MANY(() => {
      this.CONSUME(t.COMMA);
      const value = this.CONSUME(t.VALUE);
      args.push(payload<Json>(value));
      offsets.push(value.startOffset);
    });
    this.CONSUME(t.R_PAREN);
    setItemOffsets(args, offsets);
    return this.#placed({
      type: "call",
      name: token.image as FunctionName,
      path,
      args: Object.freeze(args),
    }, token);
  });

  private readonly property = this.RULE("property", (): Filter => {
    const path = this.SUBRULE(this.path);
    return this.OR([
      {
        ALT: (): Filter => {
          this.CONSUME(t.BLOCK);
          const filter = this.SUBRULE(this.filter);
          this.CONSUME(t.R_BRACE);
          return Object.freeze({ type: "block", path, filter });
        },
      },
      {
        ALT: (): Filter => {
          const quantifier = this.OPTION(() => this.CONSUME(t.QUANTIFIER))
            ?.image as Quantifier | undefined;
          const operator = payload<Operator>(this.CONSUME(t.OPERATOR));
          const token = this.CONSUME(t.VALUE);
          return this.#placed({
            type: "predicate",
            path,
            ...(quantifier !== undefined && { quantifier }),
            operator,
            value: payload<Json>(token),
          }, token);
        },
      },
    ]);
  });

  private readonly path = this.RULE("path", (): Path => {
    const token = this.CONSUME(t.PATH);
    const { absolute, items } = payload<PathToken>(token) ?? NOTHING;
    return this.#placed({ type: "path", absolute, items }, token);
  });

  private readonly merge = this.RULE("merge", (): Merge => {
    const queries: MergeQuery[] = [];
    this.CONSUME(t.L_BRACE);
    this.AT_LEAST_ONE_SEP({
      SEP: t.COMMA,
      DEF: () => queries.push(this.SUBRULE(this.mergeQuery)),
    });
    this.CONSUME(t.R_BRACE);
    const after = this.OPTION(() => this.SUBRULE(this.filter));
    return Object.freeze({
      type: "merge",
      queries: Object.freeze(queries),
      ...(after !== undefined && { after }),
    });
  });

  private readonly mergeQuery = this.RULE("mergeQuery", (): MergeQuery => {
    const token = this.CONSUME(t.MERGE_NAME);
    const list = this.OPTION(() => this.CONSUME(t.MERGE_LIST)) !== undefined;
    this.CONSUME(t.COLON);
    const start = this.LA(1);
    const query = this.SUBRULE(this.query);
    return this.ACTION(() => {
      this.#checkMerge(start, query);
      return this.#placed({
        name: readMergeName(token.image),
        list: list || query.aggregate !== undefined,
        query,
      }, token);
    });
  });

  private readonly with = this.RULE("with", (): With => {
    const token = this.CONSUME(t.WITH);
    this.CONSUME(t.L_PAREN);
    const { form, count } = this.SUBRULE(this.withForm);
    this.CONSUME(t.COMMA);
    const navigation = this.SUBRULE(this.navigation);
    const filter = this.OPTION1(() => this.SUBRULE(this.filter));
    const nested = this.OPTION2(() => this.SUBRULE(this.with));
    this.CONSUME(t.R_PAREN);
    return this.#placed({
      type: "with",
      form,
      count,
      navigation,
      ...(filter !== undefined && { filter }),
      ...(nested !== undefined && { with: nested }),
    }, token);
  });

  private readonly withForm = this.RULE(
    "withForm",
    (): Pick<With, "form" | "count"> =>
      this.OR([
        {
          ALT: (): Pick<With, "form" | "count"> => {
            const form = this.CONSUME(t.WITH_FORM).image;
            return form === "empty"
              ? { form: "empty", count: { operator: "==", value: 0 } }
              : { form: "any", count: { operator: ">", value: 0 } };
          },
        },
        {
          ALT: (): Pick<With, "form" | "count"> => {
            this.CONSUME(t.COUNT);
            const operator = this.CONSUME(t.OPERATOR);
            const value = this.CONSUME(t.INT);
            return this.ACTION(() => {
              if (/~/.test(operator.image)) {
                this.#fail(operator, "numbers have no pattern", [
                  "a comparison",
                ]);
              }
              return {
                form: "count",
                count: {
                  operator: payload<Operator>(operator),
                  value: this.#integer(value),
                },
              };
            });
          },
        },
      ]),
  );

  private readonly sort = this.RULE("sort", (): readonly SortKey[] => {
    const keys: SortKey[] = [];
    this.CONSUME(t.SORT);
    this.SUBRULE1(this.sortKey, { ARGS: [keys] });
    this.MANY({
      GATE: () => this.LA(2).tokenType === t.PATH,
      DEF: () => {
        this.CONSUME(t.COMMA);
        this.SUBRULE2(this.sortKey, { ARGS: [keys] });
      },
    });
    return Object.freeze(keys);
  });

  private readonly sortKey = this.RULE("sortKey", (keys: SortKey[] = []) => {
    const path = this.SUBRULE(this.path);
    const word = this.OPTION(() => this.CONSUME(t.DIRECTION))?.image;
    keys.push(Object.freeze({
      path,
      direction: word === "desc" ? "desc" : "asc",
    }));
  });

  private readonly limit = this.RULE("limit", (): Limit => {
    this.CONSUME(t.LIMIT);
    const first = this.CONSUME1(t.INT);
    const second = this.OPTION({
      GATE: () => this.LA(2).tokenType === t.INT,
      DEF: () => {
        this.CONSUME(t.COMMA);
        return this.CONSUME2(t.INT);
      },
    });
    return this.ACTION(() =>
      Object.freeze(
        second === undefined
          ? { offset: 0, length: this.#integer(first) }
          : { offset: this.#integer(first), length: this.#integer(second) },
      )
    );
  });

  private readonly navigation = this.RULE("navigation", (): Navigation => {
    let steps: Steps = ONE_STEP;
    let before: readonly EdgeType[] = [];
    let after: readonly EdgeType[] = [];
    let filter: Filter | undefined;
    const start = this.OR1([
      { ALT: () => this.CONSUME(t.NAV_OUT) },
      { ALT: () => this.CONSUME(t.NAV_IN) },
    ]);
    this.OPTION1(() => before = this.SUBRULE1(this.edgeTypes));
    this.OPTION2(() => {
      steps = this.SUBRULE(this.range);
    });
    this.OPTION3(() => {
      this.CONSUME(t.L_BRACE);
      filter = this.SUBRULE(this.filter);
      this.CONSUME(t.R_BRACE);
    });
    this.OPTION4(() => after = this.SUBRULE2(this.edgeTypes));
    const end = this.OR2([
      { ALT: () => this.CONSUME(t.NAV_TO) },
      { ALT: () => this.CONSUME(t.NAV_END) },
    ]);
    return this.ACTION((): Navigation => {
      const inward = start.tokenType === t.NAV_IN;
      const outward = end.tokenType === t.NAV_TO;
      if (!inward && !outward) {
        this.#fail(end, "the navigation has no direction", ['"->"']);
      }
      const both = inward && outward;
      if (!both && before.length > 0 && after.length > 0) {
        this.#fail(end, "edge types stand before and after the range", []);
      }
      const given = before.length > 0 ? before : after;
      const types = given.length > 0 ? given : this.#edgeTypes;
      const outTypes = both && before.length > 0 && after.length > 0 &&
          after.join() !== before.join()
        ? after
        : undefined;
      return this.#placed({
        type: "navigation",
        direction: both ? "both" : inward ? "in" : "out",
        types,
        ...(outTypes !== undefined && { outTypes }),
        ...steps,
        ...(filter !== undefined && { filter }),
      }, start);
    });
  });

  private readonly edgeTypes = this.RULE(
    "edgeTypes",
    (): readonly EdgeType[] => {
      const types: EdgeType[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: t.COMMA,
        DEF: () => {
          const token = this.CONSUME(t.EDGE_TYPE);
          this.ACTION(() => types.push(this.#edgeType(token, token.image)));
        },
      });
      return Object.freeze(sortEdgeTypes(types));
    },
  );

  private readonly range = this.RULE(
    "range",
    (): Steps => {
      this.CONSUME(t.L_BRACKET);
      const first = this.CONSUME1(t.INT);
      let open = false;
      let second: QueryToken | undefined;
      this.OPTION1(() => {
        this.CONSUME(t.RANGE);
        open = true;
        this.OPTION2(() => second = this.CONSUME2(t.INT) as QueryToken);
      });
      this.CONSUME(t.R_BRACKET);
      return this.ACTION(() => {
        const from = this.#integer(first);
        if (!open) return { from, to: from };
        if (second === undefined) return { from };
        const to = this.#integer(second);
        if (to < from) this.#fail(second, `${to} is less than ${from}`, []);
        return { from, to };
      });
    },
  );

  private readonly aggregate = this.RULE("aggregate", (): Aggregate => {
    const groups: GroupVariable[] = [];
    const functions: AggregateFunction[] = [];
    const token = this.CONSUME(t.AGGREGATE);
    this.CONSUME(t.L_PAREN);
    this.OPTION(() => {
      this.AT_LEAST_ONE_SEP1({
        SEP: t.COMMA,
        DEF: () => groups.push(this.SUBRULE(this.group)),
      });
      this.CONSUME(t.COLON);
    });
    this.AT_LEAST_ONE_SEP2({
      SEP: t.COMMA,
      DEF: () => functions.push(this.SUBRULE(this.aggregateFunction)),
    });
    this.CONSUME(t.R_PAREN);
    return this.#placed({
      type: "aggregate",
      groups: Object.freeze(groups),
      functions: Object.freeze(functions),
    }, token);
  });

  private readonly group = this.RULE("group", (): GroupVariable => {
    const value = this.OR([
      { ALT: (): GroupVariable["value"] => this.SUBRULE(this.path) },
      {
        ALT: (): GroupVariable["value"] => {
          const token = this.CONSUME(t.QUOTED);
          return this.ACTION(() => {
            const template = readTemplate(payload<string>(token));
            if (typeof template === "string") this.#fail(token, template, []);
            for (const part of template.parts) {
              if (typeof part !== "string") setOffset(part, token.startOffset);
            }
            return template;
          });
        },
      },
    ]);
    const as = this.SUBRULE(this.alias);
    return Object.freeze({ value, ...(as !== undefined && { as }) });
  });

  private readonly alias = this.RULE(
    "alias",
    (): string | undefined =>
      this.OPTION(() => {
        this.CONSUME(t.AS);
        return this.CONSUME(t.LITERAL).image;
      }),
  );

  /** A property, or a number. */
  private readonly operand = this.RULE(
    "operand",
    (): Path | number =>
      this.OR([
        { ALT: (): Path | number => this.SUBRULE(this.path) },
        { ALT: (): Path | number => Number(this.CONSUME(t.NUMBER).image) },
      ]),
  );

  private readonly aggregateFunction = this.RULE(
    "aggregateFunction",
    (): AggregateFunction => {
      const operations: Arithmetic[] = [];
      const name = this.CONSUME(t.AGGREGATE_FUNCTION).image as AggregateName;
      this.CONSUME(t.L_PAREN);
      const value = this.SUBRULE1(this.operand);
      this.MANY(() => {
        const operator = this.CONSUME(t.ARITHMETIC).image;
        const operand = this.SUBRULE2(this.operand);
        operations.push(Object.freeze({
          operator: operator as Arithmetic["operator"],
          value: operand,
        }));
      });
      this.CONSUME(t.R_PAREN);
      const as = this.SUBRULE(this.alias);
      return Object.freeze({
        name,
        value,
        operations: Object.freeze(operations),
        ...(as !== undefined && { as }),
      });
    },
  );

  /** Makes the parser; it is expensive, so it is done once. */
  constructor() {
    super(t.TOKEN_TYPES, { maxLookahead: 1, recoveryEnabled: false });
    this.performSelfAnalysis();
  }

  /** Gives the parser its next text; the tokens are of the same text. */
  begin(
    text: SourceText,
    tokens: QueryToken[],
    edgeTypes: readonly EdgeType[] = DEFAULT_EDGE_TYPES,
  ): void {
    this.input = tokens;
    this.#text = text;
    this.#edgeTypes = edgeTypes;
    this.#terms = 0;
    this.#depth = 0;
  }

  /** Whether the bracket ahead is a preamble: a colon follows it. */
  #startsPreamble(): boolean {
    if (this.LA(1).tokenType !== t.L_PAREN) return false;
    if (this.LA(2).image !== "edge_type") return false;
    for (let at = 2;; at++) {
      const { tokenType } = this.LA(at);
      if (tokenType === EOF) return false;
      if (tokenType === t.R_PAREN) return this.LA(at + 1).tokenType === t.COLON;
    }
  }

  #placed<Node extends object>(
    node: Node,
    token: { startOffset: number },
  ): Node {
    setOffset(node, token.startOffset);
    return Object.freeze(node);
  }

  #descend(token: { startOffset: number }): void {
    this.#depth++;
    this.#terms++;
    if (this.#depth > MAX_DEPTH) {
      this.#fail(token, `more than ${MAX_DEPTH} terms are inside each other`);
    }
    if (this.#terms > MAX_TERMS) {
      this.#fail(token, `more than ${MAX_TERMS} terms are compared`);
    }
  }

  #checkOrder(
    token: { startOffset: number; image: string },
    last: Clause | undefined,
    next: Clause,
  ): void {
    if (last === undefined) return;
    if (CLAUSES.indexOf(next) > CLAUSES.indexOf(last)) return;
    if (next === "filter") {
      this.#fail(token, "a navigation is missing before this part", [
        '"and"',
        '"or"',
        "a navigation (-->)",
      ]);
    }
    this.#fail(
      token,
      next === last
        ? `${written(next)} stands twice`
        : `${written(next)} has to stand before ${written(last)}`,
    );
  }

  #checkMerge(token: { startOffset: number }, query: Query): void {
    const [first] = query.parts;
    if (first === undefined) return;
    const { navigation, filter, merge, with: condition, tag, sort, limit } =
      first;
    if (
      navigation === undefined || filter.type !== "all" ||
      merge !== undefined || condition !== undefined || tag !== undefined ||
      sort.length > 0 || limit !== undefined || first.reversed
    ) {
      this.#fail(token, "a sub search has to start with its navigation", [
        "a navigation (-->)",
      ]);
    }
  }

  #edgeType(token: { startOffset: number }, name: string): EdgeType {
    const type = EDGE_TYPES.find((known) => known === name);
    if (type !== undefined) return type;
    const behind = this.#text.text.slice(0, token.startOffset);
    const [arrow] = /(?:<-|-)(?=\s+$)/.exec(behind) ?? [];
    this.#fail(
      token,
      `"${name}" is no edge type`,
      EDGE_TYPES,
      arrow === undefined
        ? undefined
        : `write "${arrow === "-" ? "-->" : "<--"}" for one step`,
    );
  }

  #integer(token: { startOffset: number; image: string }): number {
    const value = Number(token.image);
    if (!Number.isSafeInteger(value)) {
      this.#fail(token, `${token.image.slice(0, 30)} is too large`);
    }
    return value;
  }

  #fail(
    { startOffset }: { readonly startOffset: number },
    problem: string,
    expected: readonly string[] = [],
    hint?: string,
  ): never {
    throw new QuerySyntaxError({
      text: this.#text,
      offset: Number.isNaN(startOffset) ? this.#text.text.length : startOffset,
      problem,
      expected,
      ...(hint !== undefined && { hint }),
    });
  }
}

const DEFAULT_EDGE_TYPES: readonly EdgeType[] = Object.freeze(["default"]);

/** Order of edge types in the canonical form; sets have no order of their own. */
const EDGE_TYPE_ORDER: readonly EdgeType[] = ["delete", "default", "iam"];

function sortEdgeTypes(types: readonly EdgeType[]): EdgeType[] {
  return EDGE_TYPE_ORDER.filter((type) => types.includes(type));
}

/** What a token stands for; the tokenizer sees to its type. */
function payload<Value>(token: { readonly payload?: unknown }): Value {
  return token.payload as Value;
}
