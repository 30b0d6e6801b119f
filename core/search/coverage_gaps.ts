/**
 * Kinds that a search is about and that nobody ever listed.
 *
 * @module
 */

import type { Filter, Is, Part, Query, With } from "../query/ast.ts";
import type { Resolver } from "./resolver.ts";

/** Kinds of nodes that core makes itself: there is nothing to list. */
const OWN_KINDS: readonly string[] = ["graph_root", "cloud"];

function* kindTerms(filter: Filter | undefined): Generator<Is> {
  switch (filter?.type) {
    case "is":
      yield filter;
      break;
    case "not":
      yield* kindTerms(filter.filter);
      break;
    case "combine": {
      let left: Filter = filter;
      while (left.type === "combine") {
        yield* kindTerms(left.right);
        left = left.left;
      }
      yield* kindTerms(left);
    }
  }
}

function* termsOfWith(clause: With | undefined): Generator<Is> {
  if (clause === undefined) return;
  yield* kindTerms(clause.filter);
  yield* termsOfWith(clause.with);
}

function* termsOfPart({ filter, merge, with: clause }: Part): Generator<Is> {
  yield* kindTerms(filter);
  for (const { query } of merge?.queries ?? []) yield* termsOf(query);
  yield* termsOfWith(clause);
}

function* termsOf({ parts }: Query): Generator<Is> {
  for (const part of parts) yield* termsOfPart(part);
}

/** What is known of the scopes that an answer rests on. */
export interface ListedScopes {
  /** How many of them there are. */
  readonly scopes: number;
  /** Every kind that was ever listed, for this search or not. */
  readonly listed: readonly string[];
}

/**
 * A sentence for each kind of an `is(…)` that no account was ever listed for, or
 * one that nothing was: an answer without such nodes does not mean that there
 * are none.
 */
export function coverageGaps(
  query: Query,
  resolver: Resolver,
  { scopes, listed }: ListedScopes,
): readonly string[] {
  if (listed.length === 0) return ["Nothing was ever listed"];
  const gaps = new Set<string>();
  let isOwn = false;
  for (const term of termsOf(query)) {
    for (const name of term.kinds) {
      const kinds = resolver.kinds(term, [name]);
      isOwn ||= kinds.some((kind) => OWN_KINDS.includes(kind));
      if (isOwn || kinds.some((kind) => listed.includes(kind))) continue;
      gaps.add(`No account was ever listed for "${name}"`);
    }
  }
  if (scopes === 0 && gaps.size === 0 && !isOwn) {
    gaps.add("Nothing that the search is about was ever listed");
  }
  return [...gaps].sort();
}
