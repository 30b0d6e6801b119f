import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { GraphChangeJson } from "@skymap/lib/client";
import { ChangeWords } from "./change_words.ts";

function word(
  after: number,
  last: number,
  more: Partial<GraphChangeJson> = {},
): GraphChangeJson {
  return {
    graph: "main",
    after,
    last,
    at: `at ${last}`,
    kinds: ["a"],
    ...more,
  };
}

Deno.test("ChangeWords tells the kinds of each word that goes on where the last ended", () => {
  const words = new ChangeWords();
  const news = { kinds: ["a"], isGap: false };
  deepStrictEqual(words.read(word(3, 5)), news);
  deepStrictEqual(words.read(word(5, 9)), news);
  // Nothing but how complete scopes are has changed.
  deepStrictEqual(words.read(word(9, 9, { at: "later" })), news);
  deepStrictEqual(words.read(word(9, 9, { at: "later", kinds: null })), {
    kinds: null,
    isGap: false,
  });
});

Deno.test("ChangeWords makes any kind of words that were missed", () => {
  const missed = { kinds: null, isGap: true };
  const words = new ChangeWords();
  words.read(word(0, 5));
  deepStrictEqual(words.read(word(6, 7)), missed);
  // The graph was replaced by one with a shorter history.
  deepStrictEqual(words.read(word(2, 3)), missed);
});

Deno.test("ChangeWords tells the same word once, and each graph by itself", () => {
  const words = new ChangeWords();
  words.read(word(0, 5));
  strictEqual(words.read(word(0, 5)), undefined);
  const news = { kinds: ["a"], isGap: false };
  deepStrictEqual(words.read(word(8, 9, { graph: "other" })), news);
  deepStrictEqual(words.read(word(5, 6)), news);
  words.forget("main");
  deepStrictEqual(words.read(word(0, 1)), news);
});
