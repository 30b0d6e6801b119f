import { nodeId } from "@skymap/lib/ids";
import type { CollectContext, ResourceRef } from "@skymap/lib/plugin";
import type { MergeMessage } from "@skymap/lib/plugin_host";
import demo from "../../plugins/demo/mod.ts";
import type { DemoConfig } from "../../plugins/demo/settings.ts";

/** Why a listing failed, as the plugin's process would tell it. */
function failureOf(error: unknown) {
  const { message, code = "Error", permission } = error as Error & {
    readonly code?: string;
    readonly permission?: string;
  };
  return { code, message, ...(permission !== undefined && { permission }) };
}

/** What the demo cloud sends when it is collected, without the end. */
export async function demoMessages(
  config: DemoConfig,
): Promise<MergeMessage[]> {
  const messages: MergeMessage[] = [];
  const { signal } = new AbortController();
  let scope = 0;
  const { accounts } = await demo.accounts({ config, signal });
  for (const account of accounts) {
    const context: CollectContext<DemoConfig> = {
      config,
      account,
      freshAccount: () => Promise.resolve(account),
      signal,
      scope: async ({ kind, region = "", regionName }, list) => {
        const number = ++scope;
        const key = { cloud: "demo", account: account.id, region, kind };
        const idOf = (ref: ResourceRef) =>
          nodeId({ ...key, ...ref, region: ref.region ?? region });
        const found: MergeMessage[] = [];
        const push = (message: MergeMessage) => {
          found.push(message);
          return Promise.resolve();
        };
        let error: unknown;
        await list({
          node: (node) => push({ type: "node", scope: number, ...node }),
          edge: ({ from, to, type, reported }) =>
            push({
              type: "edge",
              scope: number,
              from: idOf(from),
              to: idOf(to),
              ...(type !== undefined && { edge_type: type }),
              ...(reported !== undefined && { reported }),
            }),
          deferredEdge: () => Promise.resolve(),
          nodeId: idOf,
          usage: () => {},
        }).catch((thrown) => error = thrown);
        messages.push(
          {
            type: "scope",
            scope: number,
            state: "open",
            ...key,
            ...(account.name !== undefined && { account_name: account.name }),
            ...(regionName !== undefined && { region_name: regionName }),
          },
          ...found,
          error === undefined
            ? { type: "scope", scope: number, state: "complete" }
            : {
              type: "scope",
              scope: number,
              state: "failed",
              error: failureOf(error),
            },
        );
        return error === undefined ? "complete" : "failed";
      },
      progress: () => {},
      issue: () => {},
    };
    await demo.collect(context);
  }
  return messages;
}
