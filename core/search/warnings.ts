/**
 * What an answer leaves out because nothing records it.
 *
 * @module
 */

import type { Filter, Path, Query } from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import { filterPaths } from "./filter_paths.ts";
import { aggregatePaths } from "./relative_keys.ts";

/** Sections that the language has and that nothing fills yet. */
const UNRECORDED: Readonly<Record<string, string>> = {
  usage: "no usage is recorded",
  security: "no results of security checks are recorded",
};

/** Sections that only an answer of the history has. */
const OF_HISTORY: readonly string[] = ["change", "before", "diff"];

/** What a search is answered in. */
export interface WarningOptions {
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Whether the history is searched. Default: no. */
  readonly isHistory?: boolean;
}

/**
 * What a person should know who reads the answer of a search: the properties
 * that it names and that no node can have yet. Each is said once.
 */
export function warningsOf(
  query: Query,
  { section = "reported", isHistory = false }: WarningOptions = {},
): readonly string[] {
  const warnings = new Set<string>();
  const read = (path: Path, names: readonly string[]) => {
    const [first] = path.items;
    const key = first !== undefined && "key" in first ? first.key : "";
    if (names.includes(key)) return;
    const root = path.absolute || key === "usage"
      ? key
      : section.replace(/^\//, "");
    const written = printPath(path);
    const reason = Object.hasOwn(UNRECORDED, root)
      ? UNRECORDED[root]
      : undefined;
    if (reason !== undefined) {
      warnings.add(`"${written}" is missing on every node: ${reason}`);
    } else if (OF_HISTORY.includes(root) && !isHistory) {
      warnings.add(
        `"${written}" is missing on every node: only the history has it`,
      );
    }
  };
  const visit = ({ parts, aggregate }: Query) => {
    let names: string[] = [];
    for (const part of parts) {
      const { withUsage, merge, sort, filter, with: condition } = part;
      if (withUsage !== undefined) {
        warnings.add(
          `with_usage adds nothing: ${UNRECORDED.usage} ` +
            `(${withUsage.metrics.join(", ")})`,
        );
      }
      names = merge?.queries.map(({ name }) => name[0] ?? "") ?? [];
      for (const { query: inner } of merge?.queries ?? []) visit(inner);
      for (const each of [filter, merge?.after]) {
        if (each === undefined) continue;
        for (const path of filterPaths(each)) read(path, names);
      }
      for (const each of withFilters(condition)) {
        for (const path of filterPaths(each)) read(path, []);
      }
      for (const { path } of sort) read(path, names);
    }
    if (aggregate === undefined) return;
    for (const path of aggregatePaths(aggregate)) read(path, names);
  };
  visit(query);
  return [...warnings];
}

function withFilters(
  condition: Query["parts"][number]["with"],
): readonly Filter[] {
  if (condition === undefined) return [];
  const { filter } = condition;
  return [
    ...(filter === undefined ? [] : [filter]),
    ...withFilters(condition.with),
  ];
}
