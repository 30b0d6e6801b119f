import { deepStrictEqual, throws } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { readLineFlags } from "./line_flags.ts";

const TYPES = { at: "text", count: "boolean" } as const;

Deno.test("readLineFlags() reads what stands in front of a search", () => {
  const cases = [
    ["is(a)", {}, "is(a)"],
    ["--at 3d is(a) limit 3", { at: "3d" }, "is(a) limit 3"],
    ["--at=3d --count is(a)", { at: "3d", count: true }, "is(a)"],
    ['--count --at "2026-01-01 10:00" all', {
      at: "2026-01-01 10:00",
      count: true,
    }, "all"],
    // Behind the search nothing is a flag, and neither is a navigation.
    ["is(a) --> is(b) --at", {}, "is(a) --> is(b) --at"],
    ["--> is(b)", {}, "--> is(b)"],
  ] as const;
  for (const [text, flags, rest] of cases) {
    deepStrictEqual(readLineFlags("search", text, TYPES), { flags, rest });
  }
});

Deno.test("readLineFlags() refuses what is no flag", () => {
  const cases = [
    ["--atx 3d all", 'no flag "--atx", only --at, --count'],
    ["--at", '"--at" lacks its value'],
    ["--at --count all", '"--at" lacks its value'],
    ["--at= all", '"--at" lacks its value'],
    ["--count=1 all", '"--count" takes no value'],
    ["--constructor all", 'no flag "--constructor"'],
  ] as const;
  for (const [text, message] of cases) {
    throws(
      () => readLineFlags("search", text, TYPES),
      (error) =>
        isSkymapError(error, "usage") && error.message.includes(message),
      text,
    );
  }
});
