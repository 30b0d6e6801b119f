import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Readable } from "node:stream";
import { plainAnswer } from "./plain_answer.ts";

Deno.test("plainAnswer() reads what a stream holds", async () => {
  const Body = Readable.from([new Uint8Array([1, 2]), new Uint8Array([3])]);
  const time = new Date("2026-11-21T00:00:00Z");
  deepStrictEqual(await plainAnswer({ $metadata: {}, Body, time }), {
    Body: "AQID",
    time: "2026-11-21T00:00:00.000Z",
  });
});

Deno.test("plainAnswer() reads no more of a stream than it can show", async () => {
  let read = 0;
  const Body = Readable.from((function* () {
    for (;;) {
      read++;
      yield new Uint8Array(100_000);
    }
  })());
  await rejects(plainAnswer({ Body }), {
    message:
      "Cannot show the answer: it holds more than 1000000 bytes, wanted fewer, such as by --range",
  });
  strictEqual(read < 50, true);
  strictEqual(Body.destroyed, true);
});
