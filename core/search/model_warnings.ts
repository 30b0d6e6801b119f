/**
 * What a search asks of properties that its kinds cannot have.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type {
  Filter,
  Path,
  PathItem,
  Predicate,
  Query,
  With,
} from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import { conjuncts } from "./filter_paths.ts";
import { impliedKinds, kindsOf } from "./implied_kinds.ts";
import type { Resolver } from "./resolver.ts";

/**
 * Conditions that can be told to be in vain from the kinds alone. They are no
 * errors: a search may be older than a kind, and an empty answer is right.
 */
export function modelWarnings(
  query: Query,
  resolver: Resolver,
): readonly string[] {
  const warnings = new Set<string>();
  const visitFilter = (filter: Filter) => {
    for (const warning of kindWarnings(filter, resolver)) warnings.add(warning);
    for (const each of predicates(filter)) {
      const warning = listWarning(each, resolver);
      if (warning !== undefined) warnings.add(warning);
    }
  };
  const visitWith = (clause: With | undefined) => {
    if (clause === undefined) return;
    if (clause.filter !== undefined) visitFilter(clause.filter);
    visitWith(clause.with);
  };
  const visit = ({ parts }: Query) => {
    for (const { filter, merge, with: clause } of parts) {
      visitFilter(filter);
      visitWith(clause);
      for (const { query: inner } of merge?.queries ?? []) visit(inner);
    }
  };
  visit(query);
  return [...warnings];
}

/** Properties that none of the kinds has which a condition is about. */
function* kindWarnings(filter: Filter, resolver: Resolver): Generator<string> {
  const terms = conjuncts(filter);
  const named = terms.filter((term) => term.type === "is");
  if (named.length === 0) {
    if (impliedKinds(resolver, filter)?.length === 0) {
      yield "no kind has all properties of a condition, so that nothing matches";
    }
    return;
  }
  const kinds = named.map((term) => resolver.kinds(term, term.kinds))
    .reduce((left, right) => left.filter((kind) => right.includes(kind)));
  for (const term of terms) {
    if (
      term.type !== "predicate" && term.type !== "call" && term.type !== "block"
    ) continue;
    const owners = kindsOf(resolver, term.path);
    if (owners === undefined) continue;
    if (kinds.some((kind) => owners.includes(kind))) continue;
    const names = named.flatMap((each) => each.kinds).join(", ");
    yield `"${printPath(term.path)}" is missing on every node: no kind of ` +
      `${names} has it`;
  }
}

function* predicates(filter: Filter): Generator<Predicate> {
  switch (filter.type) {
    case "predicate":
      yield filter;
      break;
    case "not":
      yield* predicates(filter.filter);
      break;
    case "combine": {
      let left: Filter = filter;
      while (left.type === "combine") {
        yield* predicates(left.right);
        left = left.left;
      }
      yield* predicates(left);
    }
  }
}

/** A list or object that is compared with a single value. */
function listWarning(
  { path, quantifier, operator, value }: Predicate,
  resolver: Resolver,
): string | undefined {
  if (quantifier !== undefined || operator === "=~" || operator === "!~") {
    return undefined;
  }
  const values: readonly Json[] = Array.isArray(value) ? value : [value];
  const isSingle = operator === "in" || operator === "not in"
    ? values.every(isScalar)
    : isScalar(value);
  if (!isSingle || values.length === 0) return undefined;
  const name = printPath(path);
  switch (collectionAt(resolver, path)) {
    case "list":
      return `"${name}" is a list and never a single value, ` +
        `write ${name}[*] for each element`;
    case "object":
      return `"${name}" is an object and never a single value, ` +
        `write ${name}.key for an entry`;
    default:
      return undefined;
  }
}

function isScalar(value: Json): boolean {
  return value !== null && !Array.isArray(value) && !isObject(value);
}

/** Whether a property is declared as a list or object of simple values. */
function collectionAt(
  resolver: Resolver,
  path: Path,
): "list" | "object" | undefined {
  const [first, ...items] = resolver.absolute(path, []);
  const isReported = first !== undefined && "key" in first &&
    first.key === "reported" && items.length > 0;
  if (!isReported || resolver.model.reported(items)?.type !== "any") {
    return undefined;
  }
  const below = (step: PathItem) =>
    resolver.model.reported([...items, step])?.type ?? "any";
  if (below({ index: "*" }) === "any") return undefined;
  return below({ key: "key" }) === "any" ? "list" : "object";
}
