/**
 * A small cloud that a test merges scope by scope, without a worker.
 *
 * @module
 */

import { type CoreClient, unwrap } from "@skymap/lib/client";
import type { MergeMessage } from "@skymap/lib/plugin_host";

/** Kinds of what is in the cloud. */
export type ToyKind = "toy_instance" | "toy_volume";

const PLACE = { cloud: "toy", account: "1", region: "here" };

/** The kinds of the cloud, and its account and region. */
export async function addToyCloud(client: CoreClient): Promise<void> {
  unwrap(
    await client.putModel("main", {
      plugin: {
        name: "toy",
        version: "1.0.0",
        cloud: "toy",
        containers: { account: "toy_account", region: "toy_region" },
        kinds: [
          { name: "toy_account", bases: ["account"] },
          { name: "toy_region", bases: ["region"] },
          { name: "toy_instance", bases: ["instance"] },
          { name: "toy_volume", bases: ["volume"] },
        ],
      },
    }),
  );
}

/** Merges messages of one scope. */
async function mergeScope(
  client: CoreClient,
  kind: ToyKind,
  messages: readonly MergeMessage[],
): Promise<void> {
  const lines = [
    { type: "scope", scope: 1, state: "open", ...PLACE, kind },
    ...messages,
    { type: "end" },
  ].map((line) => `${JSON.stringify(line)}\n`).join("");
  const body = ReadableStream.from([new TextEncoder().encode(lines)]);
  unwrap(await client.merge("main", body, {}));
}

/** Lists all of a kind: those of before that are not named are deleted. */
export async function listToys(
  client: CoreClient,
  kind: ToyKind,
  nodes: Readonly<
    Record<string, Extract<MergeMessage, { type: "node" }>["reported"]>
  >,
): Promise<void> {
  await mergeScope(client, kind, [
    ...Object.entries(nodes).map(([id, reported]) => ({
      type: "node" as const,
      scope: 1,
      id,
      reported,
    })),
    { type: "scope", scope: 1, state: "complete" },
  ]);
}

/** Fails to list a kind: what was listed before stays. */
export async function failToListToys(
  client: CoreClient,
  kind: ToyKind,
): Promise<void> {
  await mergeScope(client, kind, [{
    type: "scope",
    scope: 1,
    state: "failed",
    error: { code: "AccessDenied", message: "no" },
  }]);
}
