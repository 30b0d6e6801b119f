import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { LineWriter } from "./line_writer.ts";

Deno.test("LineWriter sends each line once and in order, whoever awaits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string(), fc.boolean())),
      fc.integer({ min: 1, max: 40 }),
      async (values, chunkChars) => {
        let text = "";
        const writer = new LineWriter(async (chunk) => {
          await Promise.resolve();
          text += new TextDecoder().decode(chunk);
        }, chunkChars);
        for (const [value, awaited] of values) {
          const written = writer.write(value);
          if (awaited) await written;
        }
        await writer.flush();
        const lines = values.map(([value]) => `${JSON.stringify(value)}\n`);
        strictEqual(text, lines.join(""));
      },
    ),
  );
});
