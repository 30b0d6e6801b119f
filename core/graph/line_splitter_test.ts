import assert from "node:assert/strict";
import fc from "fast-check";
import { LineSplitter } from "./line_splitter.ts";

function split(bytes: Uint8Array, cuts: readonly number[]): string[] {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  let from = 0;
  for (const to of places.sort((one, two) => one - two)) {
    lines.push(...splitter.push(bytes.subarray(from, to)));
    from = to;
  }
  const last = splitter.end();
  if (last !== undefined) lines.push(last);
  assert.equal(splitter.lines, lines.length);
  return lines;
}

Deno.test("LineSplitter gives the same lines however the bytes are cut", () => {
  fc.assert(fc.property(
    fc.array(
      fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", "")),
    ),
    fc.array(fc.nat()),
    (lines, cuts) => {
      const text = lines.map((line) => `${line}\n`).join("");
      // A mark at the start of a stream says how its bytes are ordered.
      if (text.startsWith("\ufeff")) return;
      assert.deepEqual(split(new TextEncoder().encode(text), cuts), lines);
    },
  ));
});

Deno.test("LineSplitter gives a last line without its end", () => {
  assert.deepEqual(split(new TextEncoder().encode("a\nb"), []), ["a", "b"]);
});

Deno.test("LineSplitter refuses a line that never ends", () => {
  const splitter = new LineSplitter(10);
  splitter.push(new TextEncoder().encode("ok\n12345678"));
  assert.throws(
    () => splitter.push(new TextEncoder().encode("9012")),
    /Cannot read line 2: it is longer than 10 characters/,
  );
});
