import { deepStrictEqual, rejects } from "node:assert/strict";
import fc from "fast-check";
import { lineBatches } from "./line_batches.ts";

async function* chunks(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
  yield bytes.subarray(at);
}

async function linesOf(
  source: AsyncIterable<Uint8Array>,
  maxChars = 1_000,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of lineBatches(source, maxChars)) lines.push(...batch);
  return lines;
}

Deno.test("lineBatches() gives the same lines however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((s) => s.replace(/\n/g, "")))
        .map((lines) => [...lines, "end"]),
      fc.array(fc.nat(7)),
      async (lines, sizes) => {
        const bytes = new TextEncoder().encode(lines.join("\n"));
        deepStrictEqual(await linesOf(chunks(bytes, sizes)), lines);
      },
    ),
  );
});

Deno.test("lineBatches() refuses a line that is too long", async () => {
  const bytes = new TextEncoder().encode("x".repeat(200));
  await rejects(linesOf(chunks(bytes, [50, 50]), 120), RangeError);
  const ended = new TextEncoder().encode(`${"x".repeat(200)}\n`);
  await rejects(linesOf(chunks(ended, []), 120), RangeError);
});
