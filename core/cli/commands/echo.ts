/**
 * The command `echo`.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { unquote } from "../words.ts";

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Gives a text. */
export const ECHO: Command = {
  name: "echo",
  group: "flow",
  brief: "Gives a text",
  description: "For commands behind it each line of the text is an element.",
  position: "source",
  forms: [{
    brief: "Gives a text",
    parameters: [{
      name: "text",
      type: "text",
      isRest: true,
      help: "The text; quotes around all of it are taken off",
      default: "an empty line",
    }],
    prepare: (args) => {
      const text = unquote(args.get("text") ?? "");
      return {
        output: "text",
        run: () => ({ type: "text", chunks: once(`${text}\n`) }),
      };
    },
  }],
  examples: [{ line: "echo Today is @TODAY@", says: "A text with a date" }, {
    line: 'echo "one | two; three"',
    says: "A text with signs that separate commands",
  }],
};
