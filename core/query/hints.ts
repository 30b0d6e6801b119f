/**
 * What to write instead of what other languages have.
 *
 * @module
 */

import type { TokenType } from "chevrotain";
import { nearestWord } from "./nearest_word.ts";
import type { QueryToken } from "./tokenize.ts";
import * as t from "./tokens.ts";
import { AGGREGATE_NAMES, FUNCTION_NAMES } from "./words.ts";

/** A place where a search goes wrong. */
export interface WrongPlace {
  /** The search. */
  readonly text: string;
  /** Where it goes wrong. */
  readonly offset: number;
  /** The tokens before. */
  readonly before: readonly QueryToken[];
  /** What could stand there. */
  readonly expected: readonly TokenType[];
  /** The column of an offset in what a person wrote. */
  readonly columnOf: (offset: number) => number;
}

type Groups = readonly (string | undefined)[];

/** What stands at a place, what before it, and what to write instead. */
interface Rule {
  readonly at: RegExp;
  readonly behind?: RegExp;
  readonly hint: string | ((at: Groups, behind: Groups) => string);
}

const instead = (right: string, wrong: string) =>
  `write ${right} instead of ${wrong}`;

/** Mistakes that can be told by the characters around them; the first counts. */
const RULES: readonly Rule[] = [
  {
    at: /^(?:select|from)\b/i,
    behind: /^\s*$/,
    hint: "this is no SQL, write is(volume) and volume_size > 3",
  },
  {
    at: /^/,
    behind: /^\s*select\b/i,
    hint: "this is no SQL, write is(volume) and volume_size > 3",
  },
  {
    at: /^/,
    behind: /^\s*(search|query)\s+$/i,
    hint: (_, [, word]) =>
      `a search starts with its terms, leave out "${word}"`,
  },
  {
    at: /^'([^']*)'?/,
    hint: ([, text]) => `strings stand in double quotes, write "${text}"`,
  },
  { at: /^[“”„«»]/, hint: 'strings stand in straight double quotes (")' },
  { at: /^>/, behind: /=$/, hint: instead('">="', '"=>"') },
  { at: /^</, behind: /=$/, hint: instead('"<="', '"=<"') },
  { at: /^>/, behind: /<$/, hint: instead('"!="', '"<>"') },
  { at: /^=/, behind: /==$/, hint: instead('"=="', '"==="') },
  { at: /^=/, behind: /!=$/, hint: instead('"!="', '"!=="') },
  { at: /^~/, behind: /!=$/, hint: instead('"!~"', '"!=~"') },
  {
    at: /^\d+/,
    behind: /[<>=]\s*-\s+$/,
    hint: ([number]) => `write -${number} without a blank`,
  },
  { at: /^=/, behind: /~$/, hint: instead('"=~"', '"~="') },
  { at: /^>/, behind: /-$/, hint: 'write "-->" for one step along the edges' },
  { at: /^&&?/, hint: instead('"and"', '"&&"') },
  { at: /^\|\|/, hint: instead('"or"', '"||"') },
  {
    at: /^\|/,
    hint:
      'a "|" belongs to a command line, and alternatives are joined by "or"',
  },
  { at: /^!/, hint: instead('"not"', '"!"') },
  { at: /^;/, hint: "leave it out, there is one search at a time" },
  { at: /^\*/, hint: instead('"all"', '"*"') },
  { at: /^`/, hint: "a backtick has no second one" },
  {
    at: /^[.[]/,
    behind: /[\w\]`.]$/,
    hint: "a step of a property is .name, .`any text`, [0] or [*]",
  },
  {
    at: /^not\s+i?like\b/i,
    hint: 'write !~ "^web-" to compare with a pattern',
  },
  {
    at: /^i?like\b/i,
    hint: 'write =~ "^web-" to compare with a pattern',
  },
  {
    at: /^(?:contains|matches|regexp?|startswith|starts_with)\b/i,
    hint: 'write =~ "text" for texts, has_key(…) for keys, any = for lists',
  },
  { at: /^is\s+not\s+null\b/i, hint: "write != null" },
  { at: /^is\s+null\b/i, hint: "write = null" },
  { at: /^between\b/i, hint: "write a >= 1 and a <= 5" },
  {
    at: /^in\s*\(/i,
    hint: "lists stand in square brackets, write in [1, 2]",
  },
  {
    at: /^\(/,
    behind: /\bin\s*$/,
    hint: "lists stand in square brackets, write in [1, 2]",
  },
  {
    at: /^,/,
    behind: /\bin\s+[^\s[]+\s*$/,
    hint: "lists stand in square brackets, write in [1, 2]",
  },
  {
    at: /^order(?:\s+by)?\s+(\S+)/i,
    hint: ([, key = ""]) => `write sort ${key}`,
  },
  {
    at: /^by\s+(\S+)/i,
    behind: /\border\s+$/i,
    hint: ([, key = ""]) => `write sort ${key}`,
  },
  {
    at: /^(?:by|group)\b/i,
    hint: "write aggregate(kind: sum(1) as count): in front of the search",
  },
  {
    at: /^(?:where|having)\b/i,
    hint: 'a condition needs no word before it; conditions are joined by "and"',
  },
  {
    at: /^offset\s+(\d+)/i,
    behind: /\blimit\s+(\d+)\s+$/,
    hint: ([, offset], [, length]) =>
      `write limit ${offset}, ${length}: how many are left out, then how many are taken`,
  },
  {
    at: /^offset\b/i,
    hint: "write limit 20, 10: how many are left out, then how many are taken",
  },
  { at: /^(?:skip|top|first)\b/i, hint: "write limit 10, or limit 20, 10" },
  {
    at: /^(days?|weeks?|months?|years?|hours?|minutes?|seconds?)\b/i,
    behind: /\d\s+$/,
    hint: ([unit]) => `write the duration as one word, 3${unit}`,
  },
];

const BRACKETS: ReadonlyMap<string, TokenType> = new Map([
  [")", t.R_PAREN],
  ["]", t.R_BRACKET],
  ["}", t.R_BRACE],
]);

/** Words that start a term when a bracket follows. */
const CALLABLE: readonly string[] = ["is", "id", "with", ...FUNCTION_NAMES];

const OPENING: ReadonlyMap<TokenType, TokenType> = new Map([
  [t.L_PAREN, t.R_PAREN],
  [t.L_BRACE, t.R_BRACE],
  [t.BLOCK, t.R_BRACE],
  [t.L_BRACKET, t.R_BRACKET],
]);

/** Words that end a property wrongly when they are in capitals. */
const KEYWORDS: readonly string[] =
  "and or not in is id all sort limit with reversed aggregate asc desc".split(
    " ",
  );

/**
 * What a person should write at a place where a search goes wrong, for mistakes
 * that are known from other languages.
 */
export function knownMistake(place: WrongPlace): string | undefined {
  const { text, offset, before } = place;
  const at = text.slice(offset, offset + 200);
  const behind = text.slice(Math.max(0, offset - 200), offset);
  return short(ruleHint(at, behind) ?? wordHint(at, before));
}

/** What a person may have meant at a place where a search goes wrong. */
export function hintAt(place: WrongPlace): string | undefined {
  return short(
    danglingHint(place.before) ?? bracketHint(place) ?? valueHint(place) ??
      textHint(place),
  );
}

/** Characters of a hint at most; one that repeats a long text helps nobody. */
const MAX_CHARS = 500;

function short(hint: string | undefined): string | undefined {
  return hint === undefined || hint.length > MAX_CHARS ? undefined : hint;
}

function ruleHint(at: string, behind: string): string | undefined {
  for (const { at: pattern, behind: lead, hint } of RULES) {
    const match = pattern.exec(at);
    const leading = lead === undefined ? [] : lead.exec(behind);
    if (match === null || leading === null) continue;
    return typeof hint === "string" ? hint : hint(match, leading);
  }
  return undefined;
}

/** Keywords in capitals, functions that are none, `is volume`, `a not 3`. */
function wordHint(
  at: string,
  before: readonly QueryToken[],
): string | undefined {
  const last = before.at(-1);
  const name = last?.tokenType === t.PATH ? last.image : "";
  const word = /^[A-Za-z_]\w*/.exec(at)?.[0] ?? "";
  for (const written of [word, name]) {
    const small = written.toLowerCase();
    if (written !== small && KEYWORDS.includes(small)) {
      return `keywords are written small, write ${small}`;
    }
  }
  if (name === "") return undefined;
  if (at.startsWith("(")) {
    if (AGGREGATE_NAMES.some((known) => known === name)) {
      return `write aggregate(${name}(…)): in front of the search`;
    }
    const near = nearestWord(name, CALLABLE);
    return `"${name}" is no function, ` +
      (near === undefined
        ? `there are ${CALLABLE.join(", ")}`
        : `did you mean "${near}"?`);
  }
  if (word === "not") return "write != for one value, not in for a list";
  return (name === "is" || name === "id") && word !== ""
    ? `write ${name}(${word})`
    : undefined;
}

/** A connective with nothing behind it. */
function danglingHint(before: readonly QueryToken[]): string | undefined {
  const last = before.at(-1);
  const isDangling = last !== undefined &&
    [t.AND, t.OR, t.NOT].includes(last.tokenType);
  return isDangling
    ? `a condition is missing after "${last.image}"`
    : undefined;
}

/** A bracket without its other half. */
function bracketHint(
  { text, offset, before, columnOf }: WrongPlace,
): string | undefined {
  const open: QueryToken[] = [];
  for (const token of before) {
    if (OPENING.has(token.tokenType)) open.push(token);
    else if ([...OPENING.values()].includes(token.tokenType)) open.pop();
  }
  const last = open.at(-1);
  const found = text[offset];
  if (last === undefined) {
    return found !== undefined && BRACKETS.has(found)
      ? `no bracket is open that "${found}" could close`
      : undefined;
  }
  const closes = OPENING.get(last.tokenType) === BRACKETS.get(found ?? "");
  if (offset < text.length && (closes || !BRACKETS.has(found ?? ""))) {
    return undefined;
  }
  return `the "${last.image}" at column ${
    columnOf(last.startOffset)
  } has no end`;
}

/** Words up to a keyword or sign. */
const WORDS = /^[\w.:/-]+(?:\s+(?!(?:and|or|sort|limit|reversed)\b)[\w.:/-]+)*/;

/** Values with signs in them, and what stands behind a whole comparison. */
function valueHint(
  { text, offset, before, expected }: WrongPlace,
): string | undefined {
  const last = before.at(-1);
  const sign = /^[^\s\w"'=<>,()[\]{}]\S*/.exec(text.slice(offset))?.[0];
  if (sign !== undefined && expected.includes(t.VALUE)) {
    return `values with signs stand in double quotes, write "${sign}"`;
  }
  if (last?.tokenType !== t.VALUE) return undefined;
  const at = text.slice(offset);
  if (
    /^[A-Za-z_`/][\w.`[\]*-]*\s*(?:[=<>~]|!=|!~|\.\{|(?:not\s+)?in[\s[])/.test(
      at,
    )
  ) {
    return 'conditions are joined by "and" or "or"';
  }
  const words = WORDS.exec(at)?.[0];
  return words === undefined || !/^\w/.test(last.image)
    ? undefined
    : `write "${last.image} ${words}" in double quotes if it is one value`;
}

/** Words that are neither compared nor in quotes. */
function textHint(
  { text, offset, before, expected }: WrongPlace,
): string | undefined {
  const last = before.at(-1);
  if (last?.tokenType !== t.PATH || !expected.includes(t.OPERATOR)) {
    return undefined;
  }
  const at = text.slice(offset);
  const word = /^[\w-]+(?:\s+[\w-]+)*(?=\s*$)/.exec(at)?.[0];
  if (at.trim() !== "" && word === undefined) return undefined;
  const words = [last.image, ...(word === undefined ? [] : [word])].join(" ");
  return `write "${words}" in double quotes to search for text, or compare: ` +
    `${last.image} = …`;
}
