import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { CompletionsJson } from "@skymap/lib/client";
import { PLAIN } from "../paint.ts";
import { History } from "./history.ts";
import {
  type LineRead,
  LineReader,
  type PromptTerminal,
} from "./line_reader.ts";

/** Reads lines of a terminal that sends these pieces. */
async function readLines(
  pieces: readonly string[],
  completions?: CompletionsJson,
) {
  const encoder = new TextEncoder();
  const waiting = [...pieces];
  const raw: boolean[] = [];
  let shown = "";
  let asked: readonly [string, number] | undefined;
  const terminal: PromptTerminal = {
    read: (buffer) => {
      const piece = waiting.shift();
      return Promise.resolve(
        piece === undefined ? null : encoder.encodeInto(piece, buffer).written,
      );
    },
    write: (text) => shown += text,
    setRaw: (on) => raw.push(on),
    size: () => ({ columns: 40, rows: 10 }),
  };
  const reader = new LineReader({
    terminal,
    history: new History(["kinds"]),
    complete: (line, offset) => {
      asked = [line, offset];
      return Promise.resolve(completions);
    },
    paint: PLAIN,
  });
  const lines: LineRead[] = [];
  do lines.push(await reader.read()); while (lines.at(-1)?.type !== "end");
  return { lines, raw, shown, asked };
}

Deno.test("LineReader reads lines, and leaves the terminal as it was between them", async () => {
  const { lines, raw, shown } = await readLines([
    "kin",
    "ds\r",
    "x\x03\x03",
    "\x04",
  ]);
  deepStrictEqual(lines, [
    { type: "line", text: "kinds" },
    { type: "cancel", wasEmpty: false },
    { type: "cancel", wasEmpty: true },
    { type: "end" },
  ]);
  deepStrictEqual(raw, [true, false, true, false, true, false, true, false]);
  strictEqual(shown.split("\x1b[?2004h").length, 5);
  strictEqual(shown.split("\x1b[?2004l").length, 5);
});

Deno.test("LineReader takes keys that came together one after the other", async () => {
  const { lines } = await readLines(["one\rtwo\r\x1b[A\r"]);
  deepStrictEqual(lines.slice(0, 3), [
    { type: "line", text: "one" },
    { type: "line", text: "two" },
    { type: "line", text: "kinds" },
  ]);
});

Deno.test("LineReader completes with what it is told, and types on without", async () => {
  const { lines, asked } = await readLines(["search is(vo\t)\r"], {
    start: 10,
    end: 12,
    suggestions: [{ type: "kind", text: "volume" }],
  });
  deepStrictEqual(asked, ["search is(vo", 12]);
  deepStrictEqual(lines[0], { type: "line", text: "search is(volume)" });
  const none = await readLines(["search\tx\r"]);
  deepStrictEqual(none.lines[0], { type: "line", text: "searchx" });
});

Deno.test("LineReader shows choices below the line until the next key", async () => {
  const { shown } = await readLines(["is(v\t", "o\r"], {
    start: 3,
    end: 4,
    suggestions: [
      { type: "kind", text: "volume", help: "a disk" },
      { type: "kind", text: "vpc" },
    ],
  });
  const withChoices = "> is(v\r\nvolume  a disk\r\nvpc\x1b[2A\r\x1b[6C";
  const without = "\r\x1b[J> is(vo\r\x1b[7C\r\n";
  ok(shown.includes(withChoices) && shown.includes(without), shown);
});

Deno.test("LineReader searches the history", async () => {
  const { lines, shown } = await readLines(["\x12", "in", "\r"]);
  deepStrictEqual(lines[0], { type: "line", text: "kinds" });
  match(shown, /\(search "in"\) kinds/);
  match((await readLines(["\x12", "zz"])).shown, /\(not found "zz"\) /);
});

Deno.test("LineReader.leave() gives the terminal back in the midst of a line", async () => {
  const raw: boolean[] = [];
  let shown = "";
  const typed = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<null>();
  let pieces = 0;
  const reader = new LineReader({
    terminal: {
      read: (buffer) => {
        if (pieces++ > 0) {
          typed.resolve();
          return gone.promise;
        }
        return Promise.resolve(
          new TextEncoder().encodeInto("sea", buffer).written,
        );
      },
      write: (text) => shown += text,
      setRaw: (on) => raw.push(on),
      size: () => ({ columns: 40, rows: 10 }),
    },
    history: new History(),
    complete: () => Promise.resolve(undefined),
    paint: PLAIN,
  });
  const read = reader.read();
  await typed.promise;
  reader.leave();
  deepStrictEqual(raw, [true, false]);
  ok(shown.endsWith("\r\n\x1b[?2004l"), shown);
  gone.resolve(null);
  await read;
  // The line was finished once.
  strictEqual(shown.split("\x1b[?2004l").length, 2);
});

Deno.test("LineReader shows the part of a long line that is typed, and all of it in the end", async () => {
  const { shown } = await readLines([`${"a".repeat(500)}z`, "\x01", "\r"]);
  const [, atEnd = "", atStart = "", left = ""] = shown.split("\x1b[J");
  ok(atEnd.includes("z") && !atEnd.includes(">"), atEnd);
  ok(!atStart.includes("z") && atStart.includes(">"), atStart);
  ok(left.includes("z") && left.includes(">"), left);
});
