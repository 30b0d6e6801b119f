/**
 * A collector over recorded answers: what it finds, how long it waits and what
 * it leaves unasked.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import type {
  AccountList,
  CallOptions,
  CollectorDefinition,
  JsonObject,
} from "@skymap/lib/plugin";
import { type CollectedPlugin, collectPlugin } from "@skymap/lib/testing";
import { collectedFaults } from "./check_collected.ts";
import { type Exchange, RecordedApi } from "./recorded_api.ts";

/** A collector, and how it is configured for a server. */
export interface Collector<C = unknown> {
  /** Makes it for other surroundings than a process of its own. */
  readonly make: (
    surroundings?: Pick<CallOptions, "sleep" | "timeoutMs">,
  ) => CollectorDefinition<C>;
  /** Its configuration, given the address of the server. */
  readonly config: (origin: string) => JsonObject;
}

/** What a run came to. */
export interface Trial {
  /** What was found. */
  readonly found: CollectedPlugin;
  /** Milliseconds of each pause, none of which was waited for. */
  readonly waits: readonly number[];
  /** What was recorded and never asked for. */
  readonly unused: readonly string[];
  /** What was asked, in order: method, path and query. */
  readonly requests: readonly string[];
  /** Where the server was. */
  readonly origin: string;
}

/** Runs a collector, which may find nothing that core would refuse. */
export async function tryCollector<C>(
  { make, config }: Collector<C>,
  exchanges: readonly Exchange[],
  more: JsonObject = {},
): Promise<Trial> {
  await using api = new RecordedApi(exchanges);
  const waits: number[] = [];
  const plugin = make({
    sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
  });
  const found = await collectPlugin(plugin, {
    config: { ...config(api.origin), ...more },
  });
  deepStrictEqual(collectedFaults(plugin, found), []);
  const { unused, requests, origin } = api;
  return { found, waits, unused, requests, origin };
}

/** The accounts that a collector lists. */
export async function accountsOf<C>(
  { make, config }: Collector<C>,
  { origin }: RecordedApi,
  more: JsonObject = {},
): Promise<AccountList> {
  const plugin = make();
  const parsed = plugin.config?.parse({ ...config(origin), ...more });
  ok(parsed);
  const { signal } = new AbortController();
  return await plugin.accounts({ config: parsed, signal });
}

/** Recorded answers, those of some requests replaced by others to the first. */
export function replaceAnswers(
  exchanges: readonly Exchange[],
  isReplaced: (exchange: Exchange) => boolean,
  responses: readonly Exchange["response"][],
): Exchange[] {
  const first = exchanges.find(isReplaced);
  ok(first, "what is replaced was recorded");
  return [
    ...exchanges.filter((exchange) => !isReplaced(exchange)),
    ...responses.map((response) => ({ request: first.request, response })),
  ];
}
