import { deepStrictEqual, rejects } from "node:assert/strict";
import { NoteQueue } from "./note_queue.ts";

const wrap = (note: { readonly type: string }) => note.type;

Deno.test("NoteQueue.with() gives notes while the stream is waited for", async () => {
  const notes = new NoteQueue();
  const gate = Promise.withResolvers<void>();
  const stream = notes.with(
    async function* () {
      yield "one";
      await gate.promise;
      notes.add({ type: "progress", text: "late" });
      yield "two";
    }(),
    wrap,
  );
  deepStrictEqual((await stream.next()).value, "one");
  const next = stream.next();
  notes.add({ type: "message", level: "info", text: "now" });
  deepStrictEqual((await next).value, "message");
  gate.resolve();
  deepStrictEqual(await Array.fromAsync(stream), ["progress", "two"]);
});

Deno.test("NoteQueue.with() ends the stream with its reader, whatever it does then", async () => {
  const notes = new NoteQueue();
  const gate = Promise.withResolvers<void>();
  let ended = false;
  const stream = notes.with(
    async function* () {
      try {
        await gate.promise;
        yield "never";
      } finally {
        ended = true;
      }
    }(),
    wrap,
  );
  const next = stream.next();
  notes.add({ type: "progress", text: "half" });
  deepStrictEqual((await next).value, "progress");
  // The stream is still at work, and fails when nobody listens any more.
  gate.reject(new Error("too late"));
  await stream.return(undefined);
  deepStrictEqual(ended, true);
});

Deno.test("NoteQueue.with() fails as the stream does", async () => {
  const notes = new NoteQueue();
  const stream = notes.with(
    async function* () {
      yield await Promise.reject<string>(new Error("broken"));
    }(),
    wrap,
  );
  await rejects(stream.next(), /broken/);
});
