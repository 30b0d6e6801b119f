/**
 * Containers and parts of nodes that a search reads and that are no columns.
 *
 * @module
 */

import type { Aggregate, Filter, Part, Path, PathItem } from "../query/ast.ts";
import { itemOffset } from "../query/positions.ts";
import { filterPaths } from "./filter_paths.ts";
import { NODE_PARTS } from "./node_scope.ts";
import { mergeOf, type RelativeKey, type Resolver } from "./resolver.ts";

/** A container or part, and what is read of it. */
export interface RelativeRead extends RelativeKey {
  /** The only properties that are read of `reported`; undefined for more. */
  readonly properties?: readonly string[];
}

type Names = readonly (readonly string[])[];

function relativeOf(
  resolver: Resolver,
  path: Path,
  names: Names,
): RelativeKey | undefined {
  const items = resolver.absolute(path, names);
  return mergeOf(items, names) === undefined
    ? resolver.relative(items)
    : undefined;
}

/** Whether a filter reads a container or part that is no column. */
export function readsRelative(resolver: Resolver, filter: Filter): boolean {
  return filterPaths(filter).some((path) =>
    relativeOf(resolver, path, []) !== undefined
  );
}

/** The property that a path of a container or part reads, if it is only one. */
function propertyRead(
  resolver: Resolver,
  items: readonly PathItem[],
): string | undefined {
  const [first] = items;
  if (first === undefined || !("key" in first)) return undefined;
  const isShort = !NODE_PARTS.has(first.key);
  if (!isShort && first.key !== "reported") return undefined;
  const inner = isShort ? items : items.slice(1);
  const [property] = inner;
  if (property === undefined || !("key" in property)) return undefined;
  // An age is that of another property.
  return inner.length === 1
    ? resolver.model.reported(inner)?.ageOf ?? property.key
    : property.key;
}

/**
 * The containers and parts that a part reads, each once.
 *
 * @param names Names of the part's own sub searches, which come first.
 */
export function relativeKeys(
  resolver: Resolver,
  part: Part,
  names: Names,
  aggregate: Aggregate | undefined,
): readonly RelativeRead[] {
  const paths: Path[] = [
    ...filterPaths(part.filter),
    ...(part.merge?.after === undefined ? [] : filterPaths(part.merge.after)),
    ...part.sort.map(({ path }) => path),
    ...(aggregate === undefined ? [] : aggregatePaths(aggregate)),
  ];
  const found = new Map<string, RelativeRead>();
  for (const path of paths) {
    const key = relativeOf(resolver, path, names);
    if (key === undefined) continue;
    const step = path.items.findIndex((item) =>
      "key" in item && item.key === key.kind
    );
    resolver.kinds(itemOffset(path.items, step) ?? path, [key.kind]);
    const name = `${key.side}.${key.kind}`;
    const known = found.get(name);
    const property = propertyRead(
      resolver,
      resolver.absolute(path, names).slice(2),
    );
    const before = known === undefined ? [] : known.properties;
    found.set(
      name,
      property === undefined || before === undefined
        ? key
        : { ...key, properties: [...new Set([...before, property])] },
    );
  }
  return [...found.values()];
}

/** Every path that an aggregation reads. */
export function aggregatePaths(
  { groups, functions }: Aggregate,
): readonly Path[] {
  const paths: Path[] = [];
  for (const { value } of groups) {
    if (value.type === "path") paths.push(value);
    else {for (const part of value.parts) {
        if (typeof part !== "string") paths.push(part);
      }}
  }
  for (const { name, value, operations } of functions) {
    if (name === "count") continue;
    for (const each of [value, ...operations.map(({ value }) => value)]) {
      if (typeof each !== "number") paths.push(each);
    }
  }
  return paths;
}
