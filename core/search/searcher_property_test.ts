import { ok } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError } from "@skymap/lib/errors";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { printQuery } from "../query/print.ts";
import { FORMS, isFound } from "./_compare.ts";
import { CONSTRUCTS, constructsOf } from "./_constructs.ts";
import {
  LAST_SEQUENCE,
  NOW_MS,
  randomGraph,
  zooRegistry,
} from "./_random_graph.ts";
import { searchesOf } from "./_random_search.ts";
import { PropertyModel } from "./property_model.ts";
import { Searcher } from "./searcher.ts";

/** `SEARCH_RUNS=20` asks so many times more. */
const FACTOR = Number(Deno.env.get("SEARCH_RUNS") ?? 1);
const GRAPHS = 10;
const SEARCHES = 210;

const registry = zooRegistry();
const model = new PropertyModel(registry);

Deno.test("Searcher answers random searches as a plain loop does", async () => {
  const asked = new Map<string, number>();
  const hits = new Map<string, number>();
  let searches = 0;
  let answered = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(
      randomGraph(registry, 20).chain((graph) =>
        fc.record({
          graph: fc.constant(graph),
          queries: fc.array(
            fc.record({
              query: searchesOf(graph),
              form: fc.constantFrom(...FORMS),
              section: fc.oneof(
                { weight: 12, arbitrary: fc.constant(undefined) },
                {
                  weight: 1,
                  arbitrary: fc.constantFrom("desired", "metadata"),
                },
              ),
              sequence: fc.oneof(
                fc.constant(undefined),
                fc.constant(undefined),
                fc.nat(LAST_SEQUENCE),
              ),
            }),
            { minLength: SEARCHES, maxLength: SEARCHES, size: "max" },
          ),
        })
      ),
      async ({ graph, queries }) => {
        await using index = await memoryIndex();
        await index.run("set global threads = 1");
        await index.add(graph);
        await using reader = new IndexReader(index);
        const searcher = new Searcher({
          reader,
          registry,
          nowMs: () => NOW_MS,
        });
        for (const { query, form, sequence, section } of queries) {
          searches++;
          const names = constructsOf(query);
          let hit: boolean;
          try {
            hit = await isFound(searcher, model, graph, {
              query,
              form,
              sequence,
              section,
            });
          } catch (error) {
            // Some random searches make no sense, or are too much at once.
            if (isSkymapError(error, "query_invalid", "query_too_large")) {
              continue;
            }
            throw new Error(
              `${form} at ${sequence ?? "present"}: ${printQuery(query)}`,
              { cause: error },
            );
          }
          answered++;
          if (hit) found++;
          for (const name of names) {
            asked.set(name, (asked.get(name) ?? 0) + 1);
            if (hit) hits.set(name, (hits.get(name) ?? 0) + 1);
          }
        }
      },
    ),
    {
      numRuns: GRAPHS * FACTOR,
      endOnFailure: !Deno.env.has("SEARCH_SHRINK"),
      // The graph is too large to be read; the cause names the search.
      reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
        if (!failed) return;
        throw new Error(
          `Failed with seed ${seed}, path ${counterexamplePath}`,
          {
            cause: errorInstance,
          },
        );
      },
    },
  );
  if (Deno.env.has("SEARCH_RUNS")) {
    const counts = CONSTRUCTS.map((name) =>
      `${name}: ${asked.get(name) ?? 0} asked, ${hits.get(name) ?? 0} found`
    );
    await Deno.stdout.write(
      new TextEncoder().encode(`${counts.join("\n")}
${searches} searches, ${answered} answered, ${found} found something\n`),
    );
  }
  ok(answered > searches * 0.9, `${answered} of ${searches} were answered`);
  ok(found > answered * 0.3, `${found} of ${answered} found something`);
  for (const name of CONSTRUCTS) {
    ok((hits.get(name) ?? 0) > 0, `nothing was found by: ${name}`);
  }
});
