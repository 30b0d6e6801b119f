import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { zooNode, zooSearch } from "../search/_zoo_search.ts";
import { parseQuery } from "../query/parse.ts";
import { printQuery } from "../query/print.ts";
import { runTestLine, testCommandLine, zooService } from "./_test_line.ts";
import type { GraphService } from "./core_services.ts";

/** What is left behind each stage when they run one after another. */
interface Left {
  readonly ids: readonly string[];
  /** Keys of the order that were named. */
  readonly keys: readonly string[];
}

const FILTERS = [
  "is(zoo_cat)",
  "int > 1",
  "str = a",
  "all",
  "not is(zoo_cat)",
];
const KEYS = ["int", "int desc", "str", "str desc", "name desc"];

type Step =
  | { readonly type: "search"; readonly filter: string }
  | { readonly type: "sort"; readonly key: string }
  | { readonly type: "limit"; readonly offset: number; readonly length: number }
  | { readonly type: "head" | "tail"; readonly length: number }
  | {
    readonly type: "predecessors" | "successors" | "ancestors" | "descendants";
    readonly withOrigin: boolean;
  };

const length = fc.integer({ min: 0, max: 7 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constant("search" as const),
    filter: fc.constantFrom(...FILTERS),
  }),
  fc.record({
    type: fc.constant("sort" as const),
    key: fc.constantFrom(...KEYS),
  }),
  fc.record({
    type: fc.constant("limit" as const),
    offset: fc.integer({ min: 0, max: 3 }),
    length,
  }),
  fc.record({
    type: fc.constantFrom("head" as const, "tail" as const),
    length,
  }),
  fc.record({
    type: fc.constantFrom(
      "predecessors" as const,
      "successors" as const,
      "ancestors" as const,
      "descendants" as const,
    ),
    withOrigin: fc.boolean(),
  }),
);

function written(step: Step): string {
  switch (step.type) {
    case "search":
      return `search ${step.filter}`;
    case "sort":
      return `sort ${step.key}`;
    case "limit":
      return `limit ${step.offset}, ${step.length}`;
    case "head":
    case "tail":
      return `${step.type} -${step.length}`;
    default:
      return step.type + (step.withOrigin ? " --with-origin" : "");
  }
}

const ARROWS = {
  predecessors: ["<--", "<-[0:1]-"],
  successors: ["-->", "-[0:1]->"],
  ancestors: ["<-[1:]-", "<-[0:]-"],
  descendants: ["-[1:]->", "-[0:]->"],
} as const;

/** Ids that a search finds, in the order that is named or by default. */
async function found(
  graph: GraphService,
  text: string,
  keys: readonly string[],
): Promise<readonly string[]> {
  const order = keys.length > 0
    ? keys.join(", ")
    : "/reported.kind, name, /reported.id";
  const request = {
    text: `${text} sort ${order}`,
    signal: new AbortController().signal,
  };
  const ids: string[] = [];
  for await (const texts of graph.search("list", request)) {
    ids.push(...texts.map((each) => JSON.parse(each).id));
  }
  return ids;
}

/** Runs one stage alone. */
async function next(
  graph: GraphService,
  { ids, keys }: Left,
  step: Step,
): Promise<Left> {
  const these = `id([${["none", ...ids].join(",")}])`;
  switch (step.type) {
    case "search": {
      const kept = new Set(
        await found(graph, `${these} and (${step.filter})`, []),
      );
      return { ids: ids.filter((id) => kept.has(id)), keys };
    }
    case "sort": {
      const all = [...keys, step.key];
      return { ids: await found(graph, these, all), keys: all };
    }
    case "limit":
      return { ids: ids.slice(step.offset).slice(0, step.length), keys };
    case "head":
      return { ids: ids.slice(0, step.length), keys };
    case "tail":
      return { ids: step.length === 0 ? [] : ids.slice(-step.length), keys };
    default: {
      const arrow = ARROWS[step.type][step.withOrigin ? 1 : 0];
      const reached = await found(graph, `${these} ${arrow} all`, []);
      return { ids: reached, keys: [] };
    }
  }
}

const CALLER = { subject: "test", role: "operator" } as const;

const NODES = ["a", "b", "c", "d", "e", "f", "g", "h"];

Deno.test("searches that are fused answer as their stages do one after another", async () => {
  await using zoo = await zooSearch({
    nodes: NODES.map((id, at) =>
      zooNode(id, {
        kind: at % 3 === 2 ? "zoo_animal" : "zoo_cat",
        name: `n${at % 2}`,
        ...(at !== 4 && { int: at % 3 }),
        ...(at !== 5 && { str: at % 4 === 0 ? "a" : "b" }),
      })
    ),
    edges: [["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"], ["d", "e"], [
      "f",
      "g",
    ]]
      .map(([from = "", to = ""]) => ({ from, to, type: "default" })),
  });
  const graph = zooService(zoo);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FILTERS),
      fc.array(step, { maxLength: 5 }),
      async (filter, steps) => {
        let left: Left = { ids: await found(graph, filter, []), keys: [] };
        for (const each of steps) left = await next(graph, left, each);
        const stages = [`search ${filter}`, ...steps.map(written)];
        const line = stages.join(" | ");
        const { text } = await runTestLine(`no_rewrite=true ${line}`, {
          graph,
        });
        const ids = text.split("\n").filter(Boolean)
          .map((each) => JSON.parse(each).id);
        deepStrictEqual(ids, left.ids, line);
        const commandLine = testCommandLine({ graph });
        const [prepared] = await commandLine.prepare(line, { caller: CALLER });
        const shown = prepared?.search?.text ?? "";
        deepStrictEqual(printQuery(parseQuery(shown)), shown, line);
        const counted = await runTestLine(`${line} | count kind`, { graph });
        const total = `total matched: ${left.ids.length}\n`;
        deepStrictEqual(counted.text.includes(total), true, `${line} | count`);
      },
    ),
    { numRuns: 150 },
  );
});
