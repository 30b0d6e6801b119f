import { deepStrictEqual, match, rejects } from "node:assert/strict";
import type { ActionContext } from "@skymap/lib/plugin";
import plugin, { type ProtectorConfig } from "./mod.ts";

Deno.test("protector protects the rest when one cannot be looked for", async () => {
  const searches: string[] = [];
  const kept: string[] = [];
  const ids = Array.from({ length: 1_200 }, (_, at) => `vpc-${at}`);
  const context = {
    config: plugin.config?.parse({
      enabled: true,
      resources: {
        aws: {
          "1": { r: { aws_vpcs: ["vpc-1"], aws_vpc: ids } },
        },
      },
    }),
    signal: new AbortController().signal,
    issue() {},
    graph: {
      async *search(text: string) {
        await Promise.resolve();
        if (text.startsWith("is(aws_vpcs)")) throw new Error("no such kind");
        searches.push(text);
        for (const [, id] of text.matchAll(/"(vpc-\d+)"/g)) {
          yield { id: `n-${id}`, reported: { id } };
        }
      },
      protect(some: readonly string[]) {
        kept.push(...some);
        const refused = some.filter((id) => id === "n-vpc-7")
          .map((id) => ({ id, reason: "there is no such node" }));
        return Promise.resolve({ changed: some.length, refused });
      },
    },
  };
  await rejects(
    async () =>
      await plugin.actions?.["post_collect"]?.(
        context as unknown as ActionContext<ProtectorConfig>,
      ),
    ({ message }: Error) => {
      match(message, /1 of aws_vpcs in 1, r: no such kind/);
      match(message, /n-vpc-7: there is no such node/);
      return true;
    },
  );
  deepStrictEqual(kept.length, 1_200);
  deepStrictEqual(searches.length, 3);
});
