import { deepStrictEqual } from "node:assert/strict";
import { type Key, KeyReader } from "./keys.ts";

const encoder = new TextEncoder();

/** The keys of some pieces, in short: text in quotes, keys by their names. */
function keys(...pieces: readonly string[]): readonly string[] {
  const reader = new KeyReader();
  const shown = (key: Key) => key.type === "text" ? `"${key.text}"` : key.name;
  return pieces.flatMap((piece) =>
    reader.read(encoder.encode(piece)).map(shown)
  );
}

Deno.test("KeyReader.read() knows keys, text and what is pasted", () => {
  const cases: readonly [readonly string[], readonly string[]][] = [
    [["abc"], ['"abc"']],
    [["a\r"], ['"a"', "enter"]],
    [["\x03\x12\x04\t\x7f"], [
      "ctrl-c",
      "ctrl-r",
      "ctrl-d",
      "tab",
      "backspace",
    ]],
    [["\x1b[A\x1b[B\x1bOC\x1b[H\x1b[3~"], [
      "up",
      "down",
      "right",
      "home",
      "delete",
    ]],
    [["\x1bb\x1b[1;5C\x1b\x7f"], ["alt-b", "alt-f", "alt-backspace"]],
    [["\x1b"], ["escape"]],
    [["\x1b[200~one\rtwo\x1b[201~x"], ['"one\ntwo"', '"x"']],
    // What is not whole waits for the rest.
    [["\x1b[", "A"], ["up"]],
    [["\x1b[200~on", "e\x1b[201", "~"], ['"one"']],
    [["\x1b[99;9u"], []],
    [["grün \u{1F600}"], ['"grün \u{1F600}"']],
  ];
  for (const [pieces, wanted] of cases) {
    deepStrictEqual(keys(...pieces), wanted, JSON.stringify(pieces));
  }
});

Deno.test("KeyReader.read() joins a letter that was cut", () => {
  const reader = new KeyReader();
  const [first, second] = [...encoder.encode("ü")];
  deepStrictEqual(reader.read(Uint8Array.of(first ?? 0)), []);
  deepStrictEqual(reader.read(Uint8Array.of(second ?? 0)), [
    { type: "text", text: "ü" },
  ]);
});
