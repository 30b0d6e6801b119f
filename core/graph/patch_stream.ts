/**
 * Streams of patches of nodes, one a line.
 *
 * @module
 */

import type { NodePatch, NodeUpdateReport } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { checkPatch, MAX_SECTION_CHARS } from "./check_patch.ts";
import { LineSplitter } from "./line_splitter.ts";
import { type NodeUpdates, UpdateCounter } from "./update_nodes.ts";

/** Patches that are applied at once. */
const BATCH = 1_000;

/** Characters of a line at most: two sections, however they are escaped. */
const MAX_LINE = 16 * MAX_SECTION_CHARS;

function readPatch(line: string, number: number): NodePatch {
  try {
    return checkPatch(JSON.parse(line));
  } catch (error) {
    throw new SkymapError(
      "body_invalid",
      `Cannot read line ${number} of the patches: ${
        isSkymapError(error)
          ? error.message
          : `it is not JSON (${messageOf(error)})`
      }`,
      { cause: error, details: { line: number } },
    );
  }
}

/**
 * Applies a stream of patches, a thousand at a time. Those before a line that
 * cannot be read are applied; the details of the error hold the report of them.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function patchStream(
  body: AsyncIterable<Uint8Array>,
  update: (patches: readonly NodePatch[]) => Promise<NodeUpdates>,
): Promise<NodeUpdateReport> {
  const counter = new UpdateCounter();
  const splitter = new LineSplitter(MAX_LINE);
  let patches: NodePatch[] = [];
  const flush = async (): Promise<void> => {
    const some = patches;
    patches = [];
    if (some.length > 0) counter.add(await update(some));
  };
  const take = async (line: string, number: number): Promise<void> => {
    if (line.trim() === "") return;
    patches.push(readPatch(line, number));
    if (patches.length >= BATCH) await flush();
  };
  try {
    try {
      for await (const chunk of body) {
        const before = splitter.lines;
        for (const [at, line] of splitter.push(chunk).entries()) {
          await take(line, before + at + 1);
        }
      }
      const last = splitter.end();
      if (last !== undefined) await take(last, splitter.lines);
    } finally {
      await flush();
    }
  } catch (error) {
    if (!isSkymapError(error)) throw error;
    const isLine = error.code === "merge_malformed";
    throw new SkymapError(isLine ? "body_invalid" : error.code, error.message, {
      cause: error.cause,
      details: { ...error.details, report: counter.report() },
    });
  }
  return counter.report();
}
