import assert from "node:assert/strict";
import type { HistoryBlock } from "./history.ts";
import { Replay } from "./replay.ts";

const SCOPE = `{"scope":["c","a","r","k"],"kinds":[],"run":null}`;

function block(
  first: number,
  last: number,
  ...lines: readonly object[]
): HistoryBlock {
  return {
    first,
    last,
    valid: last,
    commit: 1,
    at: "2026-01-01T00:00:00.000Z",
    text: [SCOPE, ...lines.map((line) => JSON.stringify(line))].join("\n"),
  };
}

const edge = { from: "n1", to: "n2", edge_type: "default" };

Deno.test("Replay counts versions and where they begin and end", () => {
  const replay = new Replay(0);
  replay.block(block(
    1,
    3,
    { seq: 1, type: "node_created", id: "n1" },
    { seq: 2, type: "edge_created", ...edge },
    { seq: 3, type: "scope_state", status: "complete" },
  ));
  replay.block(block(
    4,
    6,
    { seq: 4, type: "node_updated", id: "n1" },
    { seq: 5, type: "node_updated", id: "n1", quiet: true },
    { seq: 6, type: "edge_deleted", ...edge },
  ));
  // A commit that failed left a gap.
  replay.block(block(9, 9, { seq: 9, type: "scope_gone" }));
  replay.end(9);
  assert.deepEqual(replay.problems, []);
  assert.deepEqual(replay.versions, {
    node: { count: 2, ended: 1, from: 9, to: 6 },
    edge_out: { count: 1, ended: 1, from: 3, to: 6 },
    scope_past: { count: 1, ended: 1, from: 3, to: 9 },
  });
});

Deno.test("Replay names what cannot have happened", () => {
  const cases: readonly (readonly [HistoryBlock, string])[] = [
    [
      block(1, 1, { seq: 1, type: "node_updated", id: "n1" }),
      "it is not there",
    ],
    [
      block(1, 1, { seq: 1, type: "node_deleted", id: "n1" }),
      "it is not there",
    ],
    [block(1, 1, { seq: 1, type: "edge_updated", ...edge }), "it is not there"],
    [
      block(
        1,
        2,
        { seq: 1, type: "node_created", id: "n1" },
        { seq: 2, type: "node_created", id: "n1" },
      ),
      "it is there already",
    ],
    [
      block(1, 2, { seq: 2, type: "node_created", id: "n1" }),
      "the line has number 2",
    ],
    [
      block(1, 2, { seq: 1, type: "node_created", id: "n1" }),
      "it should end at 2",
    ],
    [
      block(0, 0, { seq: 0, type: "node_created", id: "n1" }),
      "it should begin at 1",
    ],
  ];
  for (const [wrong, problem] of cases) {
    const replay = new Replay(0);
    replay.block(wrong);
    assert.deepEqual(replay.problems.map(([, text]) => text), [problem]);
  }
});

Deno.test("Replay takes gaps where the history is pruned, and only there", () => {
  const lines = [
    { seq: 3, type: "node_updated", id: "n1" },
    { seq: 5, type: "node_deleted", id: "n2" },
  ];
  const pruned = new Replay(6);
  pruned.block(block(1, 6, ...lines));
  pruned.end(6);
  assert.deepEqual(pruned.problems, []);
  assert.deepEqual(pruned.versions.node, {
    count: 1,
    ended: 0,
    from: 6,
    to: 0,
  });
  const whole = new Replay(0);
  whole.block(block(1, 6, ...lines));
  assert.equal(whole.problems.length, 5);
});
