/**
 * Searches over the history of a graph, and the names of its states.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { CoverageJson } from "@skymap/lib/client";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import type { AnswerShape } from "../../cli/formats/answer_format.ts";
import { requireComplete } from "../../cli/require_complete.ts";
import { answerTypes } from "../negotiate.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import {
  ANSWER_PARAMETERS,
  FORM_PARAMETERS,
  readAnswerRequest,
  readForm,
  readNames,
  readSearchText,
  SEARCH_PARAMETERS,
} from "../read_search.ts";
import { CHANGE, ROW, SNAPSHOT, TIMELINE_ROW } from "../schemas.ts";
import type { GraphService, HistoryRequest } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";
import { streamAnswer } from "../stream_answer.ts";

const TAG = "history";

const PARAMETERS = {
  ...SEARCH_PARAMETERS,
  format: FORM_PARAMETERS.format,
  require_complete: ANSWER_PARAMETERS.require_complete,
  after: z.string().optional().openapi({
    description: "From this time on: a time, a duration ago or a snapshot",
    example: "1d",
  }),
  before: z.string().optional().openapi({
    description: "Before this time",
  }),
  change: z.string().optional().openapi({
    description: "Kinds of changes, separated by commas or given repeatedly",
    example: "node_created,node_deleted",
  }),
  of: z.enum(["nodes", "edges", "all"]).optional().openapi({
    description: "What has changed; nodes unless changes are named",
  }),
};

const HISTORY_QUERY = z.strictObject(PARAMETERS);

const TIMELINE_QUERY = z.strictObject({
  ...PARAMETERS,
  granularity: z.string().default("1d").openapi({
    description: "Length of a stretch of time",
    example: "1h",
  }),
});

const NEW_SNAPSHOT = z.strictObject({
  label: z.string(),
  at: z.string().optional().openapi({
    description: "The state to name: a time, a duration ago or a snapshot",
  }),
});

async function readRequest(
  context: Context<ApiEnv>,
  graph: GraphService,
  query: z.infer<typeof HISTORY_QUERY>,
): Promise<HistoryRequest> {
  const { after, before, of } = query;
  const changes = (context.req.queries("change") ?? []).flatMap(readNames);
  const text = await readSearchText(context);
  return {
    text,
    ...await readAnswerRequest(context, graph, query),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(of !== undefined && { of }),
    ...(changes.length > 0 && { changes }),
  };
}

/** What an answer about changes rests on: the listings as they are now. */
async function readCoverage(
  graph: GraphService,
  request: HistoryRequest,
  { require_complete }: z.infer<typeof HISTORY_QUERY>,
): Promise<CoverageJson> {
  const coverage = await graph.historyCoverage(request);
  if (require_complete === "true") requireComplete(coverage);
  return coverage;
}

/** Adds the paths of history and snapshots. */
export function addHistoryRoutes(api: Api, services: Services): void {
  const forms: readonly (readonly [
    "list" | "aggregate",
    AnswerShape,
    string,
    z.ZodType,
  ])[] = [
    ["list", "records", "Lists changes, the oldest first", CHANGE],
    ["aggregate", "rows", "Groups and sums changes", ROW],
  ];
  for (const [form, shape, summary, record] of forms) {
    addEndpoint(api, {
      method: "post",
      path: `/graph/{graph}/search/history/${form}`,
      tag: TAG,
      summary,
      roles: ["metrics"],
      query: HISTORY_QUERY,
      body: "text/plain",
      answer: answerTypes(shape, record),
      handle: (context) => {
        const graph = services.graph(param(context, "graph"));
        const query = readQuery(context, HISTORY_QUERY);
        return streamAnswer(context, readForm(shape, query), async () => {
          const request = await readRequest(context, graph, query);
          const coverage = await readCoverage(graph, request, query);
          return { coverage, texts: graph.history(form, request) };
        });
      },
    });
  }
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/history/timeline",
    tag: TAG,
    summary: "Counts changes over time",
    roles: ["metrics"],
    query: TIMELINE_QUERY,
    body: "text/plain",
    answer: answerTypes("rows", TIMELINE_ROW),
    handle: (context) => {
      const graph = services.graph(param(context, "graph"));
      const query = readQuery(context, TIMELINE_QUERY);
      return streamAnswer(context, readForm("rows", query), async () => {
        const request = await readRequest(context, graph, query);
        const coverage = await readCoverage(graph, request, query);
        const { granularity } = query;
        return { coverage, texts: graph.timeline({ ...request, granularity }) };
      });
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/snapshots",
    tag: TAG,
    summary: "Lists the snapshots, the oldest state first",
    roles: [],
    answer: { "application/json": z.array(SNAPSHOT) },
    handle: async (context) => {
      const { snapshots } = services.graph(param(context, "graph"));
      return Response.json(await snapshots.list());
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/snapshots",
    tag: TAG,
    summary: "Names a state of the graph, so that it is kept",
    roles: [],
    body: NEW_SNAPSHOT,
    answer: { "application/json": SNAPSHOT },
    handle: async (context) => {
      const { snapshots } = services.graph(param(context, "graph"));
      const { label, at } = await readBody(context, NEW_SNAPSHOT);
      return Response.json(
        await snapshots.create(label, at, context.req.raw.signal),
      );
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/graph/{graph}/snapshots/{label}",
    tag: TAG,
    summary: "Forgets a snapshot",
    roles: [],
    handle: async (context) => {
      const { snapshots } = services.graph(param(context, "graph"));
      await snapshots.remove(param(context, "label"));
      return context.body(null, 204);
    },
  });
}
