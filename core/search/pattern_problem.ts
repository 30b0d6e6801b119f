/**
 * Whether the index understands a regular expression.
 *
 * The index has RE2, which runs in linear time and knows no lookaround and no
 * references. Its own error would come without a place, and only when rows are
 * read.
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
const FLAGS = /\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)\)/y;
const LOOK = /\(\?<?[=!]/y;
const REPEAT = /\{(\d+)(,(\d*))?\}/y;

/** Repetitions that RE2 allows. */
const MAX_REPEAT = 1_000;

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
  readonly #groups: number[] = [];
  #at = 0;
  /** Whether there is something that `*` may repeat. */
  #isTerm = false;
  #isRepeated = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    while (this.#at < this.#text.length) this.#step();
    const open = this.#groups.at(-1);
    if (open !== undefined) this.#fail('this "(" has no end', open);
  }

  #fail(problem: string, offset: number = this.#at): never {
    throw new Wrong({ offset, problem });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #term(length: number): void {
    this.#at += length;
    this.#isTerm = true;
    this.#isRepeated = false;
  }

  #step(): void {
    const character = this.#text[this.#at] ?? "";
    switch (character) {
      case "\\":
        return this.#escape(ESCAPES);
      case "[":
        return this.#class();
      case "(":
        return this.#open();
      case ")":
        if (this.#groups.pop() === undefined) {
          this.#fail('no "(" is open for this ")"');
        }
        return this.#term(1);
      case "|":
        this.#at++;
        this.#isTerm = false;
        this.#isRepeated = false;
        return;
      case "*":
      case "+":
      case "?":
        return this.#repeat(1);
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
        return this.#repeat(image.length);
      }
      default:
        return this.#term(1);
    }
  }

  #repeat(length: number): void {
    if (!this.#isTerm) {
      const sign = this.#text[this.#at];
      this.#fail(
        `there is nothing to repeat, write \\${sign} for the sign itself`,
      );
    }
    if (this.#isRepeated) this.#fail("a repetition cannot be repeated");
    this.#at += length;
    if (this.#text[this.#at] === "?") this.#at++;
    this.#isRepeated = true;
  }

  #open(): void {
    if (this.#text[this.#at + 1] !== "?") {
      this.#groups.push(this.#at);
      this.#at++;
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
      this.#groups.push(this.#at);
      this.#at += group[0].length;
    }
    this.#isTerm = false;
    this.#isRepeated = false;
  }

  #escape(known: ReadonlySet<string>): void {
    const next = this.#text[this.#at + 1];
    if (next === undefined) this.#fail("a backslash escapes nothing");
    const inClass = known !== ESCAPES;
    const long = this.#match(HEX) ?? this.#match(OCTAL) ??
      this.#match(PROPERTY) ?? (inClass ? null : this.#match(LITERAL));
    if (long !== null) return this.#term(long[0].length);
    if (/[1-9]/.test(next)) {
      this.#fail("patterns cannot refer to their groups");
    }
    const isSign = next < "\x80" && !/[A-Za-z0-9]/.test(next);
    if (!isSign && !known.has(next)) {
      this.#fail(`"\\${next}" is no escape`);
    }
    this.#term(2);
  }

  #class(): void {
    const start = this.#at;
    this.#at++;
    if (this.#text[this.#at] === "^") this.#at++;
    for (let isFirst = true;; isFirst = false) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail('this "[" has no end', start);
      if (character === "]" && !isFirst) return this.#term(1);
      const posix = this.#match(POSIX);
      if (posix !== null) {
        if (!POSIX_NAMES.has(posix[1] ?? "")) {
          this.#fail(`${posix[0]} is no class`);
        }
        this.#at += posix[0].length;
        continue;
      }
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
    this.#escape(CLASS_ESCAPES);
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
