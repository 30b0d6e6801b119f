import assert from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { ScopeLocks } from "./scope_locks.ts";

const { signal } = new AbortController();
const one = { name: "one" };
const two = { name: "two" };
const three = { name: "three" };

Deno.test("ScopeLocks lets holders in one after another, in order", async () => {
  const locks = new ScopeLocks();
  const order: string[] = [];
  const first = await locks.acquire("a", one, signal);
  const others = [two, three].map(async (holder) => {
    const lease = await locks.acquire("a", holder, signal);
    order.push(holder.name);
    lease.release();
  });
  assert.deepEqual(order, []);
  first.release();
  // Twice is once: the next holder's lock must not be opened.
  first.release();
  await Promise.all(others);
  assert.deepEqual(order, ["two", "three"]);
  assert.equal(locks.size, 0);
});

Deno.test("ScopeLocks refuses to wait in a circle of any length", async () => {
  const locks = new ScopeLocks();
  const a = await locks.acquire("a", one, signal);
  const b = await locks.acquire("b", two, signal);
  const c = await locks.acquire("c", three, signal);
  const twoWaits = locks.acquire("c", two, signal);
  const oneWaits = locks.acquire("b", one, signal);
  await assert.rejects(
    locks.acquire("a", three, signal),
    (error) =>
      isSkymapError(error, "conflict") && /"one" merges it/.test(error.message),
  );
  c.release();
  (await twoWaits).release();
  b.release();
  (await oneWaits).release();
  a.release();
  assert.equal(locks.size, 0);
});

Deno.test("ScopeLocks waits for a holder that will release anyway", async () => {
  const locks = new ScopeLocks();
  const a = await locks.acquire("a", one, signal);
  const b = await locks.acquire("b", two, signal);
  a.finish();
  const waits = locks.acquire("a", two, signal);
  const other = locks.acquire("b", one, signal);
  a.release();
  (await waits).release();
  b.release();
  (await other).release();
  // Its own lock, too.
  const again = await locks.acquire("a", one, signal);
  again.finish();
  const own = locks.acquire("a", one, signal);
  again.release();
  (await own).release();
  assert.equal(locks.size, 0);
});

Deno.test("ScopeLocks stops waiting when aborted", async () => {
  const locks = new ScopeLocks();
  const stop = new AbortController();
  const a = await locks.acquire("a", one, signal);
  const waits = locks.acquire("a", two, stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(waits, /enough/);
  a.release();
  assert.equal(locks.size, 0);
});

Deno.test("a scope that was passed on just now is waited for", async () => {
  const locks = new ScopeLocks();
  const first = await locks.acquire("s", one, signal);
  const second = locks.acquire("s", two, signal);
  first.release();
  // The second holds it and has not gone on yet.
  const third = locks.acquire("s", three, signal);
  (await second).release();
  (await third).release();
  assert.equal(locks.size, 0);
});
