/**
 * `explain`: how a search is answered.
 *
 * @module
 */

import { printQuery } from "../../query/print.ts";
import type { Command } from "../command.ts";
import { meaningOf } from "../environment.ts";
import { explainText } from "../explain_text.ts";
import { readSource } from "../read_source.ts";

/** Tells how a search is answered, and how well. */
export const EXPLAIN: Command = {
  name: "explain",
  group: "search",
  brief: "Tells how a search is answered, and how well",
  description:
    `Shows the canonical form of a search, how much it asks of the index and why, the
plan of the engine and its statement. With \`--analyze\` it is run, to tell real rows
and times.`,
  position: "source",
  forms: [{
    brief: "Tells how a search is answered, and how well",
    parameters: [
      {
        name: "--analyze",
        help: "Runs the search, to tell real rows and times",
      },
      {
        name: "--at",
        type: "time",
        help: "Searches the past: a time, a duration ago or a snapshot",
      },
      {
        name: "query",
        type: "search",
        isRequired: true,
        isRest: true,
        help: "The search",
      },
    ],
    prepare: (args) => ({
      output: "text",
      run: async (_input, context) => {
        const { services, environment, signal, clock } = context;
        const graph = services.graph(context.graph);
        const read = readSource(args.source("query"), context);
        const variables = meaningOf(environment);
        const at = args.get("--at") ?? variables.at;
        const { section, timeoutMs } = variables;
        const request = {
          text: printQuery(read.query),
          read,
          section,
          signal,
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(at !== undefined &&
            await graph.pointInTime(at, signal, clock.now())),
        };
        return explainText(graph, request, args.has("--analyze"));
      },
    }),
  }],
  examples: [{
    line: "explain --analyze is(instance) and tags.owner = me",
    says: "Tells how a search is answered",
  }, {
    line: "explain is(volume) and volume_size > 100",
    says: "Tells how a search would be answered",
  }],
};
