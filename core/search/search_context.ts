/**
 * What every search over one graph is read and compiled with.
 *
 * @module
 */

import type { KindRegistry } from "../model/kind_registry.ts";
import type { Query } from "../query/ast.ts";
import type { SourceText } from "../query/source_text.ts";
import { compileSearch, type SearchForm } from "./compile.ts";
import { invalidQuery } from "./invalid_query.ts";
import { PropertyModel } from "./property_model.ts";
import { expandSearch, type ReadSearch, readSearch } from "./read_search.ts";
import { Resolver } from "./resolver.ts";
import type { Statement } from "./statement.ts";
import type { TemplateLookup } from "./template_expand.ts";

/** What a context is made of. */
export interface SearchContextParts {
  /** The kinds of the graph. */
  readonly registry: KindRegistry;
  /** What `expand(…)` finds. Default: no templates. */
  readonly templates?: TemplateLookup;
  /** The present, in milliseconds. Default: the system's clock. */
  readonly nowMs?: () => number;
}

/** Which section and state a search is about. */
export interface SearchState {
  /** Section of relative paths; empty for none. Default: `reported`. */
  readonly section?: string;
  /** Sequence number whose state is searched. Default: the present. */
  readonly sequence?: number;
}

/** A search that was read at a moment. */
export interface SearchAt extends ReadSearch {
  /** The moment, in milliseconds. */
  readonly nowMs: number;
}

/** Reads and compiles searches over one graph. */
export class SearchContext {
  readonly #registry: KindRegistry;
  readonly #templates: TemplateLookup | undefined;
  readonly #nowMs: () => number;
  #model: PropertyModel;
  #plugins: readonly unknown[] = [];

  /** Makes a context; the kinds may change later. */
  constructor({ registry, templates, nowMs = Date.now }: SearchContextParts) {
    this.#registry = registry;
    this.#templates = templates;
    this.#nowMs = nowMs;
    this.#model = new PropertyModel(registry);
  }

  /**
   * Reads a search; one that was read stays as it is.
   *
   * @throws SkymapError `query_syntax` or `query_invalid`, with the place.
   */
  read(text: string | SearchAt): SearchAt {
    if (typeof text !== "string") return text;
    const nowMs = this.#nowMs();
    const templates = this.#templates;
    return {
      ...readSearch(text, {
        nowMs,
        ...(templates !== undefined && { templates }),
      }),
      nowMs,
    };
  }

  /**
   * A text with its placeholders and templates replaced, not yet read.
   *
   * @throws SkymapError `query_invalid`, with the place.
   */
  expand(
    text: SourceText,
    { nowMs, timeZone }: {
      readonly nowMs: number;
      readonly timeZone?: string;
    },
  ): SourceText {
    const templates = this.#templates;
    return expandSearch(text, {
      nowMs,
      ...(templates !== undefined && { templates }),
      ...(timeZone !== undefined && { timeZone }),
    });
  }

  /** Reads a search of nodes: one that aggregates is refused. */
  readNodes(text: string | SearchAt): SearchAt {
    const search = this.read(text);
    if (search.query.aggregate === undefined) return search;
    throw aggregates(search.source);
  }

  /** Reads a search that aggregates: one of nodes is refused. */
  readAggregate(text: string | SearchAt): SearchAt {
    const search = this.read(text);
    if (search.query.aggregate !== undefined) return search;
    throw invalidQuery(
      search.source,
      undefined,
      "the search does not aggregate, and an aggregation was asked for",
    );
  }

  /** The statement of a search; of another tree, if one is given. */
  compile(
    { query, source, nowMs }: SearchAt,
    form: SearchForm,
    { section, sequence }: SearchState,
    instead: Query = query,
  ): Statement {
    return compileSearch(instead, form, {
      text: source,
      model: this.#properties(),
      nowMs,
      ...(section !== undefined && { section }),
      ...(sequence !== undefined && { sequence }),
    });
  }

  /** What the names of a search stand for. */
  resolver({ source, nowMs }: SearchAt, { section }: SearchState): Resolver {
    return new Resolver(this.#properties(), {
      text: source,
      nowMs,
      ...(section !== undefined && { section }),
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

function aggregates(source: SourceText): Error {
  return invalidQuery(
    source,
    undefined,
    "the search aggregates, and nodes were asked for",
  );
}
