/**
 * Answers that are streamed: a JSON array, or one JSON value a line.
 *
 * @module
 */

import type { Context } from "hono";
import type { CoverageJson } from "@skymap/lib/client";
import { ndjsonStream } from "@skymap/lib/ndjson";
import type { ApiEnv } from "./middleware/api_env.ts";
import { toProblem } from "./middleware/problem.ts";

/** Media type of JSON lines. */
export const NDJSON = "application/x-ndjson";

/** Whether the caller wants JSON lines; else it gets an array. */
function wantsLines(context: Context<ApiEnv>): boolean {
  const accept = context.req.header("accept") ?? "";
  return accept.includes("ndjson") || accept.includes("jsonl");
}

/** The values again, after the first was made: so a wrong request fails whole. */
async function begin<T>(
  values: AsyncIterable<T>,
): Promise<AsyncIterable<T>> {
  const iterator = values[Symbol.asyncIterator]();
  const first = await iterator.next();
  return {
    async *[Symbol.asyncIterator]() {
      try {
        if (first.done === true) return;
        yield first.value;
        for (;;) {
          const next = await iterator.next();
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    },
  };
}

/** The lines of an answer: values, then its coverage, or why it was cut. */
async function* lines(
  values: AsyncIterable<unknown>,
  coverage: CoverageJson | undefined,
  requestId: string,
): AsyncGenerator<unknown> {
  try {
    yield* values;
    if (coverage !== undefined) yield coverage;
  } catch (error) {
    yield { ...toProblem(error, requestId), type: "error" };
  }
}

/** The text of a JSON array; a failure breaks it off before its end. */
async function* arrayText(
  values: AsyncIterable<unknown>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "[";
  let first = true;
  for await (const value of values) {
    text += (first ? "\n" : ",\n") + JSON.stringify(value);
    first = false;
    if (text.length < 65_536) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(`${text}\n]\n`);
}

/** `scopes=12; stale=1; oldest=2026-01-01T00:00:00.000Z; sequence=99` */
function coverageHeader(coverage: CoverageJson): string {
  const { scopes, stale, oldest, sequence } = coverage;
  return `scopes=${scopes}; stale=${stale}` +
    (oldest === undefined ? "" : `; oldest=${oldest}`) +
    `; sequence=${sequence}`;
}

/** Streams values to the caller in the form it accepts. */
export async function streamAnswer(
  context: Context<ApiEnv>,
  values: AsyncIterable<unknown>,
  coverage?: CoverageJson,
): Promise<Response> {
  const begun = await begin(values);
  const asLines = wantsLines(context);
  const body = asLines
    ? ndjsonStream(lines(begun, coverage, context.get("requestId")))
    : ReadableStream.from(arrayText(begun));
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: {
      "content-type": asLines ? NDJSON : "application/json",
      ...(coverage !== undefined && {
        "skymap-coverage": coverageHeader(coverage),
      }),
    },
  });
}
