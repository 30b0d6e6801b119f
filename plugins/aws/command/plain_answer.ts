import type { Json } from "@skymap/lib/plugin";

/** Bytes of an answer that are shown. */
const MAX_BYTES = 1_000_000;

function isStream(
  value: object,
): value is { transformToByteArray(): Promise<Uint8Array> } {
  return "transformToByteArray" in value &&
    typeof value.transformToByteArray === "function";
}

async function plain(value: unknown): Promise<Json | undefined> {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) {
    return value as Json | undefined;
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    if (value.length > MAX_BYTES) {
      throw new RangeError(
        `the answer has ${value.length} bytes, wanted at most ${MAX_BYTES}`,
      );
    }
    return value.toBase64();
  }
  // What a stream holds, such as the object of a bucket.
  if (isStream(value)) return await plain(await value.transformToByteArray());
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
