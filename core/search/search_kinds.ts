/**
 * Kinds whose changes can change the answer to a search.
 *
 * @module
 */

import type {
  Aggregate,
  Filter,
  Navigation,
  Part,
  Query,
  With,
} from "../query/ast.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { PLAIN_PART } from "./part_rows.ts";
import { relativeKeys } from "./relative_keys.ts";
import type { Resolver } from "./resolver.ts";

/** Concrete kinds; undefined stands for any. */
type Kinds = ReadonlySet<string> | undefined;

/** Edges that core found the ends of are no listing's: they have a kind for themselves. */
const DEFERRED_EDGE = "deferred_edge";

const NONE: ReadonlySet<string> = new Set();

function both(left: Kinds, right: Kinds): Kinds {
  if (left === undefined) return right;
  return right === undefined ? left : left.intersection(right);
}

function either(left: Kinds, right: Kinds): Kinds {
  return left === undefined || right === undefined
    ? undefined
    : left.union(right);
}

/** Kinds of the nodes that may pass a filter, as far as it names them. */
function named(resolver: Resolver, filter: Filter): Kinds {
  switch (filter.type) {
    case "is":
      return new Set(resolver.kinds(filter, filter.kinds));
    case "combine": {
      const join = filter.operator === "and" ? both : either;
      let kinds: Kinds;
      let isFirst = true;
      // Long chains lean to the left: no call for each link.
      let left: Filter = filter;
      while (left.type === "combine" && left.operator === filter.operator) {
        const right = named(resolver, left.right);
        kinds = isFirst ? right : join(kinds, right);
        isFirst = false;
        left = left.left;
      }
      return join(kinds, named(resolver, left));
    }
    default:
      return undefined;
  }
}

class KindsOfSearch {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  query({ parts, aggregate }: Query): Kinds {
    return this.#parts(parts, aggregate);
  }

  #parts(parts: readonly Part[], aggregate: Aggregate | undefined): Kinds {
    let kinds: Kinds = NONE;
    for (const [at, part] of parts.entries()) {
      const isLast = at === parts.length - 1;
      kinds = either(kinds, this.#part(part, isLast ? aggregate : undefined));
      const { navigation } = part;
      if (navigation === undefined) continue;
      // What stands behind the last navigation is any kind of node.
      if (isLast) return undefined;
      kinds = either(kinds, this.#steps(navigation));
    }
    return kinds;
  }

  #part(part: Part, aggregate: Aggregate | undefined): Kinds {
    const { filter, merge, with: clause } = part;
    const queries = merge?.queries ?? [];
    const names = queries.map(({ name }) => name);
    // They are looked for along edges, over nodes of any kind.
    if (relativeKeys(this.#resolver, part, names, aggregate).length > 0) {
      return undefined;
    }
    let kinds = this.#filter(filter);
    for (const { query } of queries) {
      kinds = either(kinds, this.#merged(query));
    }
    return clause === undefined ? kinds : either(kinds, this.#with(clause));
  }

  /** Kinds of the nodes that may pass a filter. */
  #filter(filter: Filter): Kinds {
    const implied = impliedKinds(this.#resolver, filter);
    return both(
      implied === undefined ? undefined : new Set(implied),
      named(this.#resolver, filter),
    );
  }

  /** A sub search starts at the nodes of its part, which are known already. */
  #merged({ parts, aggregate }: Query): Kinds {
    const [start, ...rest] = parts;
    if (start?.navigation === undefined || rest.length === 0) return undefined;
    return either(
      this.#steps(start.navigation),
      this.#parts(rest, aggregate),
    );
  }

  #with({ navigation, filter, with: clause }: With): Kinds {
    const neighbours = this.#part({
      ...PLAIN_PART,
      ...(filter !== undefined && { filter }),
      ...(clause !== undefined && { with: clause }),
    }, undefined);
    return either(this.#steps(navigation), neighbours);
  }

  /**
   * Kinds of the edges of a navigation beside those of the nodes at its ends: an
   * edge is listed with one of them. Longer ways lead over nodes of any kind.
   */
  #steps({ to }: Navigation): Kinds {
    return to !== undefined && to <= 1 ? new Set([DEFERRED_EDGE]) : undefined;
  }
}

/**
 * Concrete kinds, sorted, whose changes can change the nodes or rows that a
 * search gives: changes of nodes, of edges that were listed with them, and of
 * whether a listing is complete. Null when it may be any. They may be too many,
 * never too few, and are right until a plugin declares kinds.
 */
export function searchKinds(
  query: Query,
  resolver: Resolver,
): readonly string[] | null {
  const kinds = new KindsOfSearch(resolver).query(query);
  return kinds === undefined ? null : [...kinds].sort();
}
