/**
 * Looks up properties over the nodes of a search.
 *
 * @module
 */

import type { AttributeJson, PathCompletionJson } from "@skymap/lib/client";
import type { IndexReader } from "../index/reader.ts";
import {
  declaredSteps,
  observedStep,
  readBegunPath,
} from "./path_completion.ts";
import {
  compileKeys,
  compileValues,
  ofKinds,
  type PropertyPage,
  readProperty,
  valuesQuery,
  type WantedProperty,
} from "./property_values.ts";
import { SearchContext, type SearchContextParts } from "./search_context.ts";
import type { SearchOptions } from "./searcher.ts";

/** What properties are looked up over. */
export interface PropertyOptions extends SearchOptions {
  /** The search of the nodes. Default: all of them. */
  readonly text?: string;
  /** Kinds of the nodes. Default: any. */
  readonly kinds?: readonly string[];
  /** Which stretch is wanted. */
  readonly page: PropertyPage;
}

/** Answers what keys and values there are, and how a path may go on. */
export class PropertySearch {
  readonly #reader: IndexReader;
  readonly #context: SearchContext;

  /** Makes a search that reads what others write. */
  constructor(
    { reader, ...parts }: SearchContextParts & {
      /** Reads the index. */
      readonly reader: IndexReader;
    },
  ) {
    this.#reader = reader;
    this.#context = new SearchContext(parts);
  }

  /** Keys of an object, the most frequent first, as JSON texts. */
  attributes(
    property: string,
    options: PropertyOptions,
  ): AsyncGenerator<readonly string[]> {
    return this.#keys(readProperty(property), options);
  }

  /** Values of a property, the most frequent first, as JSON texts. */
  async *values(
    property: string,
    { text = "all", kinds = [], page, ...options }: PropertyOptions,
  ): AsyncGenerator<readonly string[]> {
    const wanted = readProperty(property);
    const search = this.#context.readNodes(text);
    const query = valuesQuery(ofKinds(search.query, kinds), wanted.path);
    const inner = this.#context.compile(search, "list", options, query);
    yield* this.#reader.texts(compileValues(inner, wanted, page), options);
  }

  /** How a path may go on: what the model says, then what nodes have. */
  async completePath(
    begin: string,
    options: PropertyOptions,
  ): Promise<readonly PathCompletionJson[]> {
    const { text = "all", kinds = [], page: { limit, skip } } = options;
    const begun = readBegunPath(begin);
    const resolver = this.#context.resolver(
      this.#context.readNodes(text),
      options,
    );
    const { steps, isOpen } = declaredSteps(resolver, begun, kinds);
    const found = [...steps];
    if (isOpen && begun.path !== undefined) {
      const known = new Set(steps.map(({ key }) => key));
      const wanted = { path: begun.path, prefix: begun.start };
      const page = { limit: limit + skip, skip: 0 };
      for await (const some of this.#keys(wanted, { ...options, page })) {
        for (const line of some) {
          const { key }: AttributeJson = JSON.parse(line);
          if (!known.has(key)) found.push(observedStep(begun, key));
        }
      }
    }
    return found.slice(skip, skip + limit);
  }

  async *#keys(
    wanted: WantedProperty,
    { text = "all", kinds = [], page, ...options }: PropertyOptions,
  ): AsyncGenerator<readonly string[]> {
    const { sequence } = options;
    const search = this.#context.readNodes(text);
    const query = ofKinds(search.query, kinds);
    const statement = compileKeys(
      {
        ids: this.#context.compile(search, "ids", options, query),
        resolver: this.#context.resolver(search, options),
        ...(sequence !== undefined && { sequence }),
      },
      wanted,
      page,
    );
    yield* this.#reader.texts(statement, options);
  }
}
