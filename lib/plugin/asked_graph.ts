import type { Json } from "../json.ts";
import type { AskWorker } from "./asks.ts";
import type { GraphChange, GraphNode, PluginGraph } from "./contract.ts";
import type { PluginAsk, SearchPage } from "./protocol.ts";

/** Most node ids that one question holds. */
export const MAX_IDS = 1_000;

/** A question about nodes, without them. */
type NodesAsk = Extract<PluginAsk, { readonly ids: readonly string[] }>;

/** The graph, as a plugin process reaches it: by questions to its worker. */
export function askedGraph(ask: AskWorker): PluginGraph {
  async function change(
    ids: readonly string[],
    askOf: (ids: readonly string[]) => NodesAsk,
  ): Promise<GraphChange> {
    let changed = 0;
    const refused: GraphChange["refused"][number][] = [];
    for (let at = 0; at < ids.length; at += MAX_IDS) {
      const answer = await ask(askOf(ids.slice(at, at + MAX_IDS)));
      const part = answer as unknown as GraphChange;
      changed += part.changed;
      refused.push(...part.refused);
    }
    return { changed, refused };
  }

  return {
    search: (text, { requireComplete = false, at } = {}) =>
      pages(ask, {
        what: "search",
        text,
        complete: requireComplete,
        ...(at !== undefined && { at }),
      }),
    clean: (ids, reason) =>
      change(ids, (ids) => ({ what: "clean", ids, reason })),
    keep: (ids) => change(ids, (ids) => ({ what: "keep", ids })),
    protect: (ids) => change(ids, (ids) => ({ what: "protect", ids })),
    tag: (ids, update) =>
      change(ids, (ids) => ({ what: "tag", ids, update: { ...update } })),
  };
}

/** Asks for a search page by page; ends it when nobody wants more. */
async function* pages(
  ask: AskWorker,
  question: PluginAsk,
): AsyncGenerator<GraphNode> {
  const first = await ask(question);
  const { search } = first as { readonly search: number };
  let page = first as unknown as SearchPage;
  try {
    for (;;) {
      yield* page.nodes as readonly Json[] as unknown as readonly GraphNode[];
      if (!page.more) return;
      page = await ask({ what: "next", search }) as unknown as SearchPage;
    }
  } finally {
    // Nobody waits for it: the search ends with the process at the latest.
    if (page.more) ask({ what: "stop", search }).catch(() => {});
  }
}
