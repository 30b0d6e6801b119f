/**
 * How much a search asks of the index, told from the search alone.
 *
 * @module
 */

import type { SearchRating } from "@skymap/lib/client";
import type { Filter, Part, Path, Query } from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import { conjuncts, filterPaths } from "./filter_paths.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { aggregatePaths } from "./relative_keys.ts";
import { mergeOf, type Resolver } from "./resolver.ts";

/** A rating, and what led to it, in words. */
export interface Rated {
  /** The worst of what was found. */
  readonly rating: SearchRating;
  /** Why; never empty. */
  readonly reasons: readonly string[];
}

const ORDER: readonly SearchRating[] = ["simple", "complex", "bad"];

class Rater {
  readonly #resolver: Resolver;
  readonly #reasons: string[] = [];
  #rating: SearchRating = "simple";

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  rate(query: Query): Rated {
    for (const [at, part] of query.parts.entries()) {
      this.#part(part, at === 0);
    }
    this.#aggregate(query);
    return {
      rating: this.#rating,
      reasons: this.#reasons.length > 0
        ? this.#reasons
        : ["Reads columns alone, and no document of a node to find it"],
    };
  }

  #add(rating: SearchRating, reason: string): void {
    if (ORDER.indexOf(rating) > ORDER.indexOf(this.#rating)) {
      this.#rating = rating;
    }
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
  }

  #part(part: Part, isFirst: boolean): void {
    const { filter, merge, sort, navigation } = part;
    this.#filter(filter, isFirst);
    const names = merge?.queries.map(({ name }) => name) ?? [];
    if (merge !== undefined) {
      this.#add(
        "complex",
        `Answers ${names.length} sub ${
          names.length === 1 ? "search" : "searches"
        } for each node`,
      );
    }
    if (part.with !== undefined) {
      this.#add("complex", "Counts the neighbours of each node");
    }
    const keys = this.#documentPaths(sort.map(({ path }) => path), names);
    if (keys.length > 0) {
      this.#add("complex", `Reads documents to sort by ${keys.join(", ")}`);
    }
    if (navigation !== undefined && navigation.to === undefined) {
      this.#add("complex", "Walks edges as far as they lead");
    }
  }

  #filter(filter: Filter, isFirst: boolean): void {
    const narrowed = this.#narrowing(filter);
    const paths = this.#documentPaths(filterPaths(filter), []);
    const text = hasText(filter);
    if (paths.length === 0 && !text) return;
    const what = [
      ...(paths.length > 0 ? [`documents to compare ${paths.join(", ")}`] : []),
      ...(text ? ["all text for a phrase"] : []),
    ].join(", and ");
    if (!isFirst) {
      return this.#add("complex", `Reads of the nodes that it reached ${what}`);
    }
    if (narrowed !== undefined) {
      return this.#add("complex", `Reads of the nodes ${narrowed} ${what}`);
    }
    this.#add(
      "bad",
      `Reads of every node ${what}; a kind, as in is(instance), would narrow it`,
    );
  }

  /** What keeps a filter from looking at every node. */
  #narrowing(filter: Filter): string | undefined {
    const all = conjuncts(filter);
    if (all.some(({ type }) => type === "id")) return "of these ids";
    if (all.some(({ type }) => type === "is")) return "of these kinds";
    const implied = impliedKinds(this.#resolver, filter);
    if (implied !== undefined) return "of the kinds that have the properties";
    const column = all.find((each) =>
      each.type === "predicate" && ["==", "in"].includes(each.operator) &&
      each.quantifier === undefined && !this.#isDocument(each.path, [])
    );
    return column?.type === "predicate"
      ? `with the right ${printPath(column.path)}`
      : undefined;
  }

  #aggregate({ aggregate, parts }: Query): void {
    if (aggregate === undefined) return;
    const paths = aggregatePaths(aggregate);
    const merged = parts.at(-1)?.merge?.queries.map(({ name }) => name) ?? [];
    const read = this.#documentPaths(paths, merged);
    if (read.length > 0) {
      this.#add("complex", `Reads documents to aggregate ${read.join(", ")}`);
    }
  }

  /** The paths that are no columns, as they were written. */
  #documentPaths(
    paths: readonly Path[],
    merged: readonly (readonly string[])[],
  ): readonly string[] {
    const found = paths.filter((path) => this.#isDocument(path, merged));
    return [...new Set(found.map((path) => `"${printPath(path)}"`))];
  }

  #isDocument(path: Path, merged: readonly (readonly string[])[]): boolean {
    if (mergeOf(path.items, merged) !== undefined) return false;
    const items = this.#resolver.absolute(path, merged);
    if (this.#resolver.relative(items) !== undefined) return true;
    const field = this.#resolver.nodeField(path, items, "n");
    return field.column === undefined && field.map === undefined &&
      field.entries === undefined;
  }
}

function hasText(filter: Filter): boolean {
  switch (filter.type) {
    case "text":
      return true;
    case "not":
      return hasText(filter.filter);
    case "combine": {
      let left: Filter = filter;
      while (left.type === "combine") {
        if (hasText(left.right)) return true;
        left = left.left;
      }
      return hasText(left);
    }
    default:
      return false;
  }
}

/**
 * Rates a search: `simple` needs columns alone, `complex` reads the documents of
 * some nodes or walks far, `bad` reads the documents of all of them.
 */
export function rateSearch(query: Query, resolver: Resolver): Rated {
  return new Rater(resolver).rate(query);
}
