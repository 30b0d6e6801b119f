import { deepStrictEqual } from "node:assert/strict";
import type { FoundEdge } from "./contract.ts";
import { uses } from "./uses.ts";

Deno.test("uses() says who uses what, and what is deleted first", async () => {
  const edges: FoundEdge[] = [];
  const edge = (found: FoundEdge) => {
    edges.push(found);
    return Promise.resolve();
  };
  const [server, disk] = [{ kind: "s", id: "1" }, { kind: "d", id: "2" }];
  await uses({ edge }, server, disk);
  deepStrictEqual(edges, [
    { from: server, to: disk },
    { from: disk, to: server, type: "delete" },
  ]);
});
