/**
 * Forms of requests: lines and the files that come with them.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** Bytes of a form at most: all of it is held in memory. */
const MAX_FORM_BYTES = 128 * 1_048_576;

function tooLarge(mostBytes: number): SkymapError {
  return new SkymapError(
    "body_invalid",
    `Cannot read the files of the line: they have more than ${mostBytes} ` +
      "bytes, wanted so large a file as the body of " +
      "POST /graph/{graph}/import or POST /system/restore",
  );
}

/**
 * Reads a form.
 *
 * @throws {SkymapError} `body_invalid`, also as soon as it is larger than
 * `mostBytes`. Default: 128 MiB.
 */
export async function readForm(
  request: Request,
  mostBytes: number = MAX_FORM_BYTES,
): Promise<FormData> {
  const { headers, body } = request;
  if (Number(headers.get("content-length")) > mostBytes) {
    throw tooLarge(mostBytes);
  }
  let bytes = 0;
  const counted = body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw tooLarge(mostBytes);
        controller.enqueue(chunk);
      },
    }),
  );
  const type = headers.get("content-type") ?? "";
  try {
    return await new Response(counted ?? null, {
      headers: { "content-type": type },
    }).formData();
  } catch (cause) {
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    throw new SkymapError(
      "body_invalid",
      "Cannot read the body: it is no multipart/form-data",
      { cause },
    );
  }
}
