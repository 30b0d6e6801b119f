import assert from "node:assert/strict";
import { NamedTurns } from "./named_turns.ts";

Deno.test("NamedTurns.take() waits for those of its name, and for no others", async () => {
  const turns = new NamedTurns();
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = turns.take("a", async () => {
    await promise;
    done.push("a1");
  });
  const second = turns.take("a", () => Promise.resolve(done.push("a2")));
  await turns.take("b", () => Promise.resolve(done.push("b")));
  assert.deepEqual(done, ["b"]);
  resolve();
  await Promise.all([first, second]);
  assert.deepEqual(done, ["b", "a1", "a2"]);
  await assert.rejects(turns.take("a", () => Promise.reject(new Error("No"))), {
    message: "No",
  });
  assert.equal(await turns.take("a", () => Promise.resolve(3)), 3);
});
