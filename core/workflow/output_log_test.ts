import assert from "node:assert/strict";
import { KEPT_CHARS, KEPT_LINES, OutputLog } from "./output_log.ts";
import type { LogEntry } from "./run.ts";

function collect(): [OutputLog, string[], LogEntry[]] {
  const messages: string[] = [];
  const all: LogEntry[] = [];
  const output = new OutputLog("execute", (entries) => {
    all.push(...entries);
    messages.push(...entries.map((each) => each.message));
    return Promise.resolve();
  });
  return [output, messages, all];
}

Deno.test("OutputLog writes lines as they are whole, wherever text is cut", async () => {
  const [output, messages, entries] = collect();
  await output.add("one\ntw");
  assert.deepEqual(messages, ["one"]);
  await output.add("o\n\nthree");
  assert.deepEqual(messages, ["one", "two", ""]);
  await output.end();
  assert.deepEqual(messages, ["one", "two", "", "three"]);
  assert.deepEqual(entries[0], {
    level: "info",
    step: "execute",
    source: "output",
    message: "one",
  });
});

Deno.test("OutputLog says nothing of no output", async () => {
  const [output, messages] = collect();
  await output.add("");
  await output.end();
  assert.deepEqual(messages, []);
});

Deno.test("OutputLog keeps the first and the last lines, and says what is between", async () => {
  const [output, messages] = collect();
  for (let n = 0; n < 3 * KEPT_LINES; n++) await output.add(`line${n}\n`);
  assert.equal(messages.length, KEPT_LINES, "the last ones wait for the end");
  await output.end();
  assert.equal(messages.length, 2 * KEPT_LINES + 1);
  assert.equal(messages[0], "line0");
  assert.equal(messages[KEPT_LINES - 1], `line${KEPT_LINES - 1}`);
  assert.equal(
    messages[KEPT_LINES],
    `… ${KEPT_LINES} lines of ${7 * KEPT_LINES} characters are left out`,
  );
  assert.equal(messages[KEPT_LINES + 1], `line${2 * KEPT_LINES}`);
  assert.equal(messages.at(-1), `line${3 * KEPT_LINES - 1}`);
});

Deno.test("OutputLog leaves nothing out of what just fits", async () => {
  const [output, messages] = collect();
  const lines = Array.from({ length: 2 * KEPT_LINES }, (_, n) => `${n}`);
  await output.add(lines.join("\n"));
  await output.end();
  assert.deepEqual(messages, lines);
});

Deno.test("OutputLog cuts a line that never ends, and counts the rest", async () => {
  const [output, messages] = collect();
  for (let n = 0; n < 50; n++) await output.add("x".repeat(100));
  await output.end();
  const [line] = messages;
  assert.equal(messages.length, 1);
  assert.equal(
    line,
    `${"x".repeat(KEPT_CHARS)}… and ${5_000 - KEPT_CHARS} characters more`,
  );
});
