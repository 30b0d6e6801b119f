import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ExplainOperatorJson } from "@skymap/lib/client";
import { zooNode, zooSearch } from "./_zoo_search.ts";

function operators(
  plan: readonly ExplainOperatorJson[],
): readonly ExplainOperatorJson[] {
  return plan.flatMap((each) => [each, ...operators(each.children)]);
}

Deno.test("Searcher.explain() rates a search and says why", async () => {
  await using zoo = await zooSearch({});
  const of = async (text: string) => {
    const { rating, reasons } = await zoo.searcher.explain(text);
    return `${rating}: ${reasons.join("; ")}`;
  };
  const cases: readonly (readonly [string, string])[] = [
    [
      "is(zoo_cat) and name = tom",
      "simple: Reads columns alone, and no document of a node to find it",
    ],
    [
      "tags.owner = me",
      "simple: Reads columns alone, and no document of a node to find it",
    ],
    [
      "is(zoo_cat) and str = x",
      'complex: Reads of the nodes of these kinds documents to compare "str"',
    ],
    [
      "str = x",
      "complex: Reads of the nodes of the kinds that have the properties " +
      'documents to compare "str"',
    ],
    [
      "/metadata.cleaned = true",
      'bad: Reads of every node documents to compare "/metadata.cleaned"; ' +
      "a kind, as in is(instance), would narrow it",
    ],
    [
      '"some words"',
      "bad: Reads of every node all text for a phrase; " +
      "a kind, as in is(instance), would narrow it",
    ],
    [
      "is(zoo_cat) sort str",
      'complex: Reads documents to sort by "str"',
    ],
    ["is(zoo_cat) -[0:]->", "complex: Walks edges as far as they lead"],
    [
      "is(zoo_cat) --> str = x",
      'complex: Reads of the nodes that it reached documents to compare "str"',
    ],
    [
      "is(zoo_cat) with(empty, -->)",
      "complex: Counts the neighbours of each node",
    ],
    [
      "aggregate(str: sum(1)): is(zoo_cat)",
      'complex: Reads documents to aggregate "str"',
    ],
    [
      "is(zoo_cat) {friends[]: --> is(zoo_cat)}",
      "complex: Answers 1 sub search for each node",
    ],
  ];
  for (const [text, wanted] of cases) strictEqual(await of(text), wanted, text);
});

Deno.test("Searcher.explain() tells estimated rows, and real ones when it is run", async () => {
  await using zoo = await zooSearch({
    nodes: ["a", "b"].map((id) => zooNode(id, { kind: "zoo_cat", int: 4 })),
  });
  const text = "is(zoo_cat) and int > 3";
  const guess = await zoo.searcher.explain(text);
  const scan = operators(guess.plan).find(({ name }) => name === "SEQ_SCAN");
  ok((scan?.estimated_rows ?? 0) > 0);
  strictEqual(scan?.rows, undefined);
  strictEqual(guess.ms, undefined);

  const run = await zoo.searcher.explain(text, { analyze: true });
  deepStrictEqual(run.parameters, guess.parameters);
  ok((run.ms ?? 0) > 0);
  const all = operators(run.plan);
  ok(all.every(({ rows, ms }) => rows !== undefined && ms !== undefined));
  ok(all.some(({ name, rows }) => /SCAN|FILTER/.test(name) && rows === 2));
});
