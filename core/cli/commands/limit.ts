/**
 * `limit`: a stretch of what comes.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { cutStage } from "../cut_stage.ts";

/** Passes on a stretch of what comes. */
export const LIMIT: Command = {
  name: "limit",
  group: "search",
  brief: "Passes on a stretch of what comes",
  description: "Works behind a search and behind any other command.",
  position: "flow",
  forms: [{
    brief: "Passes on a stretch of what comes",
    parameters: [{
      name: "numbers",
      type: "text",
      isRequired: true,
      isRest: true,
      help: "How many at most; or how many to leave out, a comma, and how many",
    }],
    prepare: (args) => {
      const match = /^(?:(\d{1,15})\s*,\s*)?(\d{1,15})$/.exec(
        args.must("numbers").trim(),
      );
      if (match === null) {
        throw args.fault(
          `"${args.must("numbers")}" is no stretch, wanted "10", or "5, 10" ` +
            "to leave out five",
          "numbers",
        );
      }
      const [, offset = "0", length = ""] = match;
      const limit = { offset: Number(offset), length: Number(length) };
      return cutStage({ type: "limit", limit }, limit);
    },
  }],
  examples: [{
    line: "search is(instance) | limit 2, 3",
    says: "Lists the third to the fifth instance",
  }, { line: "search is(volume) | limit 3", says: "Lists three volumes" }],
};
