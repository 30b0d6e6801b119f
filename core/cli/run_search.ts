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

/** The texts as batches; how complete they are is told behind the last one. */
async function* batchesOf(
  texts: Texts,
  tell: (shown: number) => void,
): AsyncGenerator<Batch> {
  let shown = 0;
  let failed = false;
  try {
    for await (const some of texts) {
      shown += some.length;
      yield Batch.ofTexts(some);
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    if (!failed) tell(shown);
  }
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

/**
 * Answers a search. How complete the answer is becomes a note behind it.
 *
 * @param tell Is told how complete it is before the first element.
 * @throws {SkymapError} `answer_incomplete` before any element, if it has to be
 * complete.
 */
export async function runSearch(
  search: FusedSearch,
  context: LineContext,
  tell: (coverage: CoverageJson) => void,
): Promise<Flow> {
  const { services, environment, note } = context;
  const variables = meaningOf(environment);
  const graph = services.graph(context.graph);
  const { text, read } = search;
  const request: SearchRequest = {
    text,
    read,
    ...await answerRequest(search, context, graph),
  };
  if (search.form === "explain") return explainText(graph, request, false);
  const { coverage, texts, total } = search.history === undefined
    ? await askNodes(search, graph, request, {
      counts: search.counts || variables.counts,
      note,
    })
    : await askHistory(search, graph, request);
  if (search.requireComplete ?? variables.requireComplete) {
    requireComplete(coverage);
  }
  tell(coverage);
  const batches = batchesOf(texts, (shown) =>
    note({
      type: "coverage",
      coverage,
      // The lines of a count are no elements that were found.
      ...(search.form !== "count" && { shown }),
      ...(total !== undefined && { total }),
    }));
  return flowOf(search, batches, context);
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
