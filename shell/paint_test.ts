import { strictEqual } from "node:assert/strict";
import { COLOURED, PLAIN, wantsColours } from "./paint.ts";

Deno.test("wantsColours() hears the flag, NO_COLOR, FORCE_COLOR and the terminal", () => {
  const cases: readonly [boolean, boolean, Record<string, string>, boolean][] =
    [
      [true, false, {}, true],
      [false, false, {}, false],
      [true, true, { FORCE_COLOR: "1" }, false],
      [true, false, { NO_COLOR: "1" }, false],
      [true, false, { NO_COLOR: "" }, true],
      [false, false, { FORCE_COLOR: "1" }, true],
      [true, false, { FORCE_COLOR: "0" }, false],
      [true, false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
      [true, false, { TERM: "dumb" }, false],
    ];
  for (const [isTerminal, noColor, variables, wanted] of cases) {
    const env = (name: string) => variables[name];
    const found = wantsColours({ isTerminal, noColor, env });
    strictEqual(
      found,
      wanted,
      JSON.stringify([isTerminal, noColor, variables]),
    );
  }
});

Deno.test("COLOURED marks texts that PLAIN leaves", () => {
  strictEqual(COLOURED.red("a"), "\x1b[31ma\x1b[39m");
  strictEqual(PLAIN.red("a"), "a");
});
