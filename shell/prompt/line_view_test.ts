import { deepStrictEqual } from "node:assert/strict";
import { drawLine, eraseLine } from "./line_view.ts";
import { cutToWidth, textWidth } from "./text_width.ts";

/** How a terminal of 10 columns looks, and where its cursor stands. */
function drawn(text: string, below: readonly string[] = [], height = 24) {
  const cursor = text.indexOf("^");
  const { output, cursorRow } = drawLine({
    prompt: "> ",
    more: "… ",
    paint: (each) => each,
    text: text.replace("^", ""),
    cursor,
    below,
  }, { columns: 10, rows: height });
  // deno-lint-ignore no-control-regex -- sequences are what it is about
  const moves = [...output.matchAll(/\x1b\[(\d+)([AC])/g)]
    .map(([, count, way]) => `${way}${count}`);
  // deno-lint-ignore no-control-regex -- sequences are what it is about
  const rows = output.replaceAll(/\x1b\[\d+[AC]/g, "").split("\r\n");
  return { rows: rows.map((row) => row.replace("\r", "")), moves, cursorRow };
}

Deno.test("drawLine() breaks rows where the terminal does", () => {
  deepStrictEqual(drawn("abc^"), {
    rows: ["> abc"],
    moves: ["C5"],
    cursorRow: 0,
  });
  deepStrictEqual(drawn("abcdefghij^"), {
    rows: ["> abcdefgh", "ij"],
    moves: ["C2"],
    cursorRow: 1,
  });
  // Behind the last column the cursor has a row of its own.
  deepStrictEqual(drawn("abcdefgh^"), {
    rows: ["> abcdefgh", ""],
    moves: [],
    cursorRow: 1,
  });
  deepStrictEqual(drawn("a^bcdefghij"), {
    rows: ["> abcdefgh", "ij"],
    moves: ["A1", "C3"],
    cursorRow: 0,
  });
  deepStrictEqual(drawn("a |\nb^"), {
    rows: ["> a |", "… b"],
    moves: ["C3"],
    cursorRow: 1,
  });
  deepStrictEqual(drawn("ab^", ["one", "two"]), {
    rows: ["> ab", "one", "two"],
    moves: ["A2", "C4"],
    cursorRow: 0,
  });
  deepStrictEqual(drawn("日本語日本^"), {
    rows: ["> 日本語日", "本"],
    moves: ["C2"],
    cursorRow: 1,
  });
});

Deno.test("drawLine() shows the rows around the cursor of what is too high", () => {
  const text = "aaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeee";
  const at = (cursor: number, below: readonly string[] = []) => {
    const marked = `${text.slice(0, cursor)}^${text.slice(cursor)}`;
    const { rows, cursorRow } = drawn(marked, below, 3);
    return [rows.map((row) => row.at(-1)).join(""), cursorRow];
  };
  deepStrictEqual(at(0), ["abc", 0]);
  deepStrictEqual(at(22), ["bcd", 1]);
  deepStrictEqual(at(text.length), ["cde", 2]);
  deepStrictEqual(at(22, ["one", "two"]), ["ceo", 0]);
});

Deno.test("drawLine() shows control characters that were pasted", () => {
  deepStrictEqual(drawn("a\x1b[2J\tb^").rows, ["> a^[[2J^I", "b"]);
  deepStrictEqual(drawn("a\u009b\x7f^").rows, ["> a^?^?"]);
  deepStrictEqual(drawn("a\u202eb^").rows, ["> a^?b"]);
});

Deno.test("eraseLine() goes to the first row and clears what is below", () => {
  deepStrictEqual(eraseLine({ cursorRow: 0 }), "\r\x1b[J");
  deepStrictEqual(eraseLine({ cursorRow: 2 }), "\x1b[2A\r\x1b[J");
});

Deno.test("textWidth() counts the columns of a terminal", () => {
  deepStrictEqual(
    ["abc", "日本", "e\u0301", "\u{1F600}", "\u200b", "…"].map(textWidth),
    [3, 4, 1, 2, 0, 1],
  );
  deepStrictEqual(
    ["abc", "abcdef", "日本語"].map((text) => cutToWidth(text, 5)),
    ["abc", "abcd…", "日本…"],
  );
});
