import assert from "node:assert/strict";
import { SerialQueue } from "./serial_queue.ts";

Deno.test("SerialQueue.run() runs one function at a time, in order", async () => {
  const queue = new SerialQueue();
  const steps: string[] = [];
  const job = (name: string) => async () => {
    steps.push(`${name} begins`);
    await Promise.resolve();
    steps.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([queue.run(job("a")), queue.run(job("b"))]);
  assert.deepEqual(results, ["a", "b"]);
  assert.deepEqual(steps, ["a begins", "a ends", "b begins", "b ends"]);
});

Deno.test("SerialQueue.run() goes on after a failure", async () => {
  const queue = new SerialQueue();
  const failed = queue.run(() => Promise.reject(new Error("no")));
  const worked = queue.run(() => 1);
  await assert.rejects(failed, /no/);
  assert.equal(await worked, 1);
});

Deno.test("SerialQueue.idle() waits for what is added meanwhile", async () => {
  const queue = new SerialQueue();
  const done: number[] = [];
  void queue.run(() => {
    done.push(1);
    void queue.run(() => void done.push(2));
  });
  await queue.idle();
  assert.deepEqual(done, [1, 2]);
  assert.equal(queue.size, 0);
});
