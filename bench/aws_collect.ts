/**
 * A process that collects one account of AWS and keeps nothing of it.
 *
 * `aws_collect.ts ENDPOINT KIND…` prints how many nodes and failed scopes there
 * were, how long it took and how much memory, as JSON.
 *
 * @module
 */

import { createCollectContext, manifestOf } from "@skymap/lib/plugin_host";
import plugin from "../plugins/aws/mod.ts";

/** What a collect gave and took. */
export interface Collected {
  /** Nodes by kind. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Scopes that could not be listed, with the reason. */
  readonly failed: readonly string[];
  /** Seconds, the start of the process not included. */
  readonly seconds: number;
}

/** Collects with keys that any fake AWS takes. */
export async function collectAccount(
  endpoint: string,
  kinds: readonly string[],
): Promise<Collected> {
  const config = plugin.config?.parse({
    access_key_id: "bench",
    secret_access_key: "bench",
    region: ["us-east-1"],
    endpoint,
    collect: [...kinds],
    // A call for each instance, which the rival does not make.
    collect_instance_user_data: false,
  });
  if (config === undefined) throw new TypeError("No configuration");
  const { signal } = new AbortController();
  const { accounts } = await plugin.accounts({ config, signal });
  const [account] = accounts;
  if (account === undefined) throw new TypeError("No account");
  const nodes: Record<string, number> = {};
  const failed: string[] = [];
  const names = new Map<number, string>();
  const startedAt = performance.now();
  await plugin.collect(createCollectContext({
    manifest: manifestOf(plugin),
    config,
    account,
    signal,
    sink: {
      write(message) {
        if (message.type === "scope" && message.state === "open") {
          names.set(message.scope, message.kind);
        } else if (message.type === "scope" && message.state === "failed") {
          failed.push(`${names.get(message.scope)}: ${message.error.message}`);
        } else if (message.type === "node") {
          const kind = names.get(message.scope) ?? "";
          nodes[kind] = (nodes[kind] ?? 0) + 1;
        }
        return Promise.resolve();
      },
    },
  }));
  return { nodes, failed, seconds: (performance.now() - startedAt) / 1_000 };
}

if (import.meta.main) {
  const [endpoint = "", ...kinds] = Deno.args;
  const collected = await collectAccount(endpoint, kinds);
  Deno.stdout.writeSync(
    new TextEncoder().encode(`${JSON.stringify(collected)}\n`),
  );
  Deno.exit(0);
}
