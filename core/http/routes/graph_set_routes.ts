/**
 * Graphs as wholes: made, copied, exported, imported and removed.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import type { Services } from "../services.ts";
import { NDJSON } from "../stream_answer.ts";

const TAG = "graph";

const COPY = z.strictObject({
  to: z.string().openapi({ description: "Name of the graph that is made" }),
  force: z.boolean().default(false).openapi({
    description: "Whether it may take the place of one that is there",
  }),
});

/** Whether something may take the place of what is there. */
export const FORCE_QUERY = z.strictObject({
  force: z.enum(["true", "false"]).default("false").openapi({
    description: "Whether it may take the place of what is there",
  }),
});

/** The bytes of a request, and whether it may replace something. */
export function readReplacement(context: Context<ApiEnv>) {
  const { force } = readQuery(context, FORCE_QUERY);
  const { body, signal } = context.req.raw;
  return {
    body: body ?? ReadableStream.from([]),
    options: { force: force === "true", signal },
  };
}

/** Adds what makes, copies and removes graphs. */
export function addGraphSetRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}",
    tag: TAG,
    summary: "Makes an empty graph",
    roles: [],
    handle: async (context) => {
      await services.graphSet.create(param(context, "graph"));
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/graph/{graph}",
    tag: TAG,
    summary: "Removes a graph with its past",
    roles: [],
    handle: async (context) => {
      await services.graphSet.remove(param(context, "graph"));
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/copy",
    tag: TAG,
    summary: "Copies a graph with its past",
    roles: [],
    body: COPY,
    handle: async (context) => {
      const { to, force } = await readBody(context, COPY);
      const { signal } = context.req.raw;
      const from = param(context, "graph");
      await services.graphSet.copy(from, to, { force, signal });
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/export",
    tag: TAG,
    summary: "Gives a graph with its past as lines, for an import",
    roles: [],
    answer: { [NDJSON]: z.string() },
    handle: (context) => {
      const graph = services.graph(param(context, "graph"));
      const lines = ReadableStream.from(graph.export(context.req.raw.signal));
      return context.body(lines.pipeThrough(new TextEncoderStream()), 200, {
        "content-type": NDJSON,
      });
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/import",
    tag: TAG,
    summary: "Makes a graph out of an export, whole or not at all",
    roles: [],
    query: FORCE_QUERY,
    body: NDJSON,
    handle: async (context) => {
      const { body, options } = readReplacement(context);
      await services.graphSet.import(param(context, "graph"), body, options);
      return context.body(null, 204);
    },
  });
}
