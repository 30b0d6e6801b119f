import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Slots } from "./slots.ts";

Deno.test("Slots runs no more than its places, in order, and frees them always", async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const calls = [0, 1, 2, 3].map((number) =>
    slots.run(async () => {
      started.push(number);
      await new Promise<void>((resolve) => ends[number] = resolve);
      if (number === 1) throw new Error("one");
      return number;
    })
  );
  const settled = Promise.allSettled(calls);
  await Promise.resolve();
  deepStrictEqual(started, [0, 1]);
  ends[1]?.();
  await rejects(calls[1] ?? Promise.resolve(), /one/);
  await Promise.resolve();
  deepStrictEqual(started, [0, 1, 2]);
  ends[0]?.();
  await calls[0];
  ends[2]?.();
  await calls[2];
  ends[3]?.();
  const results = await settled;
  strictEqual(results.filter(({ status }) => status === "fulfilled").length, 3);
  strictEqual(await slots.run(() => Promise.resolve("free")), "free");
});

Deno.test("Slots calls nothing once the signal aborted", async () => {
  const slots = new Slots(1);
  const controller = new AbortController();
  let end: () => void = () => {};
  const first = slots.run(() => new Promise<void>((resolve) => end = resolve));
  const second = slots.run(() => Promise.resolve(), controller.signal);
  controller.abort(new Error("stop"));
  end();
  await first;
  await rejects(second, /stop/);
});
