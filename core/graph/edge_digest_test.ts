import assert from "node:assert/strict";
import fc from "fast-check";
import { EdgeDigest } from "./edge_digest.ts";

function digest(texts: readonly string[]): string {
  const digest = new EdgeDigest();
  for (const text of texts) digest.add(text);
  return digest.toString();
}

Deno.test("EdgeDigest does not depend on the order", () => {
  fc.assert(fc.property(fc.array(fc.string()), (texts) => {
    assert.equal(digest(texts), digest(texts.toReversed()));
  }));
});

Deno.test("EdgeDigest tells sets apart that differ in one edge", () => {
  fc.assert(fc.property(
    fc.array(fc.stringMatching(/^[0-9a-f]{4,8}$/)),
    fc.stringMatching(/^[0-9a-f]{4,8}$/),
    fc.stringMatching(/^[0-9a-f]{4,8}$/),
    (texts, one, two) => {
      fc.pre(one !== two);
      assert.notEqual(digest([...texts, one]), digest([...texts, two]));
      assert.notEqual(digest([...texts, one]), digest(texts));
      // Ends that were swapped between two edges give other edges.
      assert.notEqual(
        digest([...texts, `a ${one}`, `b ${two}`]),
        digest([...texts, `a ${two}`, `b ${one}`]),
      );
    },
  ));
});

Deno.test("EdgeDigest has no equal among many sets of similar edges", () => {
  const seen = new Set<string>();
  for (let at = 0; at < 50_000; at++) {
    seen.add(digest([`default 000 ${at}`, `default 001 ${at}`]));
  }
  assert.equal(seen.size, 50_000);
});
