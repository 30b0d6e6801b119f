/**
 * How a search is answered, for people.
 *
 * @module
 */

import type { ExplainOperatorJson } from "@skymap/lib/client";
import type { GraphService, SearchRequest } from "./core_services.ts";
import type { TextFlow } from "./flow.ts";

/** `  SEQ_SCAN: about 20 rows, 18 rows in 0.4 ms` */
function operatorLines(
  { name, estimated_rows, rows, ms, children }: ExplainOperatorJson,
  depth = 1,
): readonly string[] {
  const facts = [
    ...(estimated_rows === undefined ? [] : [`about ${estimated_rows} rows`]),
    ...(rows === undefined ? [] : [`${rows} rows in ${ms ?? 0} ms`]),
  ];
  const line = "  ".repeat(depth) + name +
    (facts.length === 0 ? "" : `: ${facts.join(", ")}`);
  return [
    line,
    ...children.flatMap((child) => operatorLines(child, depth + 1)),
  ];
}

async function* text(
  graph: GraphService,
  request: SearchRequest,
  analyze: boolean,
): AsyncGenerator<string> {
  const found = await graph.explain({ ...request, analyze });
  const lines = [
    `search: ${found.search}`,
    `rating: ${found.rating}`,
    ...found.reasons.map((reason) => `  ${reason}`),
    found.ms === undefined ? "plan:" : `plan, run in ${found.ms} ms:`,
    ...found.plan.flatMap((operator) => operatorLines(operator)),
    `sql: ${found.sql}`,
    `parameters: ${JSON.stringify(found.parameters)}`,
  ];
  yield `${lines.join("\n")}\n`;
}

/** Tells how a search is answered; with `analyze` it is run. */
export function explainText(
  graph: GraphService,
  request: SearchRequest,
  analyze: boolean,
): TextFlow {
  return { type: "text", chunks: text(graph, request, analyze) };
}
