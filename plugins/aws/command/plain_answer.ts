import type { Json } from "@skymap/lib/plugin";

/** Bytes of an answer that are shown. */
const MAX_BYTES = 1_000_000;

/** Bytes that come one after the other, such as the object of a bucket. */
type Stream = AsyncIterable<Uint8Array>;

function isStream(value: object): value is Stream {
  return Symbol.asyncIterator in value;
}

function tooLong(): RangeError {
  return new RangeError(
    `Cannot show the answer: it holds more than ${MAX_BYTES} bytes, wanted ` +
      "fewer, such as by --range",
  );
}

/** All bytes of a stream; it is closed as soon as they are too many. */
async function readStream(stream: Stream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > MAX_BYTES) throw tooLong();
    parts.push(part);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function plain(value: unknown): Promise<Json | undefined> {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) {
    return value as Json | undefined;
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    if (value.length > MAX_BYTES) throw tooLong();
    return value.toBase64();
  }
  if (isStream(value)) return (await readStream(value)).toBase64();
  if (Array.isArray(value)) {
    const all: Json[] = [];
    for (const each of value) all.push(await plain(each) ?? null);
    return all;
  }
  const object: Record<string, Json> = {};
  for (const [name, each] of Object.entries(value)) {
    const inner = await plain(each);
    if (inner !== undefined) object[name] = inner;
  }
  return object;
}

/**
 * An answer of the SDK as JSON: times as ISO 8601, bytes as Base64, without what
 * the SDK says of the call itself.
 *
 * @throws {RangeError} If it holds more than a megabyte of bytes.
 */
export async function plainAnswer(
  answer: Readonly<Record<string, unknown>>,
): Promise<Json> {
  const { $metadata: _, ...rest } = answer;
  return await plain(rest) ?? {};
}
