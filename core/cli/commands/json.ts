/**
 * The command `json`.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { Batch, type Batches } from "../batch.ts";
import type { Command } from "../command.ts";
import { splitArray } from "../split_array.ts";
import { unquote } from "../words.ts";

async function* once(texts: readonly string[]): Batches {
  if (texts.length > 0) yield Batch.ofTexts(texts);
}

/** The text on one line, as elements are. */
function oneLine(text: string): string {
  return /[\n\r]/.test(text) ? JSON.stringify(JSON.parse(text)) : text;
}

/** Gives values. */
export const JSON_COMMAND: Command = {
  name: "json",
  group: "flow",
  brief: "Gives values that are written as JSON",
  description: "Each element of an array is an element of its own.",
  position: "source",
  forms: [{
    brief: "Gives values that are written as JSON",
    parameters: [{
      name: "value",
      type: "text",
      isRequired: true,
      isRest: true,
      help: "JSON: an array for several values",
    }],
    prepare: (args) => {
      const written = args.must("value");
      // What stands in double quotes may be a text of JSON as well.
      const text = /^\s*'/.test(written) ? unquote(written) : written;
      try {
        JSON.parse(text);
      } catch (error) {
        throw args.fault(`${messageOf(error)}, wanted JSON`, "value");
      }
      return {
        output: "elements",
        run: () => ({
          type: "elements",
          shape: "records",
          batches: once(splitArray(oneLine(text.trim()))),
        }),
      };
    },
  }],
  examples: [{
    line: 'json [{"name": "a"}, {"name": "b"}] | jq .name',
    says: "Names of two values",
  }, {
    line: 'json {"name": "Ada"} | format "Hello {name}"',
    says: "Puts a value into a text",
  }],
};
