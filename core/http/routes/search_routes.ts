/**
 * Searches over a graph.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { parseDuration } from "@skymap/lib/duration";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { addEndpoint, type Api, param, readQuery } from "../endpoint.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import { EDGE, NODE } from "../schemas.ts";
import type { SearchRequest, Services } from "../services.ts";
import { NDJSON, streamAnswer } from "../stream_answer.ts";

const TAG = "search";

/** Longest text of a search, in characters. */
const MAX_SEARCH_CHARS = 1_000_000;

const QUERY = z.object({
  section: z.string().optional(),
  search_timeout: z.string().optional().openapi({ example: "10s" }),
});

const ROW = z.record(z.string(), z.unknown());

/** Adds the paths below `/graph/{graph}/search`. */
export function addSearchRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/list",
    tag: TAG,
    summary: "Lists the nodes that match",
    roles: ["metrics"],
    query: QUERY,
    body: "text/plain",
    answer: { "application/json": z.array(NODE), [NDJSON]: NODE },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const request = await readSearch(context);
      const coverage = await graph.coverage(request);
      return streamAnswer(context, graph.list(request), coverage);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/graph",
    tag: TAG,
    summary: "Lists the nodes that match and the edges that were walked",
    roles: ["metrics"],
    query: QUERY,
    body: "text/plain",
    answer: {
      "application/json": z.array(z.union([NODE, EDGE])),
      [NDJSON]: z.union([NODE, EDGE]),
    },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const request = await readSearch(context);
      const coverage = await graph.coverage(request);
      return streamAnswer(context, graph.graph(request), coverage);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/aggregate",
    tag: TAG,
    summary: "Groups and sums the nodes that match",
    roles: ["metrics"],
    query: QUERY,
    body: "text/plain",
    answer: { "application/json": z.array(ROW), [NDJSON]: ROW },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const request = await readSearch(context);
      const coverage = await graph.coverage(request);
      return streamAnswer(context, graph.aggregate(request), coverage);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/explain",
    tag: TAG,
    summary: "Tells how a search is answered",
    roles: [],
    query: QUERY,
    body: "text/plain",
    answer: { "application/json": ROW },
    handle: async (context) =>
      new Response(
        JSON.stringify(
          await services.graph(param(context, "graph")).explain(
            await readSearch(context),
          ),
        ),
        { headers: { "content-type": "application/json" } },
      ),
  });
}

async function readSearch(context: Context<ApiEnv>): Promise<SearchRequest> {
  const query = readQuery(context, QUERY);
  const text = await context.req.text();
  if (text.length > MAX_SEARCH_CHARS) {
    throw new SkymapError(
      "body_invalid",
      `Cannot read the search: it has ${text.length} characters, at most ${MAX_SEARCH_CHARS} are taken`,
    );
  }
  return {
    text,
    signal: context.req.raw.signal,
    ...(query.section !== undefined && { section: query.section }),
    ...(query.search_timeout !== undefined && {
      timeoutMs: readTimeout(query.search_timeout),
    }),
  };
}

function readTimeout(text: string): number {
  try {
    return parseDuration(text);
  } catch (cause) {
    throw new SkymapError(
      "body_invalid",
      `Cannot read the query parameter "search_timeout": ${messageOf(cause)}`,
      { cause },
    );
  }
}
