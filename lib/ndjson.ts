/**
 * JSON lines as streams.
 *
 * @module
 */

import { messageOf, SkymapError } from "./errors.ts";

export { lineBatches } from "./line_batches.ts";

/** Bytes of one line at most, unless told otherwise: 64 MiB. */
export const MAX_LINE_BYTES: number = 64 * 1024 * 1024;

/** Splits a byte stream into lines without their end; the last may lack one. */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let size = 0;
  for await (const chunk of source) {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end === -1) break;
      const tail = text.slice(start, end);
      yield parts.length === 0 ? tail : parts.join("") + tail;
      parts = [];
      size = 0;
      start = end + 1;
    }
    const rest = text.slice(start);
    if (rest === "") continue;
    size += rest.length;
    if (size > maxBytes) {
      throw new SkymapError(
        "body_invalid",
        `Cannot read line: it is longer than ${maxBytes} bytes`,
      );
    }
    parts.push(rest);
  }
  const last = parts.join("") + decoder.decode();
  if (last !== "") yield last;
}

/** Reads one JSON value a line; empty lines are passed over. */
export async function* readNdjson<T>(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<T> {
  let number = 0;
  for await (const line of readLines(source)) {
    number++;
    if (line.trim() === "") continue;
    try {
      yield JSON.parse(line) as T;
    } catch (cause) {
      throw new SkymapError(
        "body_invalid",
        `Cannot read line ${number} as JSON: ${messageOf(cause)}`,
        { cause, details: { line: number } },
      );
    }
  }
}

/** Writes values as JSON lines, a chunk whenever `chunkChars` are together. */
export function ndjsonStream(
  values: AsyncIterable<unknown>,
  chunkChars = 65_536,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const iterator = values[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller): Promise<void> {
      let text = "";
      // The first value goes out at once: whoever waits sees that it began.
      do {
        const { done, value } = await iterator.next();
        if (done === true) {
          if (text !== "") controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        text += `${JSON.stringify(value)}\n`;
      } while (text.length < chunkChars);
      controller.enqueue(encoder.encode(text));
    },
    async cancel(): Promise<void> {
      await iterator.return?.();
    },
  });
}
