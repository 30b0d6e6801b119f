import assert from "node:assert/strict";
import type { IndexBatch } from "../index/index_batch.ts";
import { type ChangeRow, PendingChange } from "./pending_change.ts";

function batch(sequence: number, kind: string, nodes = 1): IndexBatch {
  return {
    sequence,
    commit: sequence,
    at: `2026-01-0${sequence}T00:00:00Z`,
    scopes: [],
    sections: [{
      scope: { sid: 1, cloud: "toy", account: "a", region: "", kind },
      kinds: [kind],
      accountName: "",
      regionName: "",
      run: `run ${sequence}`,
      nodes: [],
      goneNodes: Array.from({ length: nodes }, (_, n) => `${n}`),
      edges: [],
      goneEdges: [],
    }],
  };
}

Deno.test("PendingChange makes what nobody got a part of the next word", async () => {
  const told: ChangeRow[] = [];
  let isDown = true;
  const change = new PendingChange(0, (row) => {
    if (isDown) return Promise.reject(new Error("down"));
    told.push(row);
    return Promise.resolve();
  });
  change.add([batch(1, "box", 2)]);
  assert.equal(await change.flush(), false);
  change.add([batch(2, "disk")]);
  assert.equal(await change.flush(), false);
  isDown = false;
  change.add([batch(3, "disk")]);
  assert.equal(await change.flush(), true);
  assert.deepEqual(told, [{
    after: 0,
    last: 3,
    at: "2026-01-03T00:00:00Z",
    kinds: ["box", "disk"],
    runs: ["run 1", "run 2", "run 3"],
    nodes: 4,
    edges: 0,
  }]);
  await change.flush();
  assert.equal(told.length, 1);
  change.addAny(3, "2026-01-04T00:00:00Z");
  isDown = true;
  assert.equal(await change.flush(), false);
  isDown = false;
  change.add([batch(4, "box")]);
  await change.flush();
  assert.deepEqual(
    told.slice(1).map(({ after, last, kinds }) => [after, last, kinds]),
    [[3, 4, null]],
  );
});

Deno.test("PendingChange names no kind that did not change", async () => {
  const told: ChangeRow[] = [];
  const change = new PendingChange(0, (row) => {
    told.push(row);
    return Promise.resolve();
  });
  change.add([batch(1, "disk", 0), batch(2, "box")]);
  await change.flush();
  assert.deepEqual(told[0]?.kinds, ["box"]);
});

Deno.test("PendingChange tells one word at a time, none of them twice", async () => {
  const told: ChangeRow[] = [];
  const change = new PendingChange(0, async (row) => {
    if (row.last === 1) change.add([batch(2, "disk")]);
    await Promise.resolve();
    told.push(row);
  });
  change.add([batch(1, "box")]);
  await Promise.all([change.flush(), change.flush(), change.flush()]);
  assert.deepEqual(
    told.map(({ after, last, kinds }) => [after, last, kinds]),
    [[0, 1, ["box"]], [1, 2, ["disk"]]],
  );
});
