/**
 * The command `env`.
 *
 * @module
 */

import type { Command } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { quoteWord } from "../words.ts";

async function* lines(
  { environment, graph, section }: LineContext,
): AsyncGenerator<string> {
  const variables = { graph, section, ...environment };
  yield Object.entries(variables)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) => `${name}=${quoteWord(value)}\n`)
    .join("");
}

/** Shows the variables of a line. */
export const ENV: Command = {
  name: "env",
  group: "flow",
  brief: "Shows the variables that a line runs with",
  description:
    "Variables stand in front of a line, as `section=desired search all`, or " +
    "come with the request.",
  position: "source",
  forms: [{
    brief: "Shows the variables that a line runs with",
    parameters: [],
    prepare: () => ({
      output: "text",
      run: (_input, context) => ({ type: "text", chunks: lines(context) }),
    }),
  }],
  examples: [{
    line: "section=metadata env",
    says: "The variables of this line",
  }, { line: "env", says: "The variables of lines that set none" }],
};
