import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError } from "@skymap/lib/errors";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import type { Query } from "../query/ast.ts";
import { printQuery } from "../query/print.ts";
import { NaiveSearch } from "./_naive.ts";
import {
  NOW_MS,
  type RandomGraph,
  randomGraph,
  search,
  zooRegistry,
} from "./_random_search.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import { Searcher } from "./searcher.ts";

/** `SEARCH_RUNS=100` does so many times more. */
const FACTOR = Number(Deno.env.get("SEARCH_RUNS") ?? 1);

const registry = zooRegistry();

function rounded(value: Json): Json {
  if (typeof value === "number") return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, rounded(each)]),
  );
}

function inAnyOrder(values: readonly Json[]): string[] {
  return values.map((value) => canonicalJson(rounded(value))).sort();
}

async function answer(searcher: Searcher, query: Query): Promise<Json[]> {
  const text = printQuery(query);
  const form = query.aggregate === undefined ? "list" : "aggregate";
  const found: Json[] = [];
  for await (const lines of searcher.lines(text, form)) {
    for (const line of lines) found.push(JSON.parse(line));
  }
  return found;
}

/** Compares a graph's answers; gives how many searches were answered. */
async function compare(
  { nodes, edges }: RandomGraph,
  queries: readonly Query[],
): Promise<number> {
  await using index = await memoryIndex();
  await index.add({ nodes, edges });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  let answered = 0;
  for (const query of queries) {
    const text = printQuery(query);
    let found: Json[];
    try {
      found = await answer(searcher, query);
    } catch (error) {
      // Some random searches make no sense, such as a sum of texts.
      if (isSkymapError(error, "query_invalid")) continue;
      throw new Error(`Failed: ${text}`, { cause: error });
    }
    answered++;
    const resolver = new Resolver(new PropertyModel(registry), {
      text,
      nowMs: NOW_MS,
    });
    const naive = new NaiveSearch(nodes, edges, resolver);
    const last = query.parts.at(-1);
    const wanted = query.aggregate === undefined
      ? naive.list(query)
      : naive.aggregate(query);
    const isOrdered = query.aggregate === undefined &&
      last !== undefined && last.navigation === undefined &&
      last.sort.length > 0;
    const [left, right] = isOrdered
      ? [found, wanted].map((each) =>
        each.map((value) => canonicalJson(rounded(value)))
      )
      : [found, wanted].map(inAnyOrder);
    deepStrictEqual(left, right, text);
    if (query.aggregate === undefined) {
      deepStrictEqual(await searcher.count(text), wanted.length, text);
    }
  }
  return answered;
}

Deno.test("Searcher answers random searches as a plain loop does", async () => {
  let answered = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(
      randomGraph(registry, 14),
      fc.array(search, { minLength: 40, maxLength: 40, size: "max" }),
      async (graph, queries) => {
        asked += queries.length;
        answered += await compare(graph, queries);
      },
    ),
    { numRuns: 3 * FACTOR, endOnFailure: Deno.env.has("SEARCH_NO_SHRINK") },
  );
  deepStrictEqual(answered > asked * 0.7, true, `${answered} of ${asked}`);
});
