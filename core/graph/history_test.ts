import assert from "node:assert/strict";
import { HistoryWriter, readBlock } from "./history.ts";
import type { ScopeChanges } from "./scope_changes.ts";

function scope(kind: string): ScopeChanges {
  return {
    scope: { sid: 1, cloud: "c", account: "a", region: "r", kind },
    kinds: [kind, "resource"],
    accountName: "A",
    regionName: "R",
    run: "run1",
    parent: null,
    nodes: [],
    goneNodes: [],
    edges: [],
    goneEdges: [],
    state: null,
    before: null,
  };
}

function node(id: string, mode: "new" | "next" | "same") {
  return {
    id,
    hash: `hash of ${id}`,
    zone: mode === "new" ? "z" : null,
    text: JSON.stringify({ id, name: 'with "quotes"\n' }),
    mode,
    ...(mode !== "new" && { changed: ["reported.name"] }),
  };
}

Deno.test("readBlock() reads what HistoryWriter wrote", () => {
  const writer = new HistoryWriter(41);
  writer.scope(scope("one"));
  writer.node(node("n1", "new"));
  writer.node(node("n2", "next"));
  writer.node(node("n3", "same"));
  writer.goneNode("n4");
  writer.scope(scope("two"));
  writer.edge({
    from: "n1",
    to: "n2",
    type: "iam",
    reported: '{"a":1}',
    mode: "new",
  });
  writer.edge({
    from: "n1",
    to: "n3",
    type: "default",
    reported: null,
    mode: "next",
  });
  writer.goneEdge({ from: "n1", to: "n4", type: "delete" });
  const [block, ...more] = writer.blocks(7, "2026-01-01T00:00:00.000Z");
  assert.ok(block !== undefined);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [block.first, block.last, block.valid, block.commit],
    [42, 48, 48, 7],
  );
  const [one, two] = readBlock(block);
  assert.deepEqual(one?.key, ["c", "a", "r", "one"]);
  assert.deepEqual(one?.kinds, ["one", "resource"]);
  assert.equal(one?.run, "run1");
  assert.deepEqual(
    one?.nodes.map(({ id, hash, zone, mode }) => [id, hash, zone, mode]),
    [
      ["n1", "hash of n1", "z", "new"],
      ["n2", "hash of n2", null, "next"],
      ["n3", "hash of n3", null, "same"],
    ],
  );
  assert.equal(one?.nodes[0]?.reported, node("n1", "new").text);
  assert.deepEqual(one?.goneNodes, ["n4"]);
  assert.deepEqual(two?.edges, [
    { from: "n1", to: "n2", type: "iam", reported: '{"a":1}', mode: "new" },
    { from: "n1", to: "n3", type: "default", reported: null, mode: "next" },
  ]);
  assert.deepEqual(two?.goneEdges, [{ from: "n1", to: "n4", type: "delete" }]);
});

Deno.test("HistoryWriter cuts blocks, each with the scope of its changes", () => {
  const writer = new HistoryWriter(0);
  writer.scope(scope("one"));
  for (let at = 0; at < 1200; at++) writer.goneNode(`n${at}`);
  const blocks = writer.blocks(1, "");
  assert.deepEqual(
    blocks.map(({ first, last, valid }) => [first, last, valid]),
    [[1, 500, 1200], [501, 1000, 1200], [1001, 1200, 1200]],
  );
  for (const block of blocks) {
    assert.deepEqual(readBlock(block)[0]?.key, ["c", "a", "r", "one"]);
  }
  assert.deepEqual(new HistoryWriter(5).blocks(1, ""), []);
});
