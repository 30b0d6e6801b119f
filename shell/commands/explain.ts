/**
 * `explain` and `structure`: how a search is understood and answered.
 *
 * @module
 */

import { type ExplainOperatorJson, unwrap } from "@skymap/lib/client";
import { type Command, wantSearch } from "./command.ts";
import { readLineFlags } from "./line_flags.ts";

const FLAGS = { analyze: "boolean", at: "text" } as const;

/** `  SEQ_SCAN: about 20 rows, 18 rows in 0.4 ms` */
function renderOperator(
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
    ...children.flatMap((child) => renderOperator(child, depth + 1)),
  ];
}

/** Tells how a search is answered. */
export const EXPLAIN: Command = {
  usage: "explain [--analyze] [--at TIME] QUERY",
  help: "Tells how a search is answered, and how well",
  run: async (rest, context) => {
    const { flags, rest: text } = readLineFlags("explain", rest, FLAGS);
    const { client, graph, section, signal, json, print, timeout } = context;
    const at = flags.at ?? context.at;
    const found = unwrap(
      await client.explain(graph, wantSearch("explain", text), {
        section,
        signal,
        analyze: flags.analyze ?? false,
        ...(at !== undefined && { at }),
        ...(timeout !== undefined && { timeout }),
      }),
    );
    if (json) return print(JSON.stringify(found));
    print(`search: ${found.search}`);
    print(`rating: ${found.rating}`);
    for (const reason of found.reasons) print(`  ${reason}`);
    print(found.ms === undefined ? "plan:" : `plan, run in ${found.ms} ms:`);
    for (const operator of found.plan) renderOperator(operator).forEach(print);
    print(`sql: ${found.sql}`);
    print(`parameters: ${JSON.stringify(found.parameters)}`);
  },
};

/** Prints the tree of a search. */
export const STRUCTURE: Command = {
  usage: "structure QUERY",
  help: "Prints the tree of a search as JSON",
  run: async (rest, { client, graph, json, print }) => {
    const tree = unwrap(
      await client.structure(graph, wantSearch("structure", rest)),
    );
    print(JSON.stringify(tree, null, json ? 0 : 2));
  },
};
