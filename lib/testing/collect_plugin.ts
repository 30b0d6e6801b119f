import { createCollectContext } from "../plugin/collect_context.ts";
import { collectedFaults } from "../plugin/collected_faults.ts";
import {
  type CollectedScope,
  CollectedScopes,
} from "../plugin/collected_scopes.ts";
import type { AccountList, PluginDefinition } from "../plugin/contract.ts";
import { manifestOf } from "../plugin/manifest.ts";
import type { IssueMessage } from "../plugin/messages.ts";
import { type Recording, replayFetch } from "../plugin/recording.ts";

/** What a plugin found. */
export interface CollectedPlugin {
  /** The accounts that it listed. */
  readonly accounts: AccountList;
  /** Scopes by `account/region/kind`. */
  readonly scopes: ReadonlyMap<string, CollectedScope>;
  /** What it told the operator. */
  readonly issues: readonly IssueMessage[];
  /** What core would refuse: values that do not fit their kinds, and the like. */
  readonly faults: readonly string[];
}

/** How a plugin is run. */
export interface CollectPluginOptions {
  /** Its configuration. Default: none. */
  readonly config?: unknown;
  /** Answers that its calls get in place of the network's. */
  readonly recording?: Recording;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Calls with a `fetch` that answers from a recording. */
async function withRecording<T>(
  recording: Recording | undefined,
  call: () => Promise<T>,
): Promise<T> {
  if (recording === undefined) return await call();
  const { fetch } = globalThis;
  globalThis.fetch = replayFetch(recording.answers);
  try {
    return await call();
  } finally {
    globalThis.fetch = fetch;
  }
}

/**
 * Runs a plugin in this process, as a worker would in one of its own: its
 * configuration is read, its accounts listed, and each of them collected.
 */
export function collectPlugin<Config>(
  plugin: PluginDefinition<Config>,
  options: CollectPluginOptions = {},
): Promise<CollectedPlugin> {
  const { signal = new AbortController().signal } = options;
  return withRecording(options.recording, async () => {
    const raw = options.config ?? {};
    const config = plugin.config?.parse(raw) ?? raw as Config;
    const manifest = manifestOf(plugin);
    const accounts = await plugin.accounts?.({ config, signal }) ??
      { accounts: [] };
    const collected = new CollectedScopes();
    for (const account of accounts.accounts) {
      collected.nextStream();
      await plugin.collect?.(createCollectContext({
        manifest,
        config,
        account,
        signal,
        sink: {
          write(message) {
            collected.add(message);
            return Promise.resolve();
          },
        },
      }));
    }
    const { scopes, issues } = collected;
    const faults = collectedFaults(manifest, [...scopes.values()]);
    return { accounts, scopes, issues, faults };
  });
}
