/**
 * Text of a search to tokens.
 *
 * What a character means depends on where it stands: `-3d` is a value after `<`
 * and `-[1:]->` a navigation after a term. So the reader keeps track of what
 * may come next, and only then asks what is there.
 *
 * @module
 */

import type { IToken, TokenType } from "chevrotain";
import type { Json } from "@skymap/lib/json";
import type { Operator, PathItem } from "./ast.ts";
import { isScanned, scanQuoted, scanValue, skipBlank } from "./json_value.ts";
import { setItemOffsets } from "./positions.ts";
import type { SourceText } from "./source_text.ts";
import { QuerySyntaxError } from "./syntax_error.ts";
import * as tokens from "./tokens.ts";
import { AGGREGATE_NAMES, FUNCTION_NAMES, OPERATORS } from "./words.ts";

/** What a token stands for, beside its text. */
export type TokenValue = Json | Operator | PathToken;

/** A property as it was read. */
export interface PathToken {
  /** Whether it starts with a slash. */
  readonly absolute: boolean;
  /** Its steps. */
  readonly items: readonly PathItem[];
}

/** A token of a search. */
export interface QueryToken extends IToken {
  /** What it stands for. */
  readonly payload: TokenValue;
}

/** Brackets inside of each other at most. */
const MAX_DEPTH = 150;
/** Characters of a search at most. */
const MAX_CHARS = 1_000_000;

const PATH =
  /\/?(?:[A-Za-z_](?:[A-Za-z0-9_]|-+(?=[A-Za-z0-9_]))*|`[^`]+`)(?:\[(?:\d{1,9}|\*)?\])*(?:\.(?:[A-Za-z_](?:[A-Za-z0-9_]|-+(?=[A-Za-z0-9_]))*|`[^`]+`)(?:\[(?:\d{1,9}|\*)?\])*)*/y;
const STEP = /`([^`]+)`|\[(\d*)\*?\]|([A-Za-z_][A-Za-z0-9_-]*)/g;
const SYMBOL_OPERATOR = /<=|>=|==|!=|=~|!~|<|>|=|~/y;
const WORD_OPERATOR = /(?:not\s+)?in(?=[\s[])/y;
const QUANTIFIER = /(?:any|all|none)(?![A-Za-z0-9_-])/y;
// "all <-- x" goes on with a navigation; "all < 3" compares.
const COMPARES =
  /\.\{|\s*(?:<(?!-(?!\d))|>|==?|!=|!~|~)|\s+(?:not\s+)?in(?=[\s[])|\s+(?:any|all|none)\s*(?:[<>=~]|!=|!~|\s(?:not\s+)?in[\s[])/y;
const LITERAL = /[A-Za-z0-9](?:[A-Za-z0-9_]|-+(?=[A-Za-z0-9_]))*/y;
const ITEM = /[A-Za-z0-9_](?:[A-Za-z0-9_:/.]|-+(?=[A-Za-z0-9_:/.]))*/y;
const INT = /\d+(?![A-Za-z0-9_]|\.\d)/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?:e[+-]\d+)?/y;
const WHEN = /[^\s,()[\]:]+(?::[^\s,()[\]:]+)*/y;
const WORD = /[A-Za-z_]+/y;
const MERGE_NAME =
  /\/?(?:[A-Za-z_][A-Za-z0-9_-]*|`[^`]+`)(?:\.(?:[A-Za-z_][A-Za-z0-9_-]*|`[^`]+`))*/y;
const MERGE_KEY_AHEAD = new RegExp(
  `,\\s*${MERGE_NAME.source}(?:\\s*\\[\\s*\\])?\\s*:`,
  "y",
);
const ANYTHING = /[A-Za-z0-9_@$-]+|[^]/uy;

/** What may come next. */
type State = "term" | "operator" | "value" | "after" | "nav" | "merge" | "sort";
/** An open bracket: where it is closed decides what comes next. */
type Frame = "paren" | "with" | "block" | "edge" | "merge";

const BRACKETS: Readonly<Record<string, TokenType>> = {
  "(": tokens.L_PAREN,
  ")": tokens.R_PAREN,
  "[": tokens.L_BRACKET,
  "]": tokens.R_BRACKET,
  "{": tokens.L_BRACE,
  "}": tokens.R_BRACE,
  ":": tokens.COLON,
  ",": tokens.COMMA,
};

/** Splits a search into tokens; throws {@linkcode QuerySyntaxError}. */
export function tokenize(source: SourceText): QueryToken[] {
  return new Tokenizer(source).run();
}

class Tokenizer {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #tokens: QueryToken[] = [];
  readonly #frames: Frame[] = [];
  #at = 0;
  #state: State = "term";
  #lost = false;

  constructor(source: SourceText) {
    const { text } = source;
    this.#source = source;
    this.#text = text;
    if (text.length > MAX_CHARS) {
      throw new QuerySyntaxError({
        text: text.slice(0, 80),
        offset: 0,
        problem:
          `the search has ${text.length} characters, at most ${MAX_CHARS} are read`,
      });
    }
  }

  run(): QueryToken[] {
    for (;;) {
      this.#blank();
      // What follows a token that fits nowhere is never looked at.
      if (this.#lost || this.#at >= this.#text.length) return this.#tokens;
      switch (this.#state) {
        case "operator":
          this.#operator();
          break;
        case "value":
          this.#value();
          break;
        case "nav":
          this.#navigation();
          break;
        case "merge":
          this.#mergeName();
          break;
        case "sort":
          this.#sortKey();
          break;
        default:
          this.#term();
      }
    }
  }

  #blank(): void {
    this.#at = skipBlank(this.#text, this.#at);
  }

  /** The match of a pattern at the present place. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #test(pattern: RegExp, at: number = this.#at): boolean {
    pattern.lastIndex = at;
    return pattern.test(this.#text);
  }

  #push(type: TokenType, image: string, payload: TokenValue = image): void {
    this.#tokens.push({
      image,
      startOffset: this.#at,
      endOffset: this.#at + image.length - 1,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx ?? 0,
      payload,
    });
    this.#at += image.length;
  }

  /** Takes white space and a pattern, if it is there. */
  #take(pattern: RegExp, type: TokenType): boolean {
    this.#blank();
    const image = this.#match(pattern);
    if (image === undefined) return false;
    this.#push(type, image);
    return true;
  }

  /** Takes white space and one of the characters, if it is there. */
  #punctuation(characters: string): string | undefined {
    this.#blank();
    const character = this.#text[this.#at];
    if (character === undefined || !characters.includes(character)) {
      return undefined;
    }
    this.#push(BRACKETS[character] ?? tokens.UNKNOWN, character);
    return character;
  }

  #unknown(): void {
    this.#lost = true;
    this.#push(tokens.UNKNOWN, this.#match(ANYTHING) ?? "");
  }

  #open(frame: Frame): void {
    if (this.#frames.length >= MAX_DEPTH) {
      throw new QuerySyntaxError({
        text: this.#source,
        offset: this.#at,
        problem: `more than ${MAX_DEPTH} brackets are open`,
      });
    }
    this.#frames.push(frame);
  }

  /** The start of a term, or what follows one. */
  #term(): void {
    const character = this.#text[this.#at] ?? "";
    switch (character) {
      case '"':
        this.#quoted();
        this.#state = "after";
        return;
      case "(":
        this.#open("paren");
        this.#push(tokens.L_PAREN, character);
        this.#state = "term";
        return;
      case "{":
        this.#open("merge");
        this.#push(tokens.L_BRACE, character);
        this.#state = "merge";
        return;
      case ")":
      case "}":
        this.#close(character);
        return;
      case ":":
        this.#push(tokens.COLON, character);
        this.#state = "term";
        return;
      case ",":
        this.#push(tokens.COMMA, character);
        this.#state = this.#frames.at(-1) === "merge" ? "merge" : "term";
        return;
      case "#":
        this.#push(tokens.HASH, character);
        this.#take(LITERAL, tokens.LITERAL);
        this.#state = "after";
        return;
      case "-":
        this.#push(tokens.NAV_OUT, character);
        this.#state = "nav";
        return;
    }
    if (this.#text.startsWith("<-", this.#at)) {
      this.#push(tokens.NAV_IN, "<-");
      this.#state = "nav";
      return;
    }
    this.#word();
  }

  #close(character: string): void {
    const frame = this.#frames.pop();
    this.#push(BRACKETS[character] ?? tokens.UNKNOWN, character);
    // A merge may be followed by a filter.
    this.#state = frame === "edge"
      ? "nav"
      : frame === "merge"
      ? "term"
      : "after";
  }

  #word(): void {
    const word = this.#match(PATH);
    if (word === undefined) return this.#unknown();
    if (this.#keyword(word)) return;
    // No property follows a term: the word is a misspelt one.
    if (this.#state === "after") return this.#unknown();
    this.#path(word);
    this.#state = "operator";
  }

  /**
   * Takes a word that is no property. A property may have the name of a keyword:
   * `limit = 3` compares.
   */
  #keyword(word: string): boolean {
    const end = this.#at + word.length;
    const compares = this.#state === "term" && this.#test(COMPARES, end);
    const called = this.#text[skipBlank(this.#text, end)] === "(";
    switch (word) {
      case "and":
      case "or":
        if (compares) return false;
        this.#push(word === "and" ? tokens.AND : tokens.OR, word);
        this.#state = "term";
        return true;
      case "not":
      case "all":
        if (compares) return false;
        this.#push(word === "not" ? tokens.NOT : tokens.ALL, word);
        this.#state = word === "not" ? "term" : "after";
        return true;
      case "sort":
      case "limit":
      case "reversed":
        if (compares) return false;
        if (word === "sort") this.#sort();
        else if (word === "limit") this.#limit();
        else this.#push(tokens.REVERSED, word);
        if (word !== "sort") this.#state = "after";
        return true;
    }
    if (!called) return false;
    switch (word) {
      case "is":
      case "id":
        this.#push(word === "is" ? tokens.IS : tokens.ID, word);
        this.#items();
        break;
      case "with":
        this.#with();
        return true;
      case "with_usage":
        this.#withUsage();
        this.#state = "term";
        return true;
      case "aggregate":
        this.#aggregate();
        break;
      default:
        if (!FUNCTION_NAMES.some((name) => name === word)) return false;
        this.#push(tokens.FUNCTION, word);
        this.#arguments();
    }
    this.#state = "after";
    return true;
  }

  #path(word: string): void {
    const items: PathItem[] = [];
    const offsets: number[] = [];
    for (const match of word.matchAll(STEP)) {
      const [, quoted, index, plain] = match;
      const key = quoted ?? plain;
      offsets.push(this.#at + match.index);
      if (key !== undefined) items.push(Object.freeze({ key }));
      else {
        items.push(Object.freeze({
          index: index === "" || index === undefined ? "*" : Number(index),
        }));
      }
    }
    setItemOffsets(items, offsets);
    this.#push(tokens.PATH, word, {
      absolute: word.startsWith("/"),
      items: Object.freeze(items),
    });
  }

  #quoted(type: TokenType = tokens.QUOTED): void {
    const found = scanQuoted(this.#text, this.#at);
    if (!isScanned(found)) {
      throw new QuerySyntaxError({ text: this.#source, ...found });
    }
    this.#push(type, this.#text.slice(this.#at, found.end), found.value);
  }

  /** What follows a property. */
  #operator(): void {
    if (this.#text.startsWith(".{", this.#at)) {
      this.#open("block");
      this.#push(tokens.BLOCK, ".{");
      this.#state = "term";
      return;
    }
    const symbol = this.#match(SYMBOL_OPERATOR) ?? this.#match(WORD_OPERATOR);
    if (symbol !== undefined) {
      const name = symbol.startsWith("not") ? "not in" : symbol;
      this.#push(tokens.OPERATOR, symbol, OPERATORS[name] ?? symbol);
      this.#state = "value";
      return;
    }
    const last = this.#tokens.at(-1)?.tokenType;
    const quantifier = last === tokens.PATH
      ? this.#match(QUANTIFIER)
      : undefined;
    if (quantifier !== undefined) {
      this.#push(tokens.QUANTIFIER, quantifier);
      return;
    }
    this.#state = "after";
  }

  #value(): void {
    const found = scanValue(this.#text, this.#at);
    this.#state = "after";
    if (isScanned(found)) {
      const image = this.#text.slice(this.#at, found.end);
      this.#push(tokens.VALUE, image, found.value);
      return;
    }
    // Inside of a value only the scanner knows what was expected.
    if (found.offset > this.#at || this.#text[this.#at] === '"') {
      throw new QuerySyntaxError({ text: this.#source, ...found });
    }
    this.#unknown();
  }

  /** `(a, b)` or `([a, b])` after `is` and `id`. */
  #items(): void {
    this.#punctuation("(");
    this.#list(ITEM, tokens.ITEM);
    this.#punctuation(")");
  }

  #list(pattern: RegExp, type: TokenType): void {
    this.#punctuation("[");
    do {
      this.#blank();
      if (this.#text[this.#at] === '"') this.#quoted(type);
      else if (!this.#take(pattern, type)) break;
    } while (this.#punctuation(",") !== undefined);
    this.#punctuation("]");
  }

  /** `(property, value, …)` of a function. */
  #arguments(): void {
    this.#punctuation("(");
    this.#blank();
    const word = this.#match(PATH);
    if (word !== undefined) this.#path(word);
    while (this.#punctuation(",") !== undefined) {
      this.#blank();
      this.#value();
      if (this.#lost) return;
    }
    this.#punctuation(")");
  }

  /** `with(empty,` and its like; the rest is a filter. */
  #with(): void {
    this.#push(tokens.WITH, "with");
    this.#open("with");
    this.#punctuation("(");
    this.#state = "term";
    this.#blank();
    const word = this.#match(WORD);
    if (word === "empty" || word === "any") this.#push(tokens.WITH_FORM, word);
    else if (word === "count") {
      this.#push(tokens.COUNT, word);
      this.#blank();
      const operator = this.#match(SYMBOL_OPERATOR);
      if (operator !== undefined) {
        this.#push(tokens.OPERATOR, operator, OPERATORS[operator] ?? operator);
      }
      this.#take(INT, tokens.INT);
    } else if (word !== undefined) return this.#unknown();
    this.#punctuation(",");
  }

  #withUsage(): void {
    this.#push(tokens.WITH_USAGE, "with_usage");
    this.#punctuation("(");
    this.#take(WHEN, tokens.WHEN);
    if (this.#take(/::/y, tokens.UNTIL)) this.#take(WHEN, tokens.WHEN);
    this.#punctuation(",");
    this.#list(LITERAL, tokens.LITERAL);
    this.#punctuation(")");
  }

  #sort(): void {
    this.#push(tokens.SORT, "sort");
    this.#sortPath();
  }

  #sortPath(): void {
    this.#state = "sort";
    this.#blank();
    const word = this.#match(PATH);
    if (word === undefined) this.#state = "after";
    else this.#path(word);
  }

  /** What follows a key of an order. */
  #sortKey(): void {
    if (
      this.#tokens.at(-1)?.tokenType === tokens.PATH &&
      this.#take(/(?:asc|desc)(?![A-Za-z0-9_])/y, tokens.DIRECTION)
    ) return;
    this.#state = "after";
    // In a merge, the comma may start the next sub search.
    const merges = this.#frames.at(-1) === "merge" &&
      this.#test(MERGE_KEY_AHEAD);
    if (!merges && this.#punctuation(",") !== undefined) this.#sortPath();
  }

  #limit(): void {
    this.#push(tokens.LIMIT, "limit");
    if (!this.#take(INT, tokens.INT)) return;
    if (this.#test(/\s*,\s*\d/y)) {
      this.#punctuation(",");
      this.#take(INT, tokens.INT);
    }
  }

  /** The name of a sub search. */
  #mergeName(): void {
    this.#state = "term";
    if (!this.#take(MERGE_NAME, tokens.MERGE_NAME)) return;
    this.#take(/\[\s*\]/y, tokens.MERGE_LIST);
    this.#punctuation(":");
  }

  /** One piece of a navigation. */
  #navigation(): void {
    const character = this.#text[this.#at] ?? "";
    if (this.#text.startsWith("->", this.#at)) {
      this.#push(tokens.NAV_TO, "->");
      this.#state = "term";
    } else if (character === "-") {
      this.#push(tokens.NAV_END, character);
      this.#state = "term";
    } else if (character === "{") {
      this.#open("edge");
      this.#push(tokens.L_BRACE, character);
      this.#state = "term";
    } else if (character === "[") {
      this.#punctuation("[");
      this.#take(INT, tokens.INT);
      if (this.#take(/:|,|\.\./y, tokens.RANGE)) this.#take(INT, tokens.INT);
      if (this.#punctuation("]") === undefined) this.#state = "after";
    } else if (character === ",") this.#punctuation(",");
    else if (!this.#take(WORD, tokens.EDGE_TYPE)) this.#state = "after";
  }

  /** `aggregate(…)` up to its closing bracket. */
  #aggregate(): void {
    this.#push(tokens.AGGREGATE, "aggregate");
    this.#punctuation("(");
    let depth = 1;
    while (depth > 0) {
      this.#blank();
      const opened = this.#punctuation("(),:");
      if (opened === "(") depth++;
      else if (opened === ")") depth--;
      else if (opened === undefined && !this.#aggregatePiece(depth)) return;
    }
  }

  #aggregatePiece(depth: number): boolean {
    const last = this.#tokens.at(-1)?.tokenType;
    const follows = last === tokens.PATH || last === tokens.NUMBER ||
      last === tokens.QUOTED || last === tokens.R_PAREN;
    if (this.#text[this.#at] === '"') {
      this.#quoted();
      return true;
    }
    if (follows && this.#take(/as(?![A-Za-z0-9_])/y, tokens.AS)) {
      return this.#take(LITERAL, tokens.LITERAL);
    }
    if (follows && depth > 1 && this.#take(/[+*/%-]/y, tokens.ARITHMETIC)) {
      return true;
    }
    if (this.#take(NUMBER, tokens.NUMBER)) return true;
    const word = this.#match(PATH);
    if (word === undefined) {
      if (this.#at < this.#text.length) this.#unknown();
      return false;
    }
    const calls = this.#text[skipBlank(this.#text, this.#at + word.length)] ===
      "(";
    if (calls && AGGREGATE_NAMES.some((name) => name === word)) {
      this.#push(tokens.AGGREGATE_FUNCTION, word);
    } else this.#path(word);
    return true;
  }
}
