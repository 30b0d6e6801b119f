/**
 * Searches asked of the index and of a plain loop, side by side.
 *
 * @module
 */

import { deepStrictEqual } from "node:assert/strict";
import { canonicalJson, type Json, type JsonObject } from "@skymap/lib/json";
import type { Query } from "../query/ast.ts";
import { printQuery } from "../query/print.ts";
import { NaiveSearch } from "./_naive.ts";
import { graphAt, NOW_MS, type RandomGraph } from "./_random_graph.ts";
import type { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import type { Searcher } from "./searcher.ts";

/** What is asked of a search. */
export type Form = "list" | "graph" | "count" | "ids";

/** Every form, as often as it is asked. */
export const FORMS: readonly Form[] = [
  "list",
  "graph",
  "list",
  "count",
  "list",
  "ids",
];

/** Moves what lies right between two rounded numbers, such as 0.7119140625. */
const NUDGE = 1 + 3.7e-10;

/** Sums in another order differ in their last digits, or by next to nothing. */
function rounded(value: Json): Json {
  if (typeof value === "number") {
    return Math.abs(value) < 1e-12 ? 0 : Number((value * NUDGE).toPrecision(9));
  }
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, rounded(each as Json)]),
  );
}

/** Rows as texts, sorted; numbers with fewer digits. */
export function inAnyOrder(values: readonly Json[]): string[] {
  return values.map((value) => canonicalJson(rounded(value))).sort();
}

/** Rows of which the lists that have no order are brought into one. */
function comparable(
  query: Query,
  rows: readonly Json[],
): readonly Json[] {
  const unordered = (query.parts.at(-1)?.merge?.queries ?? []).filter(
    (merge) =>
      merge.list &&
      (merge.query.aggregate !== undefined ||
        merge.query.parts.at(-1)?.sort.length === 0),
  );
  return rows.map((row) => {
    const copy: Record<string, Json> = { ...row as JsonObject };
    for (const { name } of unordered) {
      const [key = ""] = name;
      if (Array.isArray(copy[key])) copy[key] = inAnyOrder(copy[key]);
    }
    return copy;
  });
}

/** A search, and how it is asked. */
export interface Asked {
  readonly query: Query;
  readonly form: Form;
  readonly sequence: number | undefined;
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string | undefined;
}

/**
 * Asks, and throws when the answers differ; gives whether anything was found.
 * The searcher reads an index that holds the graph.
 */
export async function isFound(
  searcher: Searcher,
  model: PropertyModel,
  { scopes, ...graph }: RandomGraph,
  { query, form, sequence, section }: Asked,
): Promise<boolean> {
  const text = printQuery(query);
  const { nodes, edges } = graphAt({ ...graph, scopes }, sequence);
  const within = section === undefined ? {} : { section };
  const options = { ...within, ...(sequence !== undefined && { sequence }) };
  const naive = new NaiveSearch(
    nodes,
    edges,
    new Resolver(model, { text, nowMs: NOW_MS, ...within }),
    sequence === undefined ? scopes : [],
  );
  const aggregates = query.aggregate !== undefined;
  if (form === "count") {
    const wanted = aggregates ? naive.aggregate(query) : naive.list(query);
    deepStrictEqual(await searcher.count(text, options), wanted.length);
    return wanted.length > 0;
  }
  if (
    form === "ids" && !aggregates && sequence === undefined &&
    section === undefined
  ) {
    const wanted = naive.list(query).map((row) => (row as JsonObject).id);
    deepStrictEqual(await searcher.ids(text, 1_000), wanted.sort());
    return wanted.length > 0;
  }
  const asked = aggregates ? "aggregate" : form === "graph" ? "graph" : "list";
  const found: Json[] = [];
  for await (const lines of searcher.lines(text, asked, options)) {
    for (const line of lines) found.push(JSON.parse(line));
  }
  const wanted = naive[asked](query);
  const last = query.parts.at(-1);
  const isOrdered = asked === "list" && last?.navigation === undefined &&
    last?.sort.length !== 0;
  const [left, right] = [found, wanted].map((rows) => {
    const some = comparable(query, rows);
    return isOrdered
      ? some.map((row) => canonicalJson(rounded(row)))
      : inAnyOrder(some);
  });
  deepStrictEqual(left, right);
  return found.length > 0;
}
