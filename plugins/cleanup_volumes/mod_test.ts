import { deepStrictEqual } from "node:assert/strict";
import type {
  ActionContext,
  GraphNode,
  GraphSearchOptions,
} from "@skymap/lib/plugin";
import plugin, { type VolumesConfig } from "./mod.ts";

const OLD = new Date(Date.now() - 30 * 86_400_000).toISOString();

function volume(id: string, ctime: string = OLD): GraphNode {
  return { id, reported: { id, ctime } };
}

/** Ids that are marked when the past holds these. */
async function marked(then: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  const context = {
    config: { enabled: true, min_age: "14 days" },
    issue() {},
    graph: {
      async *search(text: string, { at }: GraphSearchOptions = {}) {
        await Promise.resolve();
        if (text.includes("clean_reason")) return;
        if (at !== undefined) yield* then.map((id) => volume(id));
        else yield* [volume("a"), volume("b"), volume("c", Date())];
      },
      clean(some: readonly string[]) {
        ids.push(...some);
        return Promise.resolve({ changed: some.length, refused: [] });
      },
    },
  };
  await plugin.actions?.["cleanup_plan"]?.(
    context as unknown as ActionContext<VolumesConfig>,
  );
  return ids;
}

Deno.test("cleanup_volumes marks what hung on nothing all the time", async () => {
  deepStrictEqual(await marked(["a", "c", "gone"]), ["a"]);
  deepStrictEqual(await marked([]), []);
});
