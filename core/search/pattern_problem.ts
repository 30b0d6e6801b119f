/**
 * Whether the index understands a regular expression.
 *
 * The index has RE2, which runs in linear time and knows no lookaround and no
 * references. Its own error would come without a place, and only when rows are
 * read. It cannot be interrupted within some thousand texts, and a pattern whose
 * repetitions do not fit its cache takes it a thousand times as long: so these
 * are limited.
 *
 * @module
 */

/** What is wrong with a pattern. */
export interface PatternProblem {
  /** Where, from 0. */
  readonly offset: number;
  /** What. */
  readonly problem: string;
}

const ESCAPES = new Set("afnrtvdDsSwWbBAzC");
const CLASS_ESCAPES = new Set("afnrtvdDsSwW");
const CLASSES = new Set("dDsSwW");
const POSIX = /\[:\^?(\w*):\]/y;
const POSIX_NAMES = new Set(
  "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit"
    .split(" "),
);
const HEX = /\\x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})/y;
const OCTAL = /\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/y;
const PROPERTY = /\\[pP](?:\{\^?\w+\}|[A-Z])/y;
const LITERAL = /\\Q[^]*?(?:\\E|$)/y;
const GROUP = /\(\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?:)/y;
const FLAGS = /\(\?[imsU]*(?:-[imsU]+)?\)/y;
const LOOK = /\(\?<?[=!]/y;
const REPEAT = /\{(\d+)(,(\d*))?\}/y;

/** Repetitions that RE2 allows. */
const MAX_REPEAT = 1_000;

/** Size of what is repeated in a pattern, at most, written out. */
const MAX_SIZE = 600;

/** Size of a class of Unicode; of any other character it is 1. */
const UNICODE_SIZE = 50;

/** What a piece of a pattern becomes when its repetitions are written out. */
interface Size {
  readonly all: number;
  /** What counts for the limit: long texts and lists of names do not. */
  readonly limited: number;
}

const NOTHING: Size = { all: 0, limited: 0 };
const CHARACTER: Size = { all: 1, limited: 0 };
const UNICODE: Size = { all: UNICODE_SIZE, limited: UNICODE_SIZE };

function plus(one: Size, other: Size): Size {
  return {
    all: one.all + other.all,
    limited: one.limited + other.limited,
  };
}

/** A group that has not ended. */
interface OpenGroup {
  readonly offset: number;
  /** What stands before it. */
  readonly before: Size;
}

/** What is wrong with a pattern, or undefined. */
export function patternProblem(pattern: string): PatternProblem | undefined {
  try {
    new PatternReader(pattern).read();
  } catch (thrown) {
    if (thrown instanceof Wrong) return thrown.found;
    throw thrown;
  }
  return undefined;
}

class Wrong extends Error {
  readonly found: PatternProblem;

  constructor(found: PatternProblem) {
    super(found.problem);
    this.found = found;
  }
}

class PatternReader {
  readonly #text: string;
  readonly #groups: OpenGroup[] = [];
  #at = 0;
  /** Of the group up to the last term. */
  #before = NOTHING;
  #last = NOTHING;
  /** Whether there is something that `*` may repeat. */
  #isTerm = false;
  #isRepeated = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    while (this.#at < this.#text.length) this.#step();
    const open = this.#groups.at(-1);
    if (open !== undefined) this.#fail('this "(" has no end', open.offset);
  }

  #fail(problem: string, offset: number = this.#at): never {
    throw new Wrong({ offset, problem });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #term(length: number, size: Size = CHARACTER): void {
    this.#before = plus(this.#before, this.#last);
    this.#grow(size);
    this.#at += length;
    this.#isTerm = true;
    this.#isRepeated = false;
  }

  /** Sets the size of the last term. */
  #grow(size: Size): void {
    this.#last = size;
    const { limited } = plus(this.#before, size);
    if (limited <= MAX_SIZE) return;
    this.#fail(
      `the repetitions of the pattern are ${limited} characters when written ` +
        `out, at most ${MAX_SIZE} are possible`,
    );
  }

  #step(): void {
    const character = this.#text[this.#at] ?? "";
    switch (character) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#class();
      case "(":
        return this.#open();
      case ")":
        return this.#close();
      case "|":
        this.#at++;
        this.#isTerm = false;
        this.#isRepeated = false;
        return;
      case "*":
      case "+":
      case "?":
        return this.#repeat(1, ({ all, limited }) => ({
          all: all + 1,
          limited: limited === 0 ? 0 : limited + 1,
        }));
      case "{": {
        const repeat = this.#match(REPEAT);
        if (repeat === null) return this.#term(1);
        const [image, least = "", comma, most = ""] = repeat;
        const from = Number(least);
        const to = comma === undefined || most === "" ? from : Number(most);
        if (from > MAX_REPEAT || to > MAX_REPEAT) {
          this.#fail(`at most ${MAX_REPEAT} repetitions are possible`);
        }
        if (to < from) this.#fail(`${to} is less than ${from}`);
        const choices = Math.max(to - from, comma === undefined ? 0 : 1);
        return this.#repeat(image.length, ({ all, limited }) => {
          const size = all * Math.max(to, 1) + choices;
          return { all: size, limited: to > 1 ? size : limited };
        });
      }
      default:
        return this.#term(1);
    }
  }

  #repeat(length: number, sizeOf: (term: Size) => Size): void {
    if (!this.#isTerm) {
      const sign = this.#text[this.#at];
      this.#fail(
        `there is nothing to repeat, write \\${sign} for the sign itself`,
      );
    }
    if (this.#isRepeated) this.#fail("a repetition cannot be repeated");
    this.#grow(sizeOf(this.#last));
    this.#at += length;
    if (this.#text[this.#at] === "?") this.#at++;
    this.#isRepeated = true;
  }

  #begin(length: number): void {
    const before = plus(this.#before, this.#last);
    this.#groups.push({ offset: this.#at, before });
    this.#before = NOTHING;
    this.#last = NOTHING;
    this.#at += length;
  }

  #close(): void {
    const group = this.#groups.pop();
    if (group === undefined) this.#fail('no "(" is open for this ")"');
    const size = plus(this.#before, this.#last);
    this.#before = group.before;
    this.#last = NOTHING;
    this.#term(1, size);
  }

  #open(): void {
    if (this.#text[this.#at + 1] !== "?") {
      this.#begin(1);
    } else {
      if (this.#match(LOOK) !== null) {
        this.#fail("patterns cannot look ahead or behind");
      }
      const flags = this.#match(FLAGS);
      if (flags !== null) {
        this.#at += flags[0].length;
        this.#isRepeated = false;
        return;
      }
      const group = this.#match(GROUP);
      if (group === null) this.#fail("there is no such group");
      this.#begin(group[0].length);
    }
    this.#isTerm = false;
    this.#isRepeated = false;
  }

  #escape(): void {
    const literal = this.#match(LITERAL);
    if (literal !== null) {
      const { length } = literal[0];
      return this.#term(length, { all: length, limited: 0 });
    }
    const size = this.#match(PROPERTY) === null ? CHARACTER : UNICODE;
    this.#term(this.#escapeLength(ESCAPES), size);
  }

  #escapeLength(known: ReadonlySet<string>): number {
    const next = this.#text[this.#at + 1];
    if (next === undefined) this.#fail("a backslash escapes nothing");
    const long = this.#match(HEX) ?? this.#match(OCTAL) ??
      this.#match(PROPERTY);
    if (long !== null) return long[0].length;
    if (/[1-9]/.test(next)) {
      this.#fail("patterns cannot refer to their groups");
    }
    const isSign = next < "\x80" && !/[A-Za-z0-9]/.test(next);
    if (!isSign && !known.has(next)) {
      this.#fail(`"\\${next}" is no escape`);
    }
    return 2;
  }

  #class(): void {
    const start = this.#at;
    this.#at++;
    if (this.#text[this.#at] === "^") this.#at++;
    let size = CHARACTER;
    for (let isFirst = true;; isFirst = false) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail('this "[" has no end', start);
      if (character === "]" && !isFirst) return this.#term(1, size);
      const posix = this.#match(POSIX);
      if (posix !== null) {
        if (!POSIX_NAMES.has(posix[1] ?? "")) {
          this.#fail(`${posix[0]} is no class`);
        }
        this.#at += posix[0].length;
        continue;
      }
      if (this.#match(PROPERTY) !== null) size = UNICODE;
      const low = this.#classCharacter();
      const isRange = low !== undefined && this.#text[this.#at] === "-" &&
        this.#text[this.#at + 1] !== "]" &&
        this.#text[this.#at + 1] !== undefined;
      if (!isRange) continue;
      const from = this.#at;
      this.#at++;
      const high = this.#classCharacter();
      if (high === undefined || high < low) {
        this.#fail("the range ends before it starts", from);
      }
    }
  }

  /** Code of the next character of a class; undefined for several. */
  #classCharacter(): number | undefined {
    const at = this.#at;
    if (this.#text[at] !== "\\") {
      const code = this.#text.codePointAt(at) ?? 0;
      this.#at += code > 0xffff ? 2 : 1;
      return code;
    }
    const next = this.#text[at + 1] ?? "";
    this.#at += this.#escapeLength(CLASS_ESCAPES);
    if (CLASSES.has(next) || next === "p" || next === "P") return undefined;
    const image = this.#text.slice(at, this.#at);
    if (next === "x") return parseInt(image.replace(/[\\x{}]/g, ""), 16);
    if (/\d/.test(next)) return parseInt(image.slice(1), 8);
    const named = "afnrtv".indexOf(next);
    return named === -1
      ? next.codePointAt(0)
      : "\x07\f\n\r\t\v".codePointAt(named);
  }
}
