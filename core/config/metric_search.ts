/**
 * Searches of metrics: what makes a metric of a search.
 *
 * @module
 */

import { labelProblem } from "@skymap/lib/metrics";
import type { Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { replacePlaceholders } from "../query/placeholders.ts";
import { QuerySyntaxError } from "../query/syntax_error.ts";
import { functionName, groupName } from "../search/compile_aggregate.ts";
import { callStarts } from "../search/template_expand.ts";

/** Why the answer to a search is no metric; undefined if it is one. */
export function metricQueryProblem({ aggregate }: Query): string | undefined {
  const { groups = [], functions = [] } = aggregate ?? {};
  const [value] = functions;
  if (value === undefined || functions.length !== 1) {
    return `gives ${
      functions.length === 0 ? "no" : functions.length
    } values, wanted one: aggregate(GROUPS: FUNCTION): SEARCH`;
  }
  if (functionName(value) === "group") {
    return 'calls its value "group", wanted another name: "… as name"';
  }
  const names = groups.map(groupName);
  const [problem] = names.flatMap((name, at) => {
    const which = names.indexOf(name) === at
      ? labelProblem(name)
      : 'is the name of two groups, wanted another one: "… as name"';
    return which === undefined ? [] : [`groups by "${name}", which ${which}`];
  });
  return problem;
}

/**
 * Why a text is no search of a metric, as far as the text tells: one that uses
 * templates is known only where they are.
 */
export function metricSearchProblem(search: string): string | undefined {
  try {
    if (callStarts(search).next().done !== true) return;
    return metricQueryProblem(
      parseQuery(replacePlaceholders(search, Date.now())),
    );
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return `is no search: ${error.message}`;
  }
}
