/**
 * Graphs for tests.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import type { MergeMessage } from "@skymap/lib/plugin_host";

/** A made-up cloud's kinds. */
export const TOY_MODEL: ModelUpdate = {
  plugin: {
    name: "toy",
    version: "1.0.0",
    cloud: "toy",
    containers: { account: "toy_account", region: "toy_region" },
    kinds: [
      { name: "toy_account", bases: ["account"] },
      { name: "toy_region", bases: ["region"] },
      {
        name: "toy_box",
        bases: ["instance"],
        properties: {
          size: { kind: "int64" },
          born: { kind: "datetime" },
          parts: { kind: "toy_part[]" },
          free: { kind: "any" },
        },
      },
      {
        name: "toy_part",
        properties: { slot: { kind: "int64" }, label: { kind: "string" } },
      },
      {
        name: "toy_disk",
        bases: ["volume"],
        properties: {
          size: { kind: "int64" },
          seen: { kind: "int64", ignoreHistory: true },
        },
      },
    ],
  },
};

/** Id of a node of the made-up cloud. */
export function toyId(
  kind: string,
  id: string,
  account = "a1",
  region = "",
): string {
  return nodeId({ cloud: "toy", account, region, kind, id });
}

/** Messages as the bytes of a merge stream, in chunks of some bytes. */
export async function* toBody(
  messages: Iterable<MergeMessage | string>,
  chunkBytes = 10_000,
): AsyncGenerator<Uint8Array> {
  const text =
    [...messages].map((message) =>
      typeof message === "string" ? message : JSON.stringify(message)
    ).join("\n") + "\n";
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
}
