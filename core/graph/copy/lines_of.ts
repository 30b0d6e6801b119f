import { isSkymapError } from "@skymap/lib/errors";
import { LineSplitter } from "../line_splitter.ts";
import { importFault } from "./check_line.ts";

/**
 * Bytes as lines without their ends; empty ones are left out.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const splitter = new LineSplitter();
  try {
    for await (const chunk of body) {
      for (const line of splitter.push(chunk)) {
        if (line !== "") yield line;
      }
    }
    const last = splitter.end();
    if (last !== undefined) yield last;
  } catch (error) {
    if (!isSkymapError(error, "merge_malformed")) throw error;
    throw importFault(error.message, error);
  }
}
