/**
 * Searches over a graph.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param, readQuery } from "../endpoint.ts";
import type { AnswerShape } from "../../cli/formats/answer_format.ts";
import { requireComplete } from "../../cli/require_complete.ts";
import { answerTypes } from "../negotiate.ts";
import {
  ANSWER_PARAMETERS,
  readAnswerRequest,
  readForm,
  readSearchText,
  SEARCH_PARAMETERS,
  STATE_PARAMETERS,
} from "../read_search.ts";
import { AST, EDGE, EXPLAIN, NODE, ROW, SEARCH_KINDS } from "../schemas.ts";
import type { SearchForm } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";
import { streamAnswer } from "../stream_answer.ts";

const TAG = "search";

const ANSWER_QUERY = z.strictObject(ANSWER_PARAMETERS);

const EXPLAIN_QUERY = z.strictObject({
  ...STATE_PARAMETERS,
  analyze: z.enum(["true", "false"]).optional().openapi({
    description: "Runs the search, to tell real rows and times",
  }),
});

const KINDS_QUERY = z.strictObject({ section: SEARCH_PARAMETERS.section });

/** The ways a search is answered with records. */
const FORMS: readonly (readonly [
  form: SearchForm,
  shape: AnswerShape,
  summary: string,
  record: z.ZodType,
])[] = [
  ["list", "nodes", "Lists the nodes that match", NODE],
  [
    "graph",
    "graph",
    "Lists the nodes that match and the edges that were walked",
    z.union([NODE, EDGE]),
  ],
  ["aggregate", "rows", "Groups and sums the nodes that match", ROW],
];

/** Adds the paths below `/graph/{graph}/search`, but for those of history. */
export function addSearchRoutes(api: Api, services: Services): void {
  for (const [form, shape, summary, record] of FORMS) {
    addEndpoint(api, {
      method: "post",
      path: `/graph/{graph}/search/${form}`,
      tag: TAG,
      summary,
      roles: ["metrics"],
      query: ANSWER_QUERY,
      body: "text/plain",
      answer: answerTypes(shape, record),
      handle: (context) => {
        const graph = services.graph(param(context, "graph"));
        const query = readQuery(context, ANSWER_QUERY);
        return streamAnswer(context, readForm(shape, query), async () => {
          const text = await readSearchText(context);
          const request = {
            text,
            ...await readAnswerRequest(context, graph, query),
          };
          // First, so that it never claims more than the answer holds.
          const coverage = await graph.coverage(request);
          if (query.require_complete === "true") requireComplete(coverage);
          return {
            coverage,
            texts: graph.search(form, request),
            ...(query.count === "true" && {
              counts: () => graph.counts(request),
            }),
          };
        });
      },
    });
  }
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/explain",
    tag: TAG,
    summary: "Tells how a search is answered, and how well",
    roles: [],
    query: EXPLAIN_QUERY,
    body: "text/plain",
    answer: { "application/json": EXPLAIN },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const query = readQuery(context, EXPLAIN_QUERY);
      const text = await readSearchText(context);
      const request = await readAnswerRequest(context, graph, query);
      const analyze = query.analyze === "true";
      return Response.json(await graph.explain({ text, ...request, analyze }));
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/kinds",
    tag: TAG,
    summary: "Tells the kinds whose changes can change the answer",
    roles: ["metrics"],
    query: KINDS_QUERY,
    body: "text/plain",
    answer: { "application/json": SEARCH_KINDS },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const { section } = readQuery(context, KINDS_QUERY);
      const text = await readSearchText(context);
      return Response.json({
        kinds: graph.searchKinds({
          text,
          ...(section !== undefined && { section }),
        }),
      });
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/search/structure",
    tag: TAG,
    summary: "Gives the tree of a search",
    roles: [],
    body: "text/plain",
    answer: { "application/json": AST },
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      return Response.json(graph.structure(await readSearchText(context)));
    },
  });
}
