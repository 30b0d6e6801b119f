import { strictEqual } from "node:assert/strict";
import type { ScopeState } from "../index/marked_nodes.ts";
import { ScopeObstacles } from "./scope_obstacle.ts";

const kinds = {
  declaration: (name: string) => ({
    name,
    ...(name === "net" && { deletedAfter: ["box"] }),
    ...(name === "role" && { deletedAfter: ["box"] }),
  }),
  concrete: (kind: string) => kind === "box" ? ["big_box", "box"] : [kind],
};

function scope(kind: string, region: string, status = "complete"): ScopeState {
  return { cloud: "toy", account: "a1", region, kind, status, reason: null };
}

function obstacle(
  kind: string,
  region: string,
  scopes: readonly ScopeState[],
): string | undefined {
  const place = { cloud: "toy", account: "a1", kind, region };
  return new ScopeObstacles(scopes, kinds).of(place)?.message;
}

Deno.test("ScopeObstacles look at the region, and at what has none", () => {
  const net = scope("net", "r1");
  strictEqual(obstacle("net", "r1", [net, scope("box", "r1")]), undefined);
  strictEqual(
    obstacle("net", "r1", [net, scope("box", "r1", "failed")]),
    "box was not listed completely in r1 (failed): what hangs on it may not be " +
      "known",
  );
  strictEqual(
    obstacle("net", "r1", [
      net,
      scope("box", "r1"),
      scope("box", "r2", "failed"),
    ]),
    undefined,
  );
  strictEqual(
    obstacle("net", "r1", [net, scope("box", "", "unmentioned")]),
    "box was not listed completely (unmentioned): what hangs on it may not be " +
      "known",
  );
});

Deno.test("ScopeObstacles look at every region of what has none", () => {
  strictEqual(
    obstacle("role", "", [
      scope("role", ""),
      scope("box", "r1"),
      scope("box", "r2", "gone"),
    ]),
    "box was not listed completely in r2 (gone): what hangs on it may not be " +
      "known",
  );
});

Deno.test("ScopeObstacles tell a kind that was never listed from one that a region has not", () => {
  strictEqual(
    obstacle("net", "r1", [scope("net", "r1")]),
    "box was never listed in the account: what hangs on it may not be known",
  );
  strictEqual(
    obstacle("net", "r1", [scope("net", "r1"), scope("box", "r2")]),
    undefined,
  );
});

Deno.test("ScopeObstacles look at kinds that descend from those that are named", () => {
  strictEqual(
    obstacle("net", "r1", [
      scope("net", "r1"),
      scope("box", "r1"),
      scope("big_box", "r1", "failed"),
    ]),
    "big_box was not listed completely in r1 (failed): what hangs on it may " +
      "not be known",
  );
});
