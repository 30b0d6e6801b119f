/**
 * `structure`: the tree of a search.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { readSource } from "../read_source.ts";

/** Prints the tree of a search. */
export const STRUCTURE: Command = {
  name: "structure",
  group: "search",
  brief: "Prints the tree of a search as JSON",
  description: "Shows how a search was understood, before names are looked up.",
  position: "source",
  forms: [{
    brief: "Prints the tree of a search as JSON",
    parameters: [{
      name: "query",
      type: "search",
      isRequired: true,
      isRest: true,
      help: "The search",
    }],
    prepare: (args) => ({
      output: "text",
      run: (_input, context) => {
        const { query } = readSource(args.source("query"), context);
        return {
          type: "text",
          mediaType: "application/json",
          chunks: async function* () {
            yield await Promise.resolve(`${JSON.stringify(query, null, 2)}\n`);
          }(),
        };
      },
    }),
  }],
  examples: [{
    line: "structure is(instance) --> is(volume)",
    says: "Prints the tree of a search",
  }, {
    line: "structure is(volume) sort name limit 3",
    says: "Prints what order and limit a search has",
  }],
};
