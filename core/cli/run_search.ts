/**
 * Answers the one search that leading commands became.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import { Batch, type Batches } from "./batch.ts";
import { countLines } from "./count_lines.ts";
import type {
  AnswerRequest,
  GraphService,
  HistoryRequest,
  SearchRequest,
  Texts,
} from "./core_services.ts";
import { meaningOf } from "./environment.ts";
import { explainText } from "./explain_text.ts";
import type { Flow } from "./flow.ts";
import type { FusedSearch } from "./fused_search.ts";
import type { LineContext } from "./line_context.ts";
import { requireComplete } from "./require_complete.ts";
import { sortRows } from "./sort_rows.ts";

/** How an answer is asked for. */
async function answerRequest(
  search: FusedSearch,
  { environment, signal, clock }: LineContext,
  graph: GraphService,
): Promise<AnswerRequest> {
  const variables = meaningOf(environment);
  const { timeoutMs = variables.timeoutMs } = search;
  const at = search.history === undefined
    ? search.at ?? variables.at
    : undefined;
  return {
    signal,
    section: variables.section,
    ...(timeoutMs !== undefined && { timeoutMs, since: performance.now() }),
    ...(at !== undefined && await graph.pointInTime(at, signal, clock.now())),
  };
}

async function* batchesOf(texts: Texts): AsyncGenerator<Batch> {
  for await (const some of texts) yield Batch.ofTexts(some);
}

/** The records of an answer, and how complete they are. */
interface Asked {
  readonly texts: Texts;
  readonly coverage: CoverageJson;
  readonly total?: number;
}

async function askHistory(
  search: FusedSearch,
  graph: GraphService,
  request: SearchRequest,
): Promise<Asked> {
  const { after, before, changes, of } = search.history ?? {};
  const asked: HistoryRequest = {
    ...request,
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(changes !== undefined && { changes }),
    ...(of !== undefined && { of }),
  };
  const form = search.form === "list" ? "list" : "aggregate";
  return {
    coverage: await graph.historyCoverage(asked),
    texts: graph.history(form, asked),
  };
}

/** More nodes than these are sorted only when somebody asks for an order. */
const MOST_SORTED = 100_000;

async function askNodes(
  search: FusedSearch,
  graph: GraphService,
  request: SearchRequest,
  { counts, note }: {
    readonly counts: boolean;
    readonly note: LineContext["note"];
  },
): Promise<Asked> {
  // First, so that it never claims more than the answer holds.
  const coverage = await graph.coverage(request);
  const unsorted = search.form === "list" ? search.unsorted : undefined;
  const { total = 0 } = counts || unsorted !== undefined
    ? await graph.counts(request)
    : {};
  const isLarge = unsorted !== undefined && total > MOST_SORTED;
  if (isLarge) {
    note({
      type: "message",
      level: "info",
      text: `${total} nodes come in no order; "sort" gives them one`,
    });
  }
  const form = search.form === "count" || search.form === "explain"
    ? "aggregate"
    : search.form;
  return {
    coverage,
    texts: graph.search(form, isLarge ? { ...request, ...unsorted } : request),
    ...(counts && { total }),
  };
}

/** The answer to a search. */
export interface SearchAnswer {
  /** Its elements, or text that tells how it is answered. */
  readonly flow: Flow;
  /** Whether it gives the nodes that were found, and not rows or edges. */
  readonly isOfNodes: boolean;
  /** How complete it is. Default: not an answer from the graph. */
  readonly coverage?: CoverageJson;
  /** Nodes that there are without the last limit, if they were counted. */
  readonly total?: number;
}

/**
 * Answers a search.
 *
 * @throws {SkymapError} `answer_incomplete` before any element, if it has to be
 * complete.
 */
export async function runSearch(
  search: FusedSearch,
  context: LineContext,
): Promise<SearchAnswer> {
  const { services, environment, note } = context;
  const variables = meaningOf(environment);
  const graph = services.graph(context.graph);
  const { text, read } = search;
  const request: SearchRequest = {
    text,
    read,
    ...await answerRequest(search, context, graph),
  };
  if (search.form === "explain") {
    const flow = explainText(graph, request, false);
    return { flow, isOfNodes: false };
  }
  const { coverage, texts, total } = search.history === undefined
    ? await askNodes(search, graph, request, {
      counts: search.counts || variables.counts,
      note,
    })
    : await askHistory(search, graph, request);
  if (search.requireComplete ?? variables.requireComplete) {
    requireComplete(coverage);
  }
  return {
    flow: flowOf(search, batchesOf(texts), context),
    isOfNodes: search.form === "list" && search.history === undefined,
    coverage,
    ...(total !== undefined && { total }),
  };
}

function flowOf(
  search: FusedSearch,
  batches: Batches,
  { note }: LineContext,
): Flow {
  const { form, history, read, rowOrder, properties } = search;
  switch (form) {
    case "count":
      return {
        type: "elements",
        shape: "records",
        isSummary: true,
        batches: countLines(batches),
      };
    case "aggregate":
      return {
        type: "elements",
        shape: "rows",
        batches: sortRows(batches, {
          aggregate: read.query.aggregate,
          keys: rowOrder,
          note,
        }),
      };
    default:
      return {
        type: "elements",
        shape: history !== undefined
          ? "records"
          : form === "graph"
          ? "graph"
          : "nodes",
        batches,
        properties,
      };
  }
}
