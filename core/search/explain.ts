/**
 * How a search is answered, and how well.
 *
 * @module
 */

import type { ExplainJson, ExplainOperatorJson } from "@skymap/lib/client";
import { isObject, type Json } from "@skymap/lib/json";
import type { IndexReader, ReadOptions } from "../index/reader.ts";
import type { Query } from "../query/ast.ts";
import { printQuery } from "../query/print.ts";
import { rateSearch } from "./rate_search.ts";
import type { Resolver } from "./resolver.ts";
import type { Statement } from "./statement.ts";

/** What is explained. */
export interface Explained {
  /** The search. */
  readonly query: Query;
  /** What its names stand for. */
  readonly resolver: Resolver;
  /** Its statement. */
  readonly statement: Statement;
}

/** How it is explained. */
export interface ExplainOptions extends ReadOptions {
  /** Run the statement, and tell real rows and times. */
  readonly analyze?: boolean;
}

/** The plan of the statement, with a rating of the search. */
export async function explainSearch(
  reader: IndexReader,
  { query, resolver, statement: { sql, parameters } }: Explained,
  { analyze = false, ...options }: ExplainOptions,
): Promise<ExplainJson> {
  const { rating, reasons } = rateSearch(query, resolver);
  const how = analyze ? "(analyze, format json)" : "(format json)";
  const rows = await reader.rows(
    { sql: `explain ${how} ${sql}`, parameters },
    options,
  );
  const told: unknown = JSON.parse(String(rows[0]?.[1] ?? "[]"));
  const plan = childrenOf(isObject(told) ? told["children"] : told)
    .flatMap((each) => each.name === "EXPLAIN_ANALYZE" ? each.children : each);
  return {
    search: printQuery(query),
    sql,
    parameters: parameters as readonly Json[],
    rating,
    reasons,
    plan,
    ...(isObject(told) && { ms: milliseconds(told["latency"]) }),
  };
}

function childrenOf(value: unknown): readonly ExplainOperatorJson[] {
  return Array.isArray(value) ? value.filter(isObject).map(operator) : [];
}

function milliseconds(seconds: unknown): number {
  return Math.round(Number(seconds ?? 0) * 1_000_000) / 1000;
}

const ESTIMATE = "Estimated Cardinality";

/** An operator of the engine's plan, in our words. */
function operator(value: Record<string, unknown>): ExplainOperatorJson {
  const info = isObject(value["extra_info"]) ? value["extra_info"] : {};
  const { [ESTIMATE]: estimate, ...details } = info;
  const rows = value["operator_cardinality"];
  return {
    name: String(value["operator_name"] ?? value["name"] ?? "").trim(),
    ...(estimate !== undefined && { estimated_rows: Number(estimate) }),
    ...(rows !== undefined && {
      rows: Number(rows),
      ms: milliseconds(value["operator_timing"]),
    }),
    details: details as Record<string, Json>,
    children: childrenOf(value["children"]),
  };
}
