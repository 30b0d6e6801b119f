import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { parsePage } from "./_parse_page.ts";
import { answerMetrics, pageText } from "./answer_metrics.ts";
import type { MetricFamily } from "./family.ts";
import { MetricBlock } from "./metric_block.ts";

/** Texts with whatever must be escaped, and what looks like it. */
const TEXT = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\\", '"', "\n", "n", "\r", " ", "{", "}", ",", "=", "#"),
    fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }),
  ),
}).map((text) => text.toWellFormed());

const NAME = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/)
  .filter((name) => !name.endsWith("_total"));

const FAMILY: fc.Arbitrary<MetricFamily> = fc.record({
  name: NAME,
  help: TEXT,
  type: fc.constantFrom("gauge", "counter"),
  samples: fc.array(fc.record({
    labels: fc.dictionary(NAME, TEXT, { maxKeys: 4, noNullPrototype: true }),
    // Zero has no sign on a page.
    value: fc.double().map((value) => value === 0 ? 0 : value),
  })),
}).map(({ name, type, ...family }) => ({
  ...family,
  name: type === "counter" ? `${name}_total` : name,
  type: type as "gauge" | "counter",
}));

const FAMILIES = fc.uniqueArray(FAMILY, {
  selector: ({ name }) => name.replace(/_total$/, ""),
  maxLength: 5,
});

/** What a page should be read as. */
function readAs(family: MetricFamily) {
  const { name, help, type, samples } = family;
  return {
    name,
    help,
    type: type as string,
    samples: samples.map((sample) => ({ name, ...sample })),
  };
}

Deno.test("pageText() gives what is read as the same", async () => {
  await fc.assert(
    fc.asyncProperty(FAMILIES, async (families) => {
      const blocks = families.map((family) => new MetricBlock(family));
      const text = await pageText(blocks);
      if (families.length > 0) {
        deepStrictEqual(parsePage(text), families.map(readAs));
      }
      const open = await pageText(blocks, "openmetrics");
      const read = parsePage(open).map(({ unit: _, ...family }) => family);
      deepStrictEqual(
        read,
        families.map(readAs).map((family) => ({
          ...family,
          name: family.name.replace(/_total$/, ""),
        })),
      );
      strictEqual(open.endsWith("# EOF\n"), true);
    }),
  );
});

Deno.test("answerMetrics() packs what is unpacked to the same", async () => {
  await fc.assert(
    fc.asyncProperty(FAMILIES, async (families) => {
      const blocks = families.map((family) => new MetricBlock(family));
      const response = await answerMetrics(
        { method: "GET", headers: new Headers({ "accept-encoding": "gzip" }) },
        blocks,
      );
      const bytes = new Uint8Array(await response.arrayBuffer());
      strictEqual(gunzipSync(bytes).toString(), await pageText(blocks));
    }),
  );
});
