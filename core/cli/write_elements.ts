/**
 * Elements written in a form, piece by piece.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json } from "@skymap/lib/json";
import type { Batch } from "./batch.ts";
import type { ElementFlow } from "./flow.ts";
import type { AnswerFormat } from "./formats/answer_format.ts";
import { NDJSON_FORMAT } from "./formats/ndjson.ts";

/** Whether a drawing can hold it. */
function isDrawn(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  return value["type"] === "edge"
    ? "from" in value && "to" in value
    : value["type"] === "node" && isObject(value["reported"]) &&
      isObject(value["ancestors"]) && Array.isArray(value["kinds"]);
}

function checkDrawn(batch: Batch, before: number, name: string): void {
  const at = batch.values.findIndex((value) => !isDrawn(value));
  if (at < 0) return;
  throw new SkymapError(
    "not_acceptable",
    `Cannot write ${name}: element ${
      before + at + 1
    } is no node and no edge, ` +
      "wanted those of a search",
  );
}

/** The text of elements in a form; its end is written when all have come. */
export async function* writeElements(
  { batches, shape }: ElementFlow,
  format: AnswerFormat,
): AsyncGenerator<string> {
  const writer = format.writer({ shape });
  const isChecked = !format.shapes.includes("records") &&
    shape !== "nodes" && shape !== "graph";
  let count = 0;
  const head = writer.head();
  if (head !== "") yield head;
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    if (isChecked) checkDrawn(batch, count, format.name);
    count += batch.length;
    if (format === NDJSON_FORMAT) {
      yield `${batch.texts.join("\n")}\n`;
      continue;
    }
    let text = "";
    for (const each of batch.texts) text += writer.record(each);
    yield text;
  }
  const end = writer.end(undefined);
  if (end !== "") yield end;
}
