/**
 * Elements as text that nobody gave a form.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import type { Batches } from "./batch.ts";
import type { ElementFlow, TextFlow } from "./flow.ts";

/** A text as it is, anything else as JSON. */
function lineOf(value: Json, text: string): string {
  return typeof value === "string" ? value : text;
}

async function* lines(batches: Batches): AsyncGenerator<string> {
  for await (const batch of batches) {
    const { texts } = batch;
    if (texts.length === 0) continue;
    // Only what begins with a quote is a text.
    const isPlain = texts.some((text) => text.startsWith('"'));
    const shown = isPlain
      ? batch.values.map((value, at) => lineOf(value, texts[at] ?? ""))
      : texts;
    yield `${shown.join("\n")}\n`;
  }
}

/** One line an element: texts as they are, anything else as JSON. */
export function flowLines({ batches }: ElementFlow): TextFlow {
  return { type: "text", chunks: lines(batches) };
}
