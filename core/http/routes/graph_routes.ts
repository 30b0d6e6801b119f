/**
 * Graphs: their nodes, model, ledger and merges.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import {
  KIND,
  LEDGER_ENTRY,
  MERGE_REPORT,
  MODEL_UPDATE,
  NODE,
  NODE_UPDATE_REPORT,
} from "../schemas.ts";
import type { Services } from "../services.ts";
import { answerTypes } from "../negotiate.ts";
import { NDJSON, streamAnswer, textsOf } from "../stream_answer.ts";

const TAG = "graph";

const MERGE_QUERY = z.object({
  run: z.string().optional(),
  step: z.string().optional(),
});

const RETIRE = z.object({
  cloud: z.string(),
  account: z.string().optional(),
});

/** Adds the paths below `/graph`. */
export function addGraphRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/graph",
    tag: TAG,
    summary: "Names every graph",
    roles: ["metrics"],
    answer: { "application/json": z.array(z.string()) },
    handle: (context) => context.json(services.graphs()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}",
    tag: TAG,
    summary: "Gives the root of a graph",
    roles: [],
    answer: { "application/json": NODE },
    handle: async (context) =>
      context.json(await findNode(services, param(context, "graph"), "root")),
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/node/{id}",
    tag: TAG,
    summary: "Gives one node",
    roles: [],
    answer: { "application/json": NODE },
    handle: async (context) =>
      context.json(
        await findNode(services, param(context, "graph"), param(context, "id")),
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/model",
    tag: TAG,
    summary: "Lists every kind of the graph",
    roles: ["worker", "metrics"],
    answer: { "application/json": z.array(KIND) },
    handle: (context) =>
      context.json(services.graph(param(context, "graph")).kinds()),
  });
  addEndpoint(api, {
    method: "put",
    path: "/graph/{graph}/model",
    tag: TAG,
    summary: "Adds or replaces the kinds of a plugin",
    roles: ["worker"],
    body: MODEL_UPDATE,
    handle: async (context) => {
      const update = await readBody(context, MODEL_UPDATE);
      await services.graph(param(context, "graph")).updateModel(update);
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/merge",
    tag: TAG,
    summary: "Merges a stream of scopes, nodes and edges",
    roles: ["worker"],
    query: MERGE_QUERY,
    body: NDJSON,
    answer: { "application/json": MERGE_REPORT },
    handle: async (context) => {
      const { run, step } = readQuery(context, MERGE_QUERY);
      const report = await services.graph(param(context, "graph")).merge(
        context.req.raw.body ?? ReadableStream.from([]),
        {
          ...(run !== undefined && { run }),
          ...(step !== undefined && { step }),
          source: context.get("caller").subject,
          signal: context.req.raw.signal,
        },
      );
      return context.json(report);
    },
  });
  addEndpoint(api, {
    method: "patch",
    path: "/graph/{graph}/nodes",
    tag: TAG,
    summary: "Changes what people want and know of nodes",
    roles: [],
    body: NDJSON,
    answer: { "application/json": NODE_UPDATE_REPORT },
    handle: async (context) =>
      context.json(
        await services.graph(param(context, "graph")).patchNodes(
          context.req.raw.body ?? ReadableStream.from([]),
          context.req.raw.signal,
        ),
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/ledger",
    tag: TAG,
    summary: "Lists what was listed, when, and what could not be",
    roles: ["metrics"],
    answer: answerTypes("records", LEDGER_ENTRY),
    handle: (context) => {
      const graph = services.graph(param(context, "graph"));
      return streamAnswer(context, { shape: "records" }, () => ({
        texts: textsOf(graph.ledger()),
      }));
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/retire",
    tag: TAG,
    summary: "Removes what is gone: an account, or every one of a cloud",
    roles: [],
    body: RETIRE,
    answer: {
      "application/json": z.object({ nodes_deleted: z.int() }),
    },
    handle: async (context) => {
      const { cloud, account } = await readBody(context, RETIRE);
      const graph = services.graph(param(context, "graph"));
      return context.json({
        nodes_deleted: await graph.retire(cloud, account),
      });
    },
  });
}

async function findNode(services: Services, graph: string, id: string) {
  const node = await services.graph(graph).node(id);
  if (node !== undefined) return node;
  throw new SkymapError(
    "node_unknown",
    `Cannot find node "${id}" in graph "${graph}": no node has that id now`,
  );
}
