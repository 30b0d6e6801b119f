/**
 * The search of a snapshot, read and checked.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { Aggregate } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { SourceText } from "../query/source_text.ts";
import { functionName, groupName } from "../search/compile_aggregate.ts";
import { invalidQuery } from "../search/invalid_query.ts";
import type { SearchAt } from "../search/search_context.ts";
import type { Searcher } from "../search/searcher.ts";

/** A search that gives one value for each of its groups. */
export interface AskedSearch {
  readonly read: SearchAt;
  readonly aggregate: Aggregate;
  /** Names of its groups. */
  readonly labels: readonly string[];
}

/** What a search is read with. */
export interface ReadAskedOptions {
  readonly searcher: Pick<Searcher, "expand">;
  readonly nowMs: number;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** Property of a row that holds its groups. */
const GROUP = "group";

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new SkymapError(
    "query_invalid",
    `Cannot name time series ${JSON.stringify(name)}: wanted a letter and up ` +
      'to 127 letters, digits, "_", "-" or "."',
  );
}

function askedOf(read: SearchAt): AskedSearch {
  const { query: { aggregate }, source } = read;
  const [function_, ...others] = aggregate?.functions ?? [];
  if (
    aggregate === undefined || function_ === undefined || others.length > 0
  ) {
    throw invalidQuery(
      source,
      undefined,
      `it gives ${
        function_ === undefined ? "nodes" : `${others.length + 1} values`
      }, and a time series has one value a group, wanted ` +
        "aggregate(GROUPS: FUNCTION): SEARCH with one function",
    );
  }
  const labels: string[] = [];
  for (const group of aggregate.groups) {
    const label = groupName(group);
    if (labels.includes(label)) {
      throw invalidQuery(
        source,
        group.value,
        `two groups are called "${label}", wanted names that differ, such as ` +
          `"as ${label}2"`,
      );
    }
    labels.push(label);
  }
  if (functionName(function_) === GROUP) {
    throw invalidQuery(
      source,
      undefined,
      `its value is called "${GROUP}" as its groups are, wanted another name`,
    );
  }
  return { read, aggregate, labels };
}

/**
 * Reads the search of a snapshot.
 *
 * @throws {SkymapError} `query_syntax` or `query_invalid`
 */
export function readAsked(
  name: string,
  search: string | SearchAt,
  { searcher, nowMs }: ReadAskedOptions,
): AskedSearch {
  checkName(name);
  if (typeof search !== "string") return askedOf(search);
  const source = searcher.expand(SourceText.of(search), { nowMs });
  return askedOf({ query: parseQuery(source), source, nowMs });
}
