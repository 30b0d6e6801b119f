import {
  type ActivePluginJson,
  type CoverageJson,
  type PluginClient,
  unwrap,
} from "@skymap/lib/client";
import { logger } from "@skymap/lib/log";
import type { JsonObject } from "@skymap/lib/json";
import type { AccountLists } from "./account_lists.ts";
import type { PluginAnswers } from "./plugin/ask_desk.ts";
import { plainLine } from "./plugin/plain_text.ts";

/** What plugins are answered with. */
export interface PluginAnswersOptions {
  /** The accounts of every plugin. */
  readonly lists: AccountLists;
  /** Searches and changes graphs. */
  readonly client: Pick<PluginClient, "search" | "mark" | "tag">;
  /** The graph that this worker collects into, as of now. */
  readonly graph: () => string;
}

/** Characters of a reason at most, as core takes it. */
const MAX_REASON = 900;

const log = logger("worker/plugin");

/** What is done for a plugin that asks, by its name and with its accounts. */
export function pluginAnswers(
  plugin: ActivePluginJson,
  { lists, client, graph }: PluginAnswersOptions,
): PluginAnswers {
  const { name } = plugin;
  return {
    account: (id, signal) => lists.account(plugin, id, signal),
    async *search(ask, signal): AsyncGenerator<JsonObject> {
      const { text, complete, at } = ask;
      const records = client.search(graph(), name, text, {
        requireComplete: complete,
        ...(at !== undefined && { at }),
        signal,
      });
      for await (const found of records) {
        if (found.type !== "coverage") yield found as JsonObject;
        else tellGaps(name, found as CoverageJson);
      }
    },
    async mark(ask, signal) {
      const { what: mark, ids } = ask;
      const marks = mark === "clean"
        ? { mark, ids, reason: plainLine(ask.reason, MAX_REASON) }
        : { mark, ids };
      return unwrap(await client.mark(graph(), name, marks, signal));
    },
    async tag(tags, signal) {
      return unwrap(await client.tag(graph(), name, tags, signal));
    },
  };
}

/** Says when a plugin went by what is not up to date. */
function tellGaps(plugin: string, coverage: CoverageJson): void {
  const { scopes, stale, failed } = coverage;
  if (stale === 0 && failed === 0) return;
  log.warn(
    "Plugin {plugin} searched what is not up to date: of {scopes} scopes " +
      "{stale} are stale, {failed} of them failed",
    { plugin, scopes, stale, failed },
  );
}
