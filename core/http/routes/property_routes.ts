/**
 * What properties there are, and which values they have.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { addEndpoint, type Api, param, readQuery } from "../endpoint.ts";
import { answerTypes } from "../negotiate.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import {
  FORM_PARAMETERS,
  readAnswerRequest,
  readForm,
  readNames,
  readSearchText,
  STATE_PARAMETERS,
} from "../read_search.ts";
import { ATTRIBUTE, PATH_COMPLETION, VALUE } from "../schemas.ts";
import type { GraphService, PropertyRequest } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";
import { streamAnswer } from "../stream_answer.ts";

const TAG = "property";

const PARAMETERS = {
  ...STATE_PARAMETERS,
  kinds: z.string().optional().openapi({
    description: "Only nodes of these kinds",
    example: "instance,volume",
  }),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  skip: z.coerce.number().int().min(0).max(10_000_000).default(0),
};

const PROPERTY_QUERY = z.strictObject({
  ...PARAMETERS,
  format: FORM_PARAMETERS.format,
  prop: z.string().min(1).openapi({
    description: "A property, alone or compared with what is wanted",
    example: 'tags =~ "^own"',
  }),
});

const PATH_QUERY = z.strictObject({
  ...PARAMETERS,
  prop: z.string().default("").openapi({
    description: "The beginning of a path",
    example: "tags.ow",
  }),
});

async function readRequest(
  context: Context<ApiEnv>,
  graph: GraphService,
  query: z.infer<typeof PATH_QUERY>,
): Promise<PropertyRequest> {
  const text = await readSearchText(context);
  const { prop, kinds, limit, skip } = query;
  return {
    ...await readAnswerRequest(context, graph, query),
    property: prop,
    ...(text.trim() !== "" && { text }),
    kinds: readNames(kinds),
    page: { limit, skip },
  };
}

/** Adds the paths below `/graph/{graph}/property`. */
export function addPropertyRoutes(api: Api, services: Services): void {
  const streams = [
    ["attributes", "Counts the keys of an object", ATTRIBUTE],
    ["values", "Counts the values of a property", VALUE],
  ] as const;
  for (const [name, summary, record] of streams) {
    addEndpoint(api, {
      method: "post",
      path: `/graph/{graph}/property/${name}`,
      tag: TAG,
      summary: `${summary}, the most frequent first`,
      roles: [],
      query: PROPERTY_QUERY,
      body: "text/plain",
      answer: answerTypes("records", record),
      handle: (context) => {
        const graph = services.graph(param(context, "graph"));
        const query = readQuery(context, PROPERTY_QUERY);
        return streamAnswer(context, readForm("records", query), async () => ({
          texts: graph[name](await readRequest(context, graph, query)),
        }));
      },
    });
  }
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/property/path/complete",
    tag: TAG,
    summary: "Tells how the path of a property may go on",
    roles: [],
    query: PATH_QUERY,
    body: "text/plain",
    answer: { "application/json": z.array(PATH_COMPLETION) },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const query = readQuery(context, PATH_QUERY);
      const request = await readRequest(context, graph, query);
      return Response.json(await graph.completePath(request));
    },
  });
}
