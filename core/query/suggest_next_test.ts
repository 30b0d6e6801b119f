import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { EXAMPLES } from "./_examples.ts";
import { isSearch } from "./parse.ts";
import { printPath } from "./print.ts";
import { suggestNext } from "./suggest_next.ts";

/** What is suggested at the bar of a text, in short. */
function at(text: string): Record<string, unknown> {
  const offset = text.indexOf("|");
  const { expected, words, prefix, property } = suggestNext(
    text.replace("|", ""),
    offset,
  );
  return {
    expected: expected.join(" "),
    words: words.join(" "),
    prefix,
    property: property === undefined ? "" : printPath(property),
  };
}

Deno.test("suggestNext() tells what may come, and of which property", () => {
  const none = { expected: "", words: "", prefix: "", property: "" };
  const clauses = "with limit reversed sort";
  const cases: readonly [string, Partial<typeof none>][] = [
    ["is(|", { expected: "kind", words: "[" }],
    ["is(vol|", { expected: "kind", prefix: "vol" }],
    ["is(volume, in|", { expected: "kind", prefix: "in" }],
    ["id(|)", { expected: "id", words: "[" }],
    ["is(a) so|rt", { words: "sort", prefix: "so" }],
    ["is(a) and vo|", { expected: "property text", prefix: "vo" }],
    ["tags.ow|", { expected: "property text", prefix: "tags.ow" }],
    ["is(a) sort na|", { expected: "property", prefix: "na" }],
    ["volume_size |", {
      words: "!= !~ .{ < <= = == =~ > >= all any in none not in ~",
      property: "volume_size",
    }],
    ["volume_size n|", {
      words: "none not in",
      prefix: "n",
      property: "volume_size",
    }],
    ["state = |", { expected: "value", property: "state" }],
    ["state = ru|", { expected: "value", prefix: "ru", property: "state" }],
    ['state = "ru n|', {
      expected: "value",
      prefix: '"ru n',
      property: "state",
    }],
    ["parts[*].{x = |", { expected: "value", property: "parts[*].x" }],
    ["/a.{b.{c = |", { expected: "value", property: "/a.b.c" }],
    ["is(a) -{le|", { expected: "edge_property", prefix: "le" }],
    ["is(a) -d|", { words: "default delete", prefix: "d" }],
    ["is(a) with(|", { words: "any count empty" }],
    ["is(a) limit |", { expected: "number" }],
    ["is(a) limit 3 so|", { prefix: "so", words: "sort" }],
    ["aggregate(kind: su|", { words: "sum", prefix: "su" }],
    ["aggregate(kind: sum(|", { expected: "number property" }],
    ["with_usage(|", { expected: "time" }],
    ["all #|", { expected: "name" }],
    ["{|", { expected: "name" }],
    // Behind what is no search nothing may stand.
    ["is(a) < b |", {}],
  ];
  for (const [text, wanted] of cases) {
    const found = at(text);
    deepStrictEqual(
      { ...found, ...(wanted.expected === undefined && { expected: "" }) },
      { ...none, ...wanted },
      text,
    );
  }
  const start = at("|");
  deepStrictEqual(start.expected, "property text");
  for (const word of [...clauses.split(" "), "is", "not", "-->", "aggregate"]) {
    ok(String(start.words).split(" ").includes(word), word);
  }
});

Deno.test("suggestNext() suggests each word of the examples where it stands", () => {
  for (const { canonical } of EXAMPLES) {
    if (canonical === undefined) continue;
    for (const { 0: word, index } of canonical.matchAll(/[a-z_]{2,}(?= )/g)) {
      const isKeyword = ["and", "or", "sort", "limit", "reversed", "desc"]
        .includes(word);
      if (!isKeyword) continue;
      const { words } = suggestNext(canonical, index + 1);
      ok(words.includes(word), `${canonical} at ${index}: ${words.join(" ")}`);
    }
  }
});

Deno.test("suggestNext() answers at every place of any text", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...EXAMPLES),
      fc.string({ maxLength: 6 }),
      fc.nat(200),
      ({ text }, noise, place) => {
        const offset = place % (text.length + 1);
        const mutated = text.slice(0, offset) + noise;
        const { start, prefix } = suggestNext(mutated, mutated.length);
        deepStrictEqual(mutated.slice(start), prefix);
      },
    ),
    { numRuns: 200 },
  );
  ok(isSearch("all") && !isSearch("all all"));
});
