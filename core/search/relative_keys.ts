/**
 * Containers and parts of nodes that a search reads and that are no columns.
 *
 * @module
 */

import type { Aggregate, Filter, Part, Path } from "../query/ast.ts";
import { itemOffset } from "../query/positions.ts";
import { filterPaths } from "./filter_paths.ts";
import { mergeOf, type RelativeKey, type Resolver } from "./resolver.ts";

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
): readonly RelativeKey[] {
  const paths: Path[] = [
    ...filterPaths(part.filter),
    ...(part.merge?.after === undefined ? [] : filterPaths(part.merge.after)),
    ...part.sort.map(({ path }) => path),
    ...(aggregate === undefined ? [] : aggregatePaths(aggregate)),
  ];
  const found = new Map<string, RelativeKey>();
  for (const path of paths) {
    const key = relativeOf(resolver, path, names);
    if (key === undefined) continue;
    const step = path.items.findIndex((item) =>
      "key" in item && item.key === key.kind
    );
    resolver.kinds(itemOffset(path.items, step) ?? path, [key.kind]);
    found.set(`${key.side}.${key.kind}`, key);
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
  for (const { name, value } of functions) {
    if (typeof value !== "number" && name !== "count") paths.push(value);
  }
  return paths;
}
