/**
 * Answers that are streamed, in whatever form the caller wants.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Context } from "hono";
import type { CountsJson, CoverageJson } from "@skymap/lib/client";
import { type Problem, SkymapError } from "@skymap/lib/errors";
import type {
  AnswerShape,
  AnswerWriter,
} from "../cli/formats/answer_format.ts";
import { chooseFormat } from "./negotiate.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import { tellProblem } from "./middleware/problem.ts";
import type { Texts } from "../cli/core_services.ts";

/** Media type of JSON lines. */
export const NDJSON = "application/x-ndjson";

/** Characters that leave together, once the first record is out. */
const CHUNK_CHARS = 65_536;

/** Which form an answer has, before it is made. */
export interface AnswerForm {
  /** What kind of records it has. */
  readonly shape: AnswerShape;
  /** Name of the form; counts more than the header `Accept`. */
  readonly format?: string | undefined;
  /** For tables: paths of the columns. */
  readonly columns?: readonly string[] | undefined;
}

/** What an answer is made of. */
export interface Answer {
  /** Its records. */
  readonly texts: Texts;
  /** How complete it is. */
  readonly coverage?: CoverageJson;
  /** Counts its records, with its last limit and without it. */
  readonly counts?: () => Promise<CountsJson>;
}

/** Values as JSON texts. */
export async function* textsOf(
  values: AsyncIterable<unknown>,
): AsyncGenerator<readonly string[]> {
  for await (const value of values) yield [JSON.stringify(value)];
}

/** The texts again, after the first were made: so a wrong request fails whole. */
async function begin(texts: Texts): Promise<Texts> {
  const iterator = texts[Symbol.asyncIterator]();
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

/** One answer on its way. */
interface Writing {
  readonly texts: Texts;
  readonly writer: AnswerWriter;
  readonly tellsFailure: boolean;
  readonly coverage: CoverageJson | undefined;
  /** What is told when the answer cannot be finished. */
  readonly tell: (error: unknown) => Problem;
}

/** The text of an answer in pieces; the first record leaves at once. */
async function* pieces(
  { texts, writer, tellsFailure, coverage, tell }: Writing,
): AsyncGenerator<string> {
  let piece = writer.head();
  let atLeast = 0;
  try {
    for await (const some of texts) {
      for (const text of some) {
        piece += writer.record(text);
        if (piece.length <= atLeast) continue;
        yield piece;
        piece = "";
        atLeast = CHUNK_CHARS;
      }
      if (piece !== "") yield piece;
      piece = "";
    }
  } catch (error) {
    const problem = tell(error);
    yield piece + writer.failed(problem);
    if (tellsFailure) return;
    const cut = new Error(`The answer was cut: ${problem.code}`);
    // The server prints what a stream throws; where is known already.
    cut.stack = cut.message;
    throw cut;
  }
  yield piece + writer.end(coverage);
}

/** How long an answer is written before others have their turn. */
const TURN_MS = 5;

/** The bytes of an answer; the engine's rows come in thousands, all at once. */
export async function* bytesOf(
  pieces: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  // So the first piece leaves before the second is made.
  let since = -Infinity;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    yield typeof piece === "string"
      ? encoder.encode(piece)
      : new Uint8Array(piece);
    if (performance.now() - since < TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(() => resolve()));
    since = performance.now();
  }
}

/** `scopes=12; complete=11; stale=1; failed=1; oldest=2026-…; sequence=99` */
export function coverageHeader(coverage: CoverageJson): string {
  const { scopes, complete, stale, failed, gaps, oldest, sequence, at } =
    coverage;
  return [
    `scopes=${scopes}; complete=${complete}; stale=${stale}; failed=${failed}`,
    ...(gaps.length === 0 ? [] : [`gaps=${gaps.length}`]),
    ...(oldest === undefined ? [] : [`oldest=${oldest}`]),
    `sequence=${sequence}`,
    ...(at === undefined ? [] : [`at=${at}`]),
  ].join("; ");
}

/**
 * Streams an answer to the caller. It is asked for only when its form is known.
 *
 * @throws SkymapError `not_acceptable`, `body_invalid` for columns of no table,
 * or what making the first record threw.
 */
export async function streamAnswer(
  context: Context<ApiEnv>,
  { shape, format: name, columns }: AnswerForm,
  ask: () => Answer | Promise<Answer>,
): Promise<Response> {
  const accept = context.req.header("accept");
  const format = chooseFormat(shape, { accept, format: name });
  if (columns !== undefined && format.name !== "csv") {
    throw new SkymapError(
      "body_invalid",
      `Cannot answer with columns: the form is ${format.name}, wanted format=csv`,
    );
  }
  const { texts, coverage, counts } = await ask();
  // Not side by side: answers that hold their way to the index while they wait
  // for another one could wait for each other.
  const counted = await counts?.();
  const begun = await begin(texts);
  const writer = format.writer({
    shape,
    ...(columns !== undefined && { columns }),
  });
  const body = pieces({
    texts: begun,
    writer,
    tellsFailure: format.tellsFailure,
    coverage,
    tell: (error) => tellProblem(error, context),
  });
  return new Response(
    ReadableStream.from(bytesOf(body)),
    {
      headers: {
        "content-type": format.mediaType,
        vary: "accept",
        ...(coverage !== undefined && {
          "skymap-coverage": coverageHeader(coverage),
        }),
        ...(counted !== undefined && {
          "result-count": String(counted.result),
          "total-count": String(counted.total),
        }),
      },
    },
  );
}
