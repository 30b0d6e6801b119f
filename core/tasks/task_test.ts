import assert from "node:assert/strict";
import { chooseWorker, fitOf, type TaskWorker, whyUnfit } from "./task.ts";

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

Deno.test("chooseWorker() gives the task to the worker of its account", () => {
  const one = worker("one", { cloud: ["aws"], account: ["1", "3"] });
  const two = worker("two", { cloud: ["aws"], account: ["2"] });
  for (const [account, id] of [["1", "one"], ["2", "two"], ["3", "one"]]) {
    const task = {
      name: "tag",
      attrs: { cloud: "aws", account: account ?? "" },
    };
    assert.equal(chooseWorker(task, [one, two])?.id, id);
  }
});

Deno.test("whyUnfit() tells an account that none reaches from what none can do", () => {
  const busy = worker("busy", { cloud: ["aws"], account: ["1"] }, {
    outstanding: 5,
  });
  const other = worker("other", { cloud: ["aws"], account: ["2"] });
  const unknown = worker("unknown", { cloud: ["aws"] });
  const foreign = worker("foreign", { cloud: ["gcp"], account: ["1"] });
  assert.equal(whyUnfit(TASK, [other, busy]), undefined);
  assert.equal(whyUnfit(TASK, [other, unknown]), undefined);
  assert.deepEqual(whyUnfit(TASK, [other, foreign]), {
    isAccount: true,
    reason: 'no worker reaches account "1"',
  });
  for (const workers of [[], [foreign]]) {
    assert.deepEqual(whyUnfit(TASK, workers), {
      isAccount: false,
      reason: "no worker can do it",
    });
  }
  assert.equal(
    whyUnfit({ ...TASK, name: "delete" }, [busy])?.isAccount,
    false,
  );
});
