import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { CallLimits } from "./call_limits.ts";

/** Runs calls that end when told to, and counts those that run. */
function counted(limits: CallLimits, places: readonly [string, string][]) {
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const all = places.map(([region, service]) =>
    limits.run(region, service, async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
    })
  );
  return {
    most: () => most,
    async finish() {
      for (let ended = 0; ended < places.length; ended++) {
        while (ends.length <= ended) await Promise.resolve();
        ends[ended]?.();
      }
      await Promise.all(all);
    },
  };
}

Deno.test("run() bounds the calls of a service in a region", async () => {
  const limits = new CallLimits({ byDefault: 2 });
  const calls = counted(limits, Array(7).fill(["us-east-1", "ec2"]));
  await calls.finish();
  strictEqual(calls.most(), 2);
});

Deno.test("run() lets other regions and services go on", async () => {
  const limits = new CallLimits({ byDefault: 1, services: { sts: 2 } });
  const calls = counted(limits, [
    ["us-east-1", "ec2"],
    ["eu-west-1", "ec2"],
    ["eu-west-1", "sts"],
    ["eu-west-1", "sts"],
  ]);
  await calls.finish();
  strictEqual(calls.most(), 4);
});

Deno.test("run() hands the place on after a failure", async () => {
  const limits = new CallLimits({ byDefault: 1 });
  const order: number[] = [];
  const calls = [1, 2, 3].map((number) =>
    limits.run("us-east-1", "ec2", () => {
      order.push(number);
      return number === 1
        ? Promise.reject(new RangeError("first"))
        : Promise.resolve();
    })
  );
  await rejects(calls[0] as Promise<void>, /first/);
  await Promise.all(calls.slice(1));
  deepStrictEqual(order, [1, 2, 3]);
});
