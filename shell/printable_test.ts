import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { printable, PrintableText } from "./printable.ts";

Deno.test("printable() leaves bold and line ends, and nothing that steers", () => {
  const cases = [
    ["one\n\ttwo", "one\n\ttwo"],
    ["\x1b[1mbold\x1b[0m", "\x1b[1mbold\x1b[0m"],
    ["\x1b[8mhidden\x1b[m", "\\u001b[8mhidden\x1b[m"],
    ["1\u202e23", "1\\u202e23"],
    ["\x1b[2J\rall is well", "\\u001b[2J\\u000dall is well"],
    ["\x1b]0;title\x07", "\\u001b]0;title\\u0007"],
    ["\u009b2J", "\\u009b2J"],
    ["a\r\nb", "a\nb"],
  ] as const;
  for (const [text, wanted] of cases) strictEqual(printable(text), wanted);
});

Deno.test("PrintableText does the same wherever a text is cut", () => {
  const pieces = fc.constantFrom(
    "\x1b",
    "[",
    "1",
    ";",
    "m",
    "J",
    "\r",
    "\n",
    "x",
  );
  fc.assert(
    fc.property(fc.array(pieces), fc.nat(20), (parts, at) => {
      const text = parts.join("");
      const cut = new PrintableText();
      const shown = cut.add(text.slice(0, at)) + cut.add(text.slice(at)) +
        cut.end();
      strictEqual(shown, printable(text));
    }),
  );
});
