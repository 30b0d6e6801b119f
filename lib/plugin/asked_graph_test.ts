import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { Json } from "../json.ts";
import { askedGraph, MAX_IDS } from "./asked_graph.ts";
import type { PluginAsk } from "./protocol.ts";
import { createWorkContext } from "./work_context.ts";

/** A graph whose questions are answered by a function, and kept. */
function graphOf(answer: (ask: PluginAsk) => unknown) {
  const asked: PluginAsk[] = [];
  const graph = askedGraph((ask) => {
    asked.push(ask);
    return Promise.resolve(answer(ask) as Json);
  });
  return { graph, asked };
}

/** Three pages of two nodes. */
function pagesOf() {
  let page = 0;
  return graphOf(({ what }) =>
    what === "stop" ? null : {
      ...(what === "search" && { search: 4 }),
      nodes: [{ id: `${page}a` }, { id: `${page}b` }],
      more: ++page < 3,
    }
  );
}

Deno.test("PluginGraph.search() asks for a page when the one before is used up", async () => {
  const { graph, asked } = pagesOf();
  const found: string[] = [];
  for await (const { id } of graph.search("is(volume)")) {
    found.push(`${id} ${asked.length}`);
  }
  deepStrictEqual(found, ["0a 1", "0b 1", "1a 2", "1b 2", "2a 3", "2b 3"]);
  deepStrictEqual(asked, [
    { what: "search", text: "is(volume)", complete: false },
    { what: "next", search: 4 },
    { what: "next", search: 4 },
  ]);
});

Deno.test("PluginGraph.search() ends a search of which no more is wanted", async () => {
  const { graph, asked } = pagesOf();
  for await (const _ of graph.search("all")) break;
  deepStrictEqual(asked.at(-1), { what: "stop", search: 4 });
});

Deno.test("PluginGraph.search() asks for a whole answer, or the past, when that is wanted", async () => {
  const { graph, asked } = pagesOf();
  const options = { requireComplete: true, at: "14d" };
  for await (const _ of graph.search("all", options)) break;
  deepStrictEqual(asked[0], {
    what: "search",
    text: "all",
    complete: true,
    at: "14d",
  });
});

Deno.test("PluginGraph.clean() asks in parts and adds up what became of them", async () => {
  const { graph, asked } = graphOf((ask) => {
    const { ids } = ask as { readonly ids: readonly string[] };
    return {
      changed: ids.length - 1,
      refused: [{ id: ids[0], reason: "it is protected" }],
    };
  });
  const ids = Array.from({ length: 2 * MAX_IDS + 1 }, (_, at) => String(at));
  deepStrictEqual(await graph.clean(ids, "unused"), {
    changed: 2 * MAX_IDS - 2,
    refused: ["0", String(MAX_IDS), String(2 * MAX_IDS)].map((id) => ({
      id,
      reason: "it is protected",
    })),
  });
  strictEqual(asked.length, 3);
  deepStrictEqual(asked[2], {
    what: "clean",
    ids: [String(2 * MAX_IDS)],
    reason: "unused",
  });
  deepStrictEqual(await graph.keep([]), { changed: 0, refused: [] });
});

Deno.test("createWorkContext() refuses questions where there is no worker", async () => {
  const { graph, accountOf } = createWorkContext({
    config: {},
    issue() {},
    signal: new AbortController().signal,
  });
  await rejects(accountOf("1"), { code: "unavailable" });
  await rejects(graph.tag(["a"], { owner: "me" }), { code: "unavailable" });
  await rejects(async () => {
    for await (const _ of graph.search("all"));
  }, { code: "unavailable" });
});
