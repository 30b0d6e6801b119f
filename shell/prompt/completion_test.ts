import { deepStrictEqual } from "node:assert/strict";
import type { CompletionJson } from "@skymap/lib/client";
import { PLAIN } from "../paint.ts";
import { complete, renderChoices } from "./completion.ts";

function choices(type: string, ...texts: readonly string[]): CompletionJson[] {
  return texts.map((text) => ({ type, text }));
}

/** The line after a tab at its end, and how many choices are shown. */
function completed(
  text: string,
  start: number,
  suggestions: readonly CompletionJson[],
): readonly [string, number] {
  const end = text.length;
  const found = complete({ text, cursor: end }, { start, end, suggestions });
  return [found.buffer.text, found.choices.length];
}

Deno.test("complete() puts in what is clear and shows what is not", () => {
  const cases: readonly [
    readonly [string, number],
    string,
    number,
    readonly CompletionJson[],
  ][] = [
    [["search ", 0], "se", 0, choices("command", "search")],
    [["search is(volume", 0], "search is(vo", 10, choices("kind", "volume")],
    [
      ["search is(volume", 2],
      "search is(vo",
      10,
      choices("kind", "volume", "volume_type"),
    ],
    [
      ["search is(ec2", 2],
      "search is(ec2",
      10,
      choices("kind", "aws_ec2_volume", "aws_ec2_vpc"),
    ],
    [["nothing", 0], "nothing", 0, []],
  ];
  for (const [wanted, text, start, suggestions] of cases) {
    deepStrictEqual(completed(text, start, suggestions), wanted, text);
  }
});

Deno.test("complete() leaves what stands behind the word", () => {
  const found = complete({ text: "search is(vo) limit 3", cursor: 12 }, {
    start: 10,
    end: 12,
    suggestions: choices("kind", "volume"),
  });
  deepStrictEqual(found.buffer, {
    text: "search is(volume) limit 3",
    cursor: 16,
  });
});

Deno.test("renderChoices() tells help when there is room, and never too much", () => {
  const help = [
    { type: "kind", text: "a", help: "the first of\nthem all" },
    { type: "kind", text: "bcd", help: "x" },
  ];
  deepStrictEqual(
    renderChoices(help, { columns: 20, rows: 5 }, PLAIN),
    [
      "a    the first of …",
      "bcd  x",
    ],
  );
  deepStrictEqual(renderChoices(help, { columns: 10, rows: 5 }, PLAIN), [
    "a    bcd",
  ]);
  const nasty = [{ type: "value", text: "a\x1b[2J", help: "b\r\u009bc" }];
  deepStrictEqual(renderChoices(nasty, { columns: 40, rows: 5 }, PLAIN), [
    "a [2J  b\\u000d\\u009bc",
  ]);
  const many = choices("kind", ..."abcdefghij");
  deepStrictEqual(renderChoices(many, { columns: 6, rows: 4 }, PLAIN), [
    "a  d",
    "b  e",
    "c  f",
    "and …",
  ]);
  deepStrictEqual(renderChoices(many, { columns: 40, rows: 3 }, PLAIN), [
    "a  b  c  d  e  f  g  h  i  j",
  ]);
  deepStrictEqual(renderChoices([], { columns: 40, rows: 3 }, PLAIN), []);
});
