import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ScopeState } from "../index/marked_nodes.ts";
import { ScopeObstacles, type ScopeRules } from "./scope_obstacle.ts";

const kinds = {
  declaration: (name: string) => ({
    name,
    ...(name === "net" && { deletedAfter: ["box"] }),
    ...(name === "role" && { deletedAfter: ["box"] }),
  }),
  kindsOf: (kind: string) => kind === "big_box" ? ["box", kind] : [kind],
  concrete: (kind: string) => kind === "box" ? ["big_box", "box"] : [kind],
};

const NOW_MS = Date.UTC(2026, 0, 10);

function rules(unseen: readonly string[] = []): ScopeRules {
  return { unseen_kinds: [...unseen], max_age: "24h", nowMs: NOW_MS };
}

function scope(kind: string, region: string, status = "complete"): ScopeState {
  const listedMs = status === "failed" ? null : NOW_MS;
  const place = { cloud: "toy", account: "a1", region, kind };
  return { ...place, status, reason: null, listedMs };
}

function obstacle(
  kind: string,
  region: string,
  scopes: readonly ScopeState[],
  unseen_kinds: readonly string[] = [],
): string | undefined {
  const place = { cloud: "toy", account: "a1", kind, region };
  return new ScopeObstacles(scopes, kinds, rules(unseen_kinds)).of(place)
    ?.message;
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
    "box was never listed in account a1: what hangs on it may not be known; " +
      "wanted them to be collected, or named in unseen_kinds if there are none",
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

Deno.test("ScopeObstacles name every kind and region that is missing", () => {
  const many = {
    ...kinds,
    declaration: (name: string) => ({
      name,
      ...(name === "role" && { deletedAfter: ["box", "disk", "ring", "key"] }),
    }),
  };
  const scopes = [
    scope("role", ""),
    scope("box", "r1", "failed"),
    scope("box", "r2", "failed"),
    scope("box", "r3"),
    scope("ring", "", "unmentioned"),
  ];
  const place = { cloud: "toy", account: "a1", kind: "role", region: "" };
  strictEqual(
    new ScopeObstacles(scopes, many, rules()).of(place)?.message,
    "box was not listed completely in r1, r2 (failed), ring was not listed " +
      "completely (unmentioned), disk, key were never listed in account a1: " +
      "what hangs on it may not be known; wanted them to be collected, or " +
      "named in unseen_kinds if there are none",
  );
});

Deno.test("what nobody lists may be taken as absent, what was listed once may not", () => {
  const net = scope("net", "r1");
  const taken = (scopes: readonly ScopeState[], name = "box") =>
    obstacle("net", "r1", [net, ...scopes], [name]);
  strictEqual(taken([]), undefined);
  strictEqual(taken([scope("box", "r1", "failed")]), undefined);
  strictEqual(taken([scope("box", "r1", "unmentioned")]), undefined);
  strictEqual(
    taken([scope("box", "r1"), scope("big_box", "r1", "failed")]),
    undefined,
  );
  ok(taken([], "ring"));
  const failed = { ...scope("box", "r1", "failed"), listedMs: NOW_MS };
  ok(taken([failed]));
  // The resource itself must have been seen.
  ok(obstacle("net", "r1", [scope("net", "r1", "failed"), scope("box", "r1")], [
    "net",
  ]));
  const obstacles = new ScopeObstacles([net], kinds, rules(["box"]));
  obstacles.of({ cloud: "toy", account: "a1", kind: "net", region: "r1" });
  deepStrictEqual(obstacles.unseen, ["box"]);
});

Deno.test("what was listed too long ago may be otherwise by now", () => {
  const old = { ...scope("box", "r1"), listedMs: NOW_MS - 25 * 3_600_000 };
  strictEqual(
    obstacle("net", "r1", [scope("net", "r1"), old], ["box"]),
    "box was not listed completely in r1 (1d ago the last time, max_age is " +
      "24h): what hangs on it may not be known",
  );
});
