/**
 * Answers searches over one graph.
 *
 * @module
 */

import type { CoverageJson, EdgeJson, NodeJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { IndexReader, ReadOptions } from "../index/reader.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { printQuery } from "../query/print.ts";
import { compileSearch, type SearchForm } from "./compile.ts";
import { compileCoverage } from "./compile_coverage.ts";
import { invalidQuery } from "./invalid_query.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import type { Statement } from "./statement.ts";

/** How a search is answered. */
export interface SearchOptions extends ReadOptions {
  /** Section of relative paths; empty for none. Default: `reported`. */
  readonly section?: string;
  /** Sequence number whose state is searched. Default: the present. */
  readonly sequence?: number;
}

/** What a searcher is made of. */
export interface SearcherParts {
  /** Reads the index. */
  readonly reader: IndexReader;
  /** The kinds of the graph. */
  readonly registry: KindRegistry;
  /** The present, in milliseconds. Default: the system's clock. */
  readonly nowMs?: () => number;
}

/** Rows of an aggregation. */
export type AggregateRow = JsonObject;

/**
 * Answers searches over one graph. Every search is one statement, and every
 * answer a stream that ends with an error when it is not whole.
 */
export class Searcher {
  readonly #reader: IndexReader;
  readonly #registry: KindRegistry;
  readonly #nowMs: () => number;
  #model: PropertyModel;
  #plugins: readonly unknown[] = [];

  /** Makes a searcher that reads what others write. */
  constructor({ reader, registry, nowMs = Date.now }: SearcherParts) {
    this.#reader = reader;
    this.#registry = registry;
    this.#nowMs = nowMs;
    this.#model = new PropertyModel(registry);
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
    text: string,
    form: "list" | "graph" | "aggregate",
    options: SearchOptions = {},
  ): AsyncGenerator<readonly string[]> {
    const query = parseQuery(text);
    const aggregates = query.aggregate !== undefined;
    if (aggregates !== (form === "aggregate")) {
      throw invalidQuery(
        text,
        undefined,
        aggregates
          ? "the search aggregates, and nodes were asked for"
          : "the search does not aggregate, and an aggregation was asked for",
      );
    }
    const statement = this.#compile(
      text,
      query,
      form === "graph" ? "graph" : "list",
      options,
    );
    yield* this.#reader.texts(statement, options);
  }

  /** How many nodes match, or rows an aggregation has. */
  async count(text: string, options: SearchOptions = {}): Promise<number> {
    const query = parseQuery(text);
    const statement = this.#compile(text, query, "count", options);
    const rows = await this.#reader.rows(statement, options);
    return Number(rows[0]?.[0] ?? 0);
  }

  /** Ids of at most `limit` nodes that match, the smallest first. */
  async ids(
    text: string,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    const statement = this.#compile(text, parseQuery(text), "ids", {});
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
    text: string,
    options: SearchOptions = {},
  ): Promise<CoverageJson> {
    const query = parseQuery(text);
    const resolver = new Resolver(this.#properties(), {
      text,
      nowMs: this.#nowMs(),
      ...(options.section !== undefined && { section: options.section }),
    });
    const statement = compileCoverage(query, resolver);
    const [row = []] = await this.#reader.rows(statement, options);
    const [scopes, stale, oldest, sequence] = row;
    return {
      type: "coverage",
      scopes: Number(scopes ?? 0),
      stale: Number(stale ?? 0),
      ...(typeof oldest === "string" && { oldest }),
      sequence: Number(sequence ?? 0),
    };
  }

  /** How a search is answered: its canonical form, its statement and its plan. */
  async explain(
    text: string,
    options: SearchOptions = {},
  ): Promise<JsonObject> {
    const query = parseQuery(text);
    const statement = this.#compile(text, query, "list", options);
    const rows = await this.#reader.rows({
      sql: `explain ${statement.sql}`,
      parameters: statement.parameters,
    }, options);
    return {
      search: printQuery(query),
      sql: statement.sql,
      parameters: statement.parameters as Json,
      plan: rows.map((row) => String(row[1])).join("\n"),
    };
  }

  /** The tree of a search. */
  structure(text: string): Query {
    return parseQuery(text);
  }

  /**
   * The sequence number that the graph had reached at a time.
   *
   * @throws SkymapError `query_invalid` when the graph's history begins later.
   */
  async sequenceAt(timeMs: number, options: ReadOptions = {}): Promise<number> {
    const at = new Date(timeMs).toISOString();
    const rows = await this.#reader.rows({
      sql: 'select max(seq)::double from tick where "at" <= $1::timestamptz',
      parameters: [at],
    }, options);
    const sequence = rows[0]?.[0];
    if (typeof sequence === "number") return sequence;
    throw new SkymapError(
      "query_invalid",
      `Cannot search the graph as of ${at}: its history begins later`,
    );
  }

  /** The statement of a search. */
  #compile(
    text: string,
    query: Query,
    form: SearchForm,
    { section, sequence }: SearchOptions,
  ): Statement {
    return compileSearch(query, form, {
      text,
      model: this.#properties(),
      nowMs: this.#nowMs(),
      ...(section !== undefined && { section }),
      ...(sequence !== undefined && { sequence }),
    });
  }

  /** What is known of properties, made anew when a plugin's kinds changed. */
  #properties(): PropertyModel {
    const plugins = this.#registry.plugins();
    const known = this.#plugins;
    if (
      plugins.length !== known.length ||
      plugins.some((plugin, at) => plugin !== known[at])
    ) {
      this.#plugins = plugins;
      this.#model = new PropertyModel(this.#registry);
    }
    return this.#model;
  }
}
