/**
 * The command `write`.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { readFileName } from "../read_file_name.ts";
import type { Flow, TextFlow } from "../flow.ts";
import { flowLines } from "../flow_lines.ts";

/** Characters that leave together. */
const CHUNK_CHARS = 65_536;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  dot: "text/vnd.graphviz",
  graphml: "application/graphml+xml",
  html: "text/html",
  json: "application/json",
  jsonl: "application/x-ndjson",
  md: "text/markdown",
  ndjson: "application/x-ndjson",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
};

/** The bytes of a text, several pieces of it together. */
async function* bytes(
  chunks: AsyncIterable<string>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const chunk of chunks) {
    text += chunk;
    if (text.length < CHUNK_CHARS) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

function mediaTypeOf(name: string, { mediaType }: TextFlow): string {
  const [, ending = ""] = /\.(\w+)$/.exec(name.toLowerCase()) ?? [];
  return mediaType ??
    (Object.hasOwn(MEDIA_TYPES, ending) ? MEDIA_TYPES[ending] : undefined) ??
    "text/plain";
}

function textOf(input: Flow | undefined): TextFlow {
  if (input?.type === "text") return input;
  if (input?.type === "elements") return flowLines(input);
  throw new TypeError("Cannot write: no text and no elements came");
}

/** Makes a file of what comes. */
export const WRITE: Command = {
  name: "write",
  group: "format",
  brief: "Makes a file of what comes, for you to keep",
  description:
    "The shell keeps it where you are; over HTTP it is the answer, with its name. " +
    "What has no form yet is listed. It is written while it comes.",
  position: "flow",
  forms: [{
    brief: "Makes a file of what comes",
    parameters: [{
      name: "file",
      type: "text",
      isRequired: true,
      help: "Name of the file",
    }],
    prepare: (args) => {
      const name = readFileName(args, "file");
      return {
        output: "file",
        run: (input) => {
          const flow = textOf(input);
          return {
            type: "file",
            name,
            mediaType: mediaTypeOf(name, flow),
            chunks: bytes(flow.chunks),
          };
        },
      };
    },
  }],
  examples: [{
    line: "search is(volume) | format --ndjson | write volumes.ndjson",
    says: "Volumes as a file of JSON lines",
  }, {
    line:
      "search is(instance) | list --csv name, instance_type | write instances.csv",
    says: "Makes a table for a spreadsheet",
  }],
};
