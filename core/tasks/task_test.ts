import assert from "node:assert/strict";
import { chooseWorker, fitOf, type TaskWorker } from "./task.ts";

const TASK = { name: "tag", attrs: { cloud: "aws", account: "1" } };

function worker(
  id: string,
  filter: Readonly<Record<string, readonly string[]>>,
  change: Partial<TaskWorker> = {},
): TaskWorker {
  return {
    id,
    capabilities: [{ name: "tag", filter }],
    parallelTasks: 5,
    outstanding: 0,
    ...change,
  };
}

Deno.test("fitOf() counts the filter keys, all of which must hold", () => {
  const fit = (filter: Readonly<Record<string, readonly string[]>>) =>
    fitOf({ name: "tag", filter }, TASK);
  assert.equal(fit({}), 0);
  assert.equal(fit({ cloud: ["gcp", "aws"] }), 1);
  assert.equal(fit({ cloud: ["aws"], account: ["1"] }), 2);
  assert.equal(fit({ cloud: ["aws"], account: ["2"] }), undefined);
  assert.equal(fit({ region: ["eu"] }), undefined, "no such attribute");
  assert.equal(fit({ toString: ["eu"] }), undefined, "no own attribute");
  assert.equal(fit({ cloud: [] }), undefined);
  assert.equal(fitOf({ name: "other", filter: {} }, TASK), undefined);
});

Deno.test("chooseWorker() takes the closest fit, then the least busy", () => {
  const any = worker("any", {});
  const cloud = worker("cloud", { cloud: ["aws"] }, { outstanding: 4 });
  const idle = worker("idle", { cloud: ["aws"] }, { outstanding: 3 });
  const full = worker(
    "full",
    { cloud: ["aws"], account: ["1"] },
    { outstanding: 5 },
  );
  const other = worker("other", { cloud: ["gcp"] });
  const all = [any, cloud, idle, full, other];
  assert.equal(chooseWorker(TASK, all)?.id, "idle");
  assert.equal(chooseWorker(TASK, [full, any])?.id, "any", "has a hand free");
  assert.equal(chooseWorker(TASK, [full, other]), undefined);
  assert.equal(chooseWorker(TASK, []), undefined);
  assert.equal(
    chooseWorker(TASK, [worker("none", {}, { capabilities: [] })]),
    undefined,
  );
});
