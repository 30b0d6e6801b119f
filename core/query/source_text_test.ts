import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { SourceText, type TextEdit } from "./source_text.ts";

Deno.test("SourceText finds every character that was not replaced", () => {
  const pieces = fc.array(
    fc.record({
      kept: fc.string({ maxLength: 5 }),
      gone: fc.string({ maxLength: 5 }),
      put: fc.string({ maxLength: 8 }),
    }),
    { maxLength: 6 },
  );
  /** Edits of the pieces' text. */
  const edit = (
    list: readonly { kept: string; gone: string; put: string }[],
  ) => {
    let text = "";
    const edits: TextEdit[] = [];
    for (const { kept, gone, put } of list) {
      const start = text.length + kept.length;
      edits.push({ start, end: start + gone.length, text: put });
      text += kept + gone;
    }
    return { text, edits };
  };
  fc.assert(fc.property(pieces, (list) => {
    const { text, edits } = edit(list);
    const source = SourceText.of(text).replace(edits);
    strictEqual(source.original, text);
    let from = 0;
    let to = 0;
    for (const { kept, gone, put } of list) {
      for (let at = 0; at < kept.length; at++) {
        deepStrictEqual(source.placeOf(to + at), {
          offset: from + at,
          isReplaced: false,
        });
      }
      from += kept.length;
      to += kept.length;
      for (let at = 0; at < put.length; at++) {
        deepStrictEqual(source.placeOf(to + at), {
          offset: from,
          isReplaced: true,
        });
      }
      from += gone.length;
      to += put.length;
    }
    strictEqual(source.text.length, to);
    strictEqual(source.placeOf(to).offset, text.length);
  }));
});

Deno.test("SourceText goes back through several replacements", () => {
  const once = SourceText.of("ab@c").replace([{
    start: 2,
    end: 3,
    text: "XYZ",
  }]);
  const twice = once.replace([{ start: 0, end: 1, text: "12345" }]);
  strictEqual(twice.text, "12345bXYZc");
  strictEqual(twice.original, "ab@c");
  deepStrictEqual(twice.placeOf(7), { offset: 2, isReplaced: true });
  deepStrictEqual(twice.placeOf(9), { offset: 3, isReplaced: false });
});

Deno.test("SourceText knows what was written of a stretch of it", () => {
  const line = SourceText.of("search day == @TODAY@ | count").replace([
    { start: 14, end: 21, text: "2026-01-01" },
  ]);
  strictEqual(line.slice(7, 24).text, "day == 2026-01-01");
  strictEqual(line.slice(7, 24).written, "day == @TODAY@");
  strictEqual(line.slice(7, 13).written, "day ==");
  strictEqual(line.written, "search day == @TODAY@ | count");
});
