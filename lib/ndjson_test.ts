import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { ndjsonStream, readLines, readNdjson } from "./ndjson.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

Deno.test("readNdjson() reads what ndjsonStream() wrote, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (values, sizes) => {
        async function* all() {
          for (const value of values) yield await Promise.resolve(value);
        }
        const bytes = new Uint8Array(
          await new Response(ndjsonStream(all())).arrayBuffer(),
        );
        const back = await Array.fromAsync(readNdjson(cut(bytes, sizes)));
        deepStrictEqual(
          JSON.parse(JSON.stringify(back)),
          JSON.parse(JSON.stringify(values)),
        );
      },
    ),
  );
});

Deno.test("readNdjson() names the line that is no JSON", async () => {
  const bytes = new TextEncoder().encode('{"a":1}\n{"a":\n');
  await rejects(Array.fromAsync(readNdjson(cut(bytes, [4]))), {
    code: "body_invalid",
    message: /line 2/,
  });
});

Deno.test("readLines() refuses a line that is too long", async () => {
  const bytes = new TextEncoder().encode("x".repeat(100));
  await rejects(Array.fromAsync(readLines(cut(bytes, [10]), 50)), {
    message: /longer than 50 bytes/,
  });
});

Deno.test("ndjsonStream() stops its source when it is cancelled", async () => {
  let stopped = false;
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve("x".repeat(1000));
    } finally {
      stopped = true;
    }
  }
  const reader = ndjsonStream(endless(), 1).getReader();
  await reader.read();
  await reader.cancel();
  strictEqual(stopped, true);
});
