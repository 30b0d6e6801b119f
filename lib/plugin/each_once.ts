import type { JsonObject } from "../json.ts";
import { CallError } from "./call_error.ts";
import { isJsonObject, textOf } from "./json_value.ts";

/**
 * The items of a listing with their ids. While pages are read, things are made
 * and deleted, and one moves to the next page: what comes twice is given once.
 *
 * @throws {CallError} `answer_malformed` when an item has no id: such a listing
 * cannot be trusted.
 *
 * @example
 * ```ts
 * import { eachOnce } from "@skymap/lib/plugin";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const pages = [{ id: "a" }, { id: "b" }, { id: "a" }];
 * const ids: string[] = [];
 * for await (const [id] of eachOnce("GET /things", pages)) ids.push(id);
 * deepStrictEqual(ids, ["a", "b"]);
 * ```
 */
export async function* eachOnce(
  call: string,
  items: Iterable<unknown> | AsyncIterable<unknown>,
  readId: (value: unknown) => string | undefined = textOf,
): AsyncGenerator<[string, JsonObject]> {
  const seen = new Set<string>();
  for await (const item of items) {
    const id = isJsonObject(item) ? readId(item["id"]) : undefined;
    if (!isJsonObject(item) || id === undefined) {
      throw new CallError(call, {
        code: "answer_malformed",
        message: "an item has no id",
      });
    }
    if (seen.has(id)) continue;
    seen.add(id);
    yield [id, item];
  }
}
