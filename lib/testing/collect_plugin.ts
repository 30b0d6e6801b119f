import { createCollectContext } from "../plugin/collect_context.ts";
import type { AccountList, PluginDefinition } from "../plugin/contract.ts";
import { manifestOf } from "../plugin/manifest.ts";
import type {
  EdgeMessage,
  Failure,
  IssueMessage,
  NodeMessage,
  ScopeKey,
} from "../plugin/messages.ts";

/** A scope as a plugin listed it. */
export interface CollectedScope extends ScopeKey {
  /** Its resources. */
  readonly nodes: readonly NodeMessage[];
  /** Its edges. */
  readonly edges: readonly EdgeMessage[];
  /** Why it failed; undefined when it is complete. */
  readonly error?: Failure;
}

/** What a plugin found. */
export interface CollectedPlugin {
  /** The accounts that it listed. */
  readonly accounts: AccountList;
  /** Scopes by `account/region/kind`. */
  readonly scopes: ReadonlyMap<string, CollectedScope>;
  /** What it told the operator. */
  readonly issues: readonly IssueMessage[];
}

/**
 * Runs a plugin in this process, as a worker would in one of its own: its
 * configuration is read, its accounts listed, and each of them collected.
 */
export async function collectPlugin<Config>(
  plugin: PluginDefinition<Config>,
  options: { readonly config?: unknown; readonly signal?: AbortSignal } = {},
): Promise<CollectedPlugin> {
  const { signal = new AbortController().signal } = options;
  const raw = options.config ?? {};
  const config = plugin.config?.parse(raw) ?? raw as Config;
  const accounts = await plugin.accounts?.({ config, signal }) ??
    { accounts: [] };
  const scopes = new Map<string, CollectedScope>();
  const issues: IssueMessage[] = [];
  for (const account of accounts.accounts) {
    const open = new Map<number, {
      key: ScopeKey;
      nodes: NodeMessage[];
      edges: EdgeMessage[];
    }>();
    await plugin.collect?.(createCollectContext({
      manifest: manifestOf(plugin),
      config,
      account,
      signal,
      sink: {
        write(message) {
          if (message.type === "issue") issues.push(message);
          if (!("scope" in message)) return Promise.resolve();
          const scope = open.get(message.scope);
          if (message.type === "node") scope?.nodes.push(message);
          if (message.type === "edge") scope?.edges.push(message);
          if (message.type !== "scope") return Promise.resolve();
          if (message.state === "open") {
            const { cloud, account, region, kind } = message;
            const key = { cloud, account, region, kind };
            open.set(message.scope, { key, nodes: [], edges: [] });
          } else if (scope !== undefined) {
            const { key: { account, region, kind } } = scope;
            scopes.set(`${account}/${region}/${kind}`, {
              ...scope.key,
              nodes: scope.nodes,
              edges: scope.edges,
              ...(message.state === "failed" && { error: message.error }),
            });
          }
          return Promise.resolve();
        },
      },
    }));
  }
  return { accounts, scopes, issues };
}
