import { strictEqual } from "node:assert/strict";
import { edit, type EditBuffer, insert } from "./edit_buffer.ts";

/** A text with its cursor at the bar. */
function buffer(text: string): EditBuffer {
  return { text: text.replace("|", ""), cursor: text.indexOf("|") };
}

function shown({ text, cursor }: EditBuffer): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

Deno.test("edit() moves and deletes as keys say", () => {
  const cases: readonly [string, string, string][] = [
    ["ab|c", "left", "a|bc"],
    ["|abc", "left", "|abc"],
    ["ab|c", "right", "abc|"],
    ["a\u{1F468}\u200d\u{1F469}|c", "left", "a|\u{1F468}\u200d\u{1F469}c"],
    ["one\ntw|o", "home", "one\n|two"],
    ["on|e\ntwo", "end", "one|\ntwo"],
    ["ab|c", "ctrl-a", "|abc"],
    ["ab|c", "backspace", "a|c"],
    ["|abc", "backspace", "|abc"],
    ["ab|c", "ctrl-d", "ab|"],
    ["ab|c", "delete", "ab|"],
    ["is(foo) a|b", "ctrl-u", "|b"],
    ["is(fo|o) ab", "ctrl-k", "is(fo|"],
    ["search is(foo)|", "ctrl-w", "search |"],
    ["search is(foo)|", "alt-backspace", "search is(|"],
    ["search is(foo)|", "alt-b", "search is(|foo)"],
    ["|search is(foo)", "alt-f", "search| is(foo)"],
    ["search |is(foo)", "alt-d", "search |(foo)"],
  ];
  for (const [before, key, after] of cases) {
    const edited = edit(buffer(before), key);
    strictEqual(edited && shown(edited), after, `${before} ${key}`);
  }
  strictEqual(edit(buffer("a|"), "ctrl-x"), undefined);
  strictEqual(edit(buffer("a|"), "constructor"), undefined);
});

Deno.test("edit() gives back what was cut", () => {
  const cut = edit(buffer("search is(foo)|"), "ctrl-w");
  const back = cut && edit(insert(cut, "x "), "ctrl-y");
  strictEqual(back && shown(back), "search x is(foo)|");
});
