import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { markNodes } from "./mark_nodes.ts";

Deno.test("markNodes() marks by reason, and tells what it could not", async () => {
  const cleaned: [readonly string[], string][] = [];
  const told: string[] = [];
  const marks = Array.from({ length: 1_201 }, (_, at) => ({
    node: { id: `n${at}`, reported: {} },
    reason: at % 2 === 0 ? "even" : "odd",
  }));
  const count = await markNodes({
    graph: {
      clean(ids: readonly string[], reason: string) {
        cleaned.push([ids, reason]);
        const refused = ids.filter((id) => id === "n7")
          .map((id) => ({ id, reason: "it is protected" }));
        return Promise.resolve({
          changed: ids.length - refused.length,
          refused,
        });
      },
    } as never,
    issue: (level, message) => void told.push(`${level}: ${message}`),
  }, marks);
  strictEqual(count, 1_200);
  deepStrictEqual(
    cleaned.map(([ids, reason]) => `${ids.length} ${reason}`).sort(),
    ["100 odd", "101 even", "500 even", "500 odd"],
  );
  deepStrictEqual(told, [
    "info: Marked 1200 resources to be cleaned up",
    "warning: Did not mark 1 resources; n7: it is protected",
  ]);
});
