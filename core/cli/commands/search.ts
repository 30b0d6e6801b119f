/**
 * `search`: asks for nodes.
 *
 * @module
 */

import type { Arguments } from "../arguments.ts";
import type { Command, Parameter, Stage } from "../command.ts";
import type { AskedFor, SearchNodes } from "../search_step.ts";
import { isTimeout, TIMEOUTS } from "../environment.ts";
import { fusedOnly } from "../fused_only.ts";

/** Options of every search. */
export const ASK_OPTIONS: readonly Parameter[] = [
  {
    name: "--timeout",
    type: "duration",
    help: "Stops the search after this time",
  },
  {
    name: "--require-complete",
    help: "Fails when the answer is not complete",
  },
];

/** What the options of every search say. */
export function askedFor(args: Arguments): AskedFor {
  const timeoutMs = args.duration("--timeout");
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    throw args.fault(
      `it is "${args.get("--timeout")}", wanted ${TIMEOUTS}`,
      "--timeout",
    );
  }
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(args.has("--require-complete") && { requireComplete: true }),
  };
}

function prepare(args: Arguments): Stage {
  const at = args.get("--at");
  const search: SearchNodes = {
    type: "search",
    source: args.source("query"),
    ...askedFor(args),
    ...(args.has("--with-edges") && { withEdges: true }),
    ...(args.has("--explain") && { explain: true }),
    ...(args.has("--count") && { counts: true }),
    ...(at !== undefined && { at }),
  };
  return fusedOnly(
    { output: args.has("--explain") ? "text" : "elements", search },
    "it asks the graph and works on no stream, wanted it among the first commands of the line",
  );
}

/** Asks for nodes, or for rows of an `aggregate(…)`. */
export const SEARCH: Command = {
  name: "search",
  aliases: ["match", "query"],
  group: "search",
  brief: "Asks the graph for nodes",
  description:
    `What a search can say stands in \`docs/search.md\`. Behind another search
it narrows what that found. \`search\`, \`sort\`, \`limit\`, \`head\`, \`tail\`,
\`count\`, \`aggregate\` and the four navigations at the start of a line become one
search.

Without an order of its own an answer is sorted by kind, name and id.

\`--with-edges\` draws the way: it gives what each part found, also where that led
no further, and the edges that were walked. A limit cuts its own part alone.`,
  position: "either",
  forms: [{
    brief: "Asks the graph for nodes",
    parameters: [
      {
        name: "--with-edges",
        help:
          "Gives the nodes of every part of the search and the edges walked too",
      },
      {
        name: "--explain",
        help: "Tells how the search is answered, in place of the answer",
      },
      {
        name: "--at",
        type: "time",
        help: "Searches the past: a time, a duration ago or a snapshot",
      },
      {
        name: "--count",
        help: "Counts what there is without the last limit",
      },
      ...ASK_OPTIONS,
      {
        name: "query",
        type: "search",
        isRequired: true,
        isRest: true,
        help: "The search",
      },
    ],
    prepare,
  }],
  examples: [
    { line: "search is(instance)", says: "Lists every instance" },
    {
      line: "search is(volume) and volume_size > 100 | sort volume_size desc",
      says: "Lists large volumes, the largest first",
    },
    {
      line: "search --with-edges is(instance) --> is(volume) | format --dot",
      says: "Draws instances and their volumes",
    },
    {
      line: "search --explain is(instance) limit 5",
      says: "Tells how a search is answered",
    },
  ],
};
