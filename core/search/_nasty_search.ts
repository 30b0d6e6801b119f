/**
 * Texts that are no searches, or searches that nobody would write.
 *
 * @module
 */

import fc from "fast-check";
import { EXAMPLES } from "../query/_examples.ts";
import { printQuery } from "../query/print.ts";
import { search } from "./_random_search.ts";

/** Pieces of searches about what random graphs hold. */
const PIECES: readonly string[] = [
  ...EXAMPLES.flatMap(({ text }) => text.split(/(?<=\W)|(?=\W)/)),
  ..."str num int flag when day state words numbers parts part free ip".split(
    " ",
  ),
  ..."zoo_animal zoo_volume volume resource age account region zone".split(" "),
  ..."/id /kinds /flat /desired /metadata /ancestors /usage /type".split(" "),
  ...["words[*]", "parts[*].", "parts[*].{", "free[0]", "numbers[999999999]"],
  ...["/ancestors.zoo_region.reported.name", "/descendants.volume.reported"],
  ...["in_subnet(", "has_key(", "has_desired_change(", "with(count", "with("],
  ...["-[0:]->", "<-[1:3]-", "-delete{n>1}->", "{x: -->", "{x[]: <--", "}"],
  ...[
    "aggregate(",
    "sum(num)",
    "count(x)",
    "avg(free)",
    "):",
    "sort ",
    "limit ",
  ],
  ...[
    "1e+400",
    "-0",
    "99999999999999999999",
    "1e-400",
    "0x1",
    "9007199254740993",
  ],
  ...[
    "null",
    "true",
    "[]",
    "{}",
    '"',
    "`",
    "\\",
    "\0",
    "\u2028",
    "\ud800",
    "é",
  ],
  ...["and ", "or ", "not ", "all ", "any ", "none ", "in ", "is(", "id("],
];

const piece = fc.constantFrom(...PIECES);

/** Patterns that are slow where they are matched by trying, or that are none. */
const PATTERNS: readonly string[] = [
  "(a+)+$",
  "(a|aa)+$",
  "(.*a){25}",
  "(x+x+)+y",
  "a{1000}{1000}",
  "a{1001}",
  "(?<=a)b",
  "(?=a)",
  "(a)\\1",
  "[[:nope:]]",
  "\\p{Nope}",
  "\\",
  "*",
  "(?P<n>a",
  "(?i)A",
  "((((((((((a*)*)*)*)*)*)*)*)*)*)*$",
  "[^]",
  "\\C",
  "\\x{110000}",
];

const valid = search.map(printQuery);

const mutated = fc.tuple(
  fc.oneof(valid, fc.constantFrom(...EXAMPLES.map(({ text }) => text))),
  fc.array(
    fc.record({
      at: fc.nat(1_000),
      other: fc.nat(1_000),
      put: piece,
      how: fc.constantFrom("delete", "double", "swap", "insert", "replace"),
    }),
    { minLength: 1, maxLength: 3 },
  ),
).map(([text, changes]) => {
  const words = text.split(/(?<=\W)|(?=\W)/);
  for (const { at, other, put, how } of changes) {
    const from = at % words.length;
    const to = other % words.length;
    const [a = "", b = ""] = [words[from], words[to]];
    switch (how) {
      case "delete":
        words.splice(from, 1);
        break;
      case "double":
        words.splice(from, 0, a);
        break;
      case "swap":
        words[from] = b;
        words[to] = a;
        break;
      case "insert":
        words.splice(from, 0, put);
        break;
      default:
        words[from] = put;
    }
    if (words.length === 0) words.push("");
  }
  return words.join("");
});

const nested = fc.tuple(
  fc.constantFrom(
    ["(", "num > 1", ")"],
    ["not ", "num > 1", ""],
    ["not(", "words any = a", ")"],
    ["parts[*].{inner[*].{", "z = 1", "}}"],
    ["part.{", "x = 1", "}"],
    ["num > 1 and (str = a or ", "flag = true", ")"],
    ["with(any, --> ", "all", ")"],
    ["all {x: --> ", "all", "}"],
    ["free = ", "1", ""],
    ["free = [", "1", "]"],
    ["free = {a: ", "1", "}"],
  ),
  fc.nat(200),
).map(([[open = "", middle = "", close = ""], depth]) =>
  open.repeat(depth) + middle + close.repeat(depth)
);

const long = fc.tuple(
  fc.constantFrom(
    ["free in [", '"x",', "1]"],
    ["is(", "zoo_cat,", "zoo_animal)"],
    ["id(", "a,", "b)"],
    ["free.", "a.", "b = 1"],
    ["free", "[*]", " = 1"],
    ["free", "[0]", " = 1"],
    ["all sort ", "num,", "str"],
    ["", "num > 1 and ", "all"],
    ["", "num > 1 or ", "all"],
    ["all", " -->", ""],
    ["", "parts[*].x != 1 or ", "all"],
    ["aggregate(", "num,", "str: sum(1)): all"],
    ["has_key(tags, [", "a,", "b])"],
  ),
  fc.constantFrom(2, 10, 50, 100, 400),
).map(([[start = "", each = "", end = ""], times]) =>
  start + each.repeat(times) + end
);

const pattern = fc.tuple(
  fc.constantFrom("str", "words[*]", "/flat", "free", "words any"),
  fc.constantFrom("=~", "!~"),
  fc.oneof(
    fc.constantFrom(...PATTERNS),
    fc.string({
      unit: fc.constantFrom(..."ab*+?()[]{}|\\.^$1,:=<P"),
      maxLength: 12,
    }),
  ),
).map(([path, operator, text]) =>
  `${path} ${operator} "${text.replaceAll(/["\\]/g, "\\$&")}"`
);

/** Any text that may be sent in place of a search. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) =>
      new TextDecoder().decode(bytes)
    ),
  },
  {
    weight: 3,
    arbitrary: fc.array(piece, { maxLength: 14 }).map((all) => all.join("")),
  },
  {
    weight: 3,
    arbitrary: fc.array(piece, { maxLength: 10 }).map((all) => all.join(" ")),
  },
  { weight: 8, arbitrary: mutated },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: long },
  { weight: 3, arbitrary: pattern },
);
