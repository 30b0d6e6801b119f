import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { PromptTerminal } from "./prompt/line_reader.ts";
import { PagedOutput, type PagerProcess } from "./text_output.ts";

/** A terminal of 5 rows that types some keys. */
function fakeTerminal(keys = "") {
  const shown: string[] = [];
  const terminal: PromptTerminal = {
    read: (buffer) => {
      if (keys === "") return Promise.resolve(null);
      const { written } = new TextEncoder().encodeInto(
        keys.charAt(0),
        buffer,
      );
      keys = keys.slice(1);
      return Promise.resolve(written);
    },
    write: (text) => shown.push(text),
    setRaw: () => {},
    size: () => ({ columns: 10, rows: 5 }),
  };
  return { terminal, shown };
}

/** A pager that takes some pieces before it is left. */
function fakePager(most = Infinity) {
  const taken: string[] = [];
  const pager: PagerProcess = {
    write: (text) => {
      taken.push(text);
      return Promise.resolve(taken.length < most);
    },
    end: () => {
      taken.push("end");
      return Promise.resolve();
    },
  };
  return { pager, taken };
}

Deno.test("PagedOutput shows short texts as they come", async () => {
  const { terminal, shown } = fakeTerminal();
  const output = new PagedOutput({
    terminal,
    startPager: () => {
      throw new Error("nothing is long");
    },
    onPager: () => {},
  });
  strictEqual(await output.write("a\nb"), true);
  strictEqual(await output.write("c\nd\ne\n"), true);
  await output.end();
  deepStrictEqual(shown, ["a\nb", "c\nd\ne\n"]);
});

Deno.test("PagedOutput gives all of a long text to the pager", async () => {
  const { terminal } = fakeTerminal();
  const { pager, taken } = fakePager(3);
  const told: boolean[] = [];
  const output = new PagedOutput({
    terminal,
    startPager: () => pager,
    onPager: (isOpen) => told.push(isOpen),
  });
  await output.write("a\n");
  // A line of 25 columns takes three rows of ten.
  await output.write(`\x1b[31m${"x".repeat(25)}\x1b[0m\n`);
  deepStrictEqual(taken, []);
  strictEqual(await output.write("b\n"), true);
  strictEqual(await output.write("c\n"), true);
  strictEqual(await output.write("d\n"), false);
  await output.end();
  deepStrictEqual(taken, [
    `a\n\x1b[31m${"x".repeat(25)}\x1b[0m\nb\n`,
    "c\n",
    "d\n",
    "end",
  ]);
  deepStrictEqual(told, [true, false]);
});

Deno.test("PagedOutput pages by itself on a machine without a pager", async () => {
  const { terminal, shown } = fakeTerminal(" \rq");
  const output = new PagedOutput({
    terminal,
    startPager: () => undefined,
    onPager: () => {},
  });
  const lines = Array.from("abcdefghij", (letter) => `${letter}\n`);
  strictEqual(await output.write(lines.join("")), false);
  await output.end();
  const text = shown.filter((each) => each.endsWith("\n")).join("");
  strictEqual(text, "a\nb\nc\nd\ne\n");
});
