import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError } from "@skymap/lib/errors";
import type { MemoryEdge, MemoryNode } from "../index/_memory_index.ts";
import { printQuery } from "../query/print.ts";
import { NaiveSearch } from "./_naive.ts";
import {
  graphAt,
  NOW_MS,
  type RandomGraph,
  randomGraph,
  zooRegistry,
} from "./_random_graph.ts";
import { searchesOf } from "./_random_search.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import { searchKinds } from "./search_kinds.ts";

const registry = zooRegistry();
const model = new PropertyModel(registry);

function kindOf(node: MemoryNode | undefined): string {
  return String(node?.reported.kind);
}

/** The graph without anything that the kinds do not name. */
function withoutOthers(
  { nodes, edges }: Omit<RandomGraph, "scopes">,
  kinds: readonly string[],
): {
  readonly nodes: readonly MemoryNode[];
  readonly edges: readonly MemoryEdge[];
} {
  const left = nodes.filter((node) => kinds.includes(kindOf(node)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return {
    nodes: left,
    edges: edges.filter(({ from, to }) =>
      kinds.includes("deferred_edge") &&
      left.includes(byId.get(from) as MemoryNode) &&
      left.includes(byId.get(to) as MemoryNode)
    ),
  };
}

Deno.test("searchKinds() names every kind that the answer to a random search depends on", () => {
  let asked = 0;
  let bounded = 0;
  let found = 0;
  fc.assert(
    fc.property(
      randomGraph(registry, 20).chain((graph) =>
        fc.record({
          graph: fc.constant(graph),
          queries: fc.array(searchesOf(graph), {
            minLength: 300,
            maxLength: 300,
            size: "max",
          }),
        })
      ),
      ({ graph, queries }) => {
        const whole = graphAt(graph);
        for (const query of queries) {
          const text = printQuery(query);
          const answerOf = (of: typeof whole) => {
            const resolver = new Resolver(model, { text, nowMs: NOW_MS });
            const naive = new NaiveSearch(
              of.nodes,
              of.edges,
              resolver,
              graph.scopes,
            );
            return query.aggregate === undefined
              ? naive.list(query)
              : naive.aggregate(query);
          };
          asked++;
          try {
            const resolver = new Resolver(model, { text, nowMs: NOW_MS });
            const kinds = searchKinds(query, resolver);
            if (kinds === null) continue;
            const answer = answerOf(whole);
            bounded++;
            if (answer.length > 0) found++;
            deepStrictEqual(
              answerOf(withoutOthers(whole, kinds)),
              answer,
              `${text}: ${kinds.join(", ")}`,
            );
          } catch (error) {
            if (!isSkymapError(error, "query_invalid")) throw error;
          }
        }
      },
    ),
    { numRuns: 20, endOnFailure: true },
  );
  ok(bounded > asked / 20, `${bounded} of ${asked} are about some kinds`);
  ok(found > bounded / 5, `${found} of ${bounded} found something`);
});
