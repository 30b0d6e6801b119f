import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cutText, textWidth } from "./text_width.ts";

Deno.test("textWidth() counts columns, not characters", () => {
  const cases = [
    ["", 0],
    ["plain", 5],
    ["é", 1],
    ["e\u0301", 1],
    ["日本語", 6],
    ["한국", 4],
    ["ｆｕｌｌ", 8],
    ["👍🏽", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["🇩🇪", 2],
    ["\u200b", 0],
    ["a\u200bb", 2],
  ] as const;
  for (const [text, width] of cases) strictEqual(textWidth(text), width, text);
});

Deno.test("cutText() ends what it cuts with an ellipsis, within the width", () => {
  strictEqual(cutText("abcdef", 6), "abcdef");
  strictEqual(cutText("abcdef", 4), "abc…");
  strictEqual(cutText("日本語", 4), "日…");
  strictEqual(cutText("日本語", 5), "日本…");
  strictEqual(cutText("ab", 1), "…");
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 20 }),
      (text, width) => {
        const cut = cutText(text, width);
        strictEqual(textWidth(cut) <= width, true, JSON.stringify(cut));
        strictEqual(cut === text || cut.endsWith("…"), true);
      },
    ),
  );
});
