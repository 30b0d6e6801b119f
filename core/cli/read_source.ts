/**
 * A search that stands in a line as it is.
 *
 * @module
 */

import { parseQuery } from "../query/parse.ts";
import type { SourceText } from "../query/source_text.ts";
import type { SearchAt } from "../search/search_context.ts";
import { meaningOf } from "./environment.ts";
import type { LineContext } from "./line_context.ts";

/**
 * Reads a search of a line; its errors point into the line.
 *
 * @throws {SkymapError} `query_syntax` or `query_invalid`
 */
export function readSource(
  text: SourceText,
  { services, graph, environment, clock, timeZone }: LineContext,
): SearchAt {
  const nowMs = clock.now();
  const source = services.graph(graph).expand(text, { nowMs, timeZone });
  const { edgeType } = meaningOf(environment);
  return { query: parseQuery(source, [edgeType]), source, nowMs };
}
