import { deepStrictEqual, rejects } from "node:assert/strict";
import { TestWorld } from "../events/test_world.ts";
import { TaskQueue } from "../tasks/queue.ts";
import { dropDeletions } from "./drop_deletions.ts";

Deno.test("dropDeletions() gives up what nobody applies any more, and nothing else", async () => {
  const world = await TestWorld.open();
  const { db, clock } = world;
  const submitted: string[] = [];
  {
    await using queue = await TaskQueue.open(world);
    for (const name of ["delete", "tag", "detach", "delete"]) {
      const options = { timeoutMs: 120_000 };
      submitted.push((await queue.submit(name, {}, {}, options)).id);
    }
  }
  const [deletion = "", , , begun = ""] = submitted;
  await db.query(
    "UPDATE type::record('task', $id) SET state = 'running', attempts = 1, " +
      "owner = worker:w, lease_until = $until",
    { id: begun, until: new Date(clock.now() + 30_000) },
  );
  await dropDeletions(db, new Date(clock.now()));
  await using queue = await TaskQueue.open(await TestWorld.again(db, clock));
  deepStrictEqual(
    queue.list().map(({ name, state, retries }) => [name, state, retries]),
    [["tag", "pending", 3], ["delete", "running", 0]],
  );
  await rejects(queue.wait(deletion), {
    code: "task_failed",
    message: /core ended before a worker had begun/,
  });
});
