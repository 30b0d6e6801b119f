/**
 * Answers searches over one graph.
 *
 * @module
 */

import type {
  CountsJson,
  CoverageJson,
  EdgeJson,
  ExplainJson,
  NodeJson,
} from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import type { IndexReader, ReadOptions } from "../index/reader.ts";
import type { Query } from "../query/ast.ts";
import type { SourceText } from "../query/source_text.ts";
import { compileCoverage } from "./compile_coverage.ts";
import { coverageGaps } from "./coverage_gaps.ts";
import { type ExplainOptions, explainSearch } from "./explain.ts";
import { withoutLastLimit } from "./last_limit.ts";
import { modelWarnings } from "./model_warnings.ts";
import { readCoverage } from "./read_coverage.ts";
import {
  type SearchAt,
  SearchContext,
  type SearchContextParts,
  type SearchState,
} from "./search_context.ts";
import { searchKinds } from "./search_kinds.ts";
import { type WarningOptions, warningsOf } from "./warnings.ts";

/** How a search is answered. */
export interface SearchOptions extends ReadOptions, SearchState {
  /** ISO time of the state that is searched, for the coverage. */
  readonly at?: string;
}

/** What a searcher is made of. */
export interface SearcherParts extends SearchContextParts {
  /** Reads the index. */
  readonly reader: IndexReader;
}

/** Rows of an aggregation. */
export type AggregateRow = JsonObject;

/**
 * Answers searches over one graph. Every search is one statement, and every
 * answer a stream that ends with an error when it is not whole.
 */
export class Searcher {
  readonly #reader: IndexReader;
  readonly #context: SearchContext;

  /** Makes a searcher that reads what others write. */
  constructor({ reader, ...parts }: SearcherParts) {
    this.#reader = reader;
    this.#context = new SearchContext(parts);
  }

  /** Nodes that match. */
  async *list(
    text: string,
    options: SearchOptions = {},
  ): AsyncGenerator<NodeJson> {
    for await (const lines of this.lines(text, "list", options)) {
      for (const line of lines) yield JSON.parse(line);
    }
  }

  /** Nodes that match, and the nodes and edges on the way to them. */
  async *graph(
    text: string,
    options: SearchOptions = {},
  ): AsyncGenerator<NodeJson | EdgeJson> {
    for await (const lines of this.lines(text, "graph", options)) {
      for (const line of lines) yield JSON.parse(line);
    }
  }

  /** Rows of an `aggregate(…)`. */
  async *aggregate(
    text: string,
    options: SearchOptions = {},
  ): AsyncGenerator<AggregateRow> {
    for await (const lines of this.lines(text, "aggregate", options)) {
      for (const line of lines) yield JSON.parse(line);
    }
  }

  /**
   * The same answers as JSON texts, some thousand at a time: cheaper where they
   * are only passed on.
   */
  async *lines(
    text: string | SearchAt,
    form: "list" | "graph" | "aggregate",
    options: SearchOptions = {},
  ): AsyncGenerator<readonly string[]> {
    const search = form === "aggregate"
      ? this.#context.readAggregate(text)
      : this.#context.readNodes(text);
    const statement = this.#context.compile(
      search,
      form === "graph" ? "graph" : "list",
      options,
    );
    yield* this.#reader.texts(statement, options);
  }

  /** How many nodes match, or rows an aggregation has. */
  async count(text: string, options: SearchOptions = {}): Promise<number> {
    return await this.#countOf(this.#context.read(text), options);
  }

  /** How many records an answer has, with its last limit and without it. */
  async counts(
    text: string | SearchAt,
    options: SearchOptions = {},
  ): Promise<CountsJson> {
    const search = this.#context.read(text);
    const unlimited = withoutLastLimit(search.query);
    const result = this.#countOf(search, options);
    if (unlimited === search.query) {
      const count = await result;
      return { result: count, total: count };
    }
    const total = this.#countOf(search, options, unlimited);
    const [some, all] = await Promise.all([result, total]);
    return { result: some, total: all };
  }

  async #countOf(
    search: SearchAt,
    options: SearchOptions,
    instead?: Query,
  ): Promise<number> {
    const statement = this.#context.compile(search, "count", options, instead);
    const rows = await this.#reader.rows(statement, options);
    return Number(rows[0]?.[0] ?? 0);
  }

  /** Ids of at most `limit` nodes that match, the smallest first. */
  async ids(
    text: string,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    const search = this.#context.read(text);
    const statement = this.#context.compile(search, "ids", {});
    const ids: string[] = [];
    const options = signal === undefined ? {} : { signal };
    for await (const some of this.#reader.texts(statement, options)) {
      ids.push(...some.slice(0, limit - ids.length));
      if (ids.length >= limit) break;
    }
    return ids;
  }

  /** How complete and old an answer to the search is. */
  async coverage(
    text: string | SearchAt,
    options: SearchOptions & Pick<WarningOptions, "isHistory"> = {},
  ): Promise<CoverageJson> {
    const search = this.#context.read(text);
    const { query } = search;
    const resolver = this.#context.resolver(search, options);
    const statement = compileCoverage(query, resolver, options.sequence);
    const found = readCoverage(
      await this.#reader.rows(statement, options),
      options.sequence !== undefined,
    );
    const { scopes, complete, failed, oldest, reached, problems } = found;
    const stale = scopes - complete;
    const { sequence = reached, at } = options;
    return {
      type: "coverage",
      scopes,
      complete,
      stale,
      failed,
      ...(oldest !== undefined && { oldest }),
      sequence,
      ...(at !== undefined && { at }),
      problems,
      problems_total: stale,
      gaps: coverageGaps(query, resolver, found),
      warnings: [
        ...warningsOf(query, options),
        ...modelWarnings(query, resolver),
      ],
    };
  }

  /** How a search is answered: its canonical form, its statement and its plan. */
  async explain(
    text: string | SearchAt,
    options: SearchOptions & ExplainOptions = {},
  ): Promise<ExplainJson> {
    const search = this.#context.read(text);
    return await explainSearch(this.#reader, {
      query: search.query,
      resolver: this.#context.resolver(search, options),
      statement: this.#context.compile(search, "list", options),
    }, options);
  }

  /**
   * A text with its placeholders and templates replaced, not yet read.
   *
   * @throws SkymapError `query_invalid`, with the place.
   */
  expand(
    ...[text, options]: Parameters<SearchContext["expand"]>
  ): SourceText {
    return this.#context.expand(text, options);
  }

  /**
   * Looks whether a search can be answered, and asks nothing.
   *
   * @throws SkymapError `query_invalid`, with the place.
   */
  check(search: SearchAt, { section }: Pick<SearchState, "section">): void {
    const state = section === undefined ? {} : { section };
    this.#context.compile(search, "list", state);
  }

  /**
   * Kinds whose changes can change the nodes or rows that a search gives; null
   * when it may be any.
   *
   * @throws SkymapError `query_syntax` or `query_invalid`, with the place.
   */
  kinds(
    text: string | SearchAt,
    { section }: Pick<SearchState, "section"> = {},
  ): readonly string[] | null {
    const state = section === undefined ? {} : { section };
    const search = this.#context.read(text);
    this.check(search, state);
    return searchKinds(search.query, this.#context.resolver(search, state));
  }

  /** The tree of a search. */
  structure(text: string): Query {
    return this.#context.read(text).query;
  }
}
