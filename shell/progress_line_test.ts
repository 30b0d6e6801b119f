import { deepStrictEqual } from "node:assert/strict";
import { ProgressLine } from "./progress_line.ts";

/** A line on a terminal of 20 columns, with a clock that a test turns. */
function makeLine() {
  const written: string[] = [];
  let time = 0;
  const line = new ProgressLine({
    write: (text) => written.push(text),
    columns: () => 20,
    now: () => time,
  });
  return {
    line,
    at: (ms: number) => {
      time = ms;
      line.tick();
      return written.splice(0);
    },
    written,
  };
}

Deno.test("ProgressLine waits before it shows, and erases itself", () => {
  const { line, at, written } = makeLine();
  using _line = line;
  deepStrictEqual(at(400), []);
  deepStrictEqual(at(500), ["\r⠴ 0s\x1b[K"]);
  line.set({ text: "step collect of many", done: 1, total: 3 });
  deepStrictEqual(written.splice(0), ["\r⠴ 0s 1/3 step coll…\x1b[K"]);
  line.clear();
  deepStrictEqual(written.splice(0), ["\r\x1b[K"]);
  line.clear();
  deepStrictEqual(written, []);
  // What was just written need not be followed by a line at once.
  deepStrictEqual(at(900), []);
  deepStrictEqual(at(2000), ["\r⠋ 2s 1/3 step coll…\x1b[K"]);
});

Deno.test("ProgressLine keeps away while the terminal is not its own", () => {
  const { line, at, written } = makeLine();
  using _line = line;
  at(600);
  line.hold(true);
  deepStrictEqual(written.splice(0), ["\r\x1b[K"]);
  deepStrictEqual(at(5000), []);
  line.hold(false);
  deepStrictEqual(at(5100).length, 1);
});
