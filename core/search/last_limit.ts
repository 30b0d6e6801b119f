/**
 * A search without the limit that cuts its answer.
 *
 * @module
 */

import type { Query } from "../query/ast.ts";

/** The search without the limit of its last part; itself if there is none. */
export function withoutLastLimit(query: Query): Query {
  const last = query.parts.at(-1);
  if (last?.limit === undefined || last.navigation !== undefined) return query;
  const { limit: _, ...part } = last;
  return { ...query, parts: [...query.parts.slice(0, -1), part] };
}
