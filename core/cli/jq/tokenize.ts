/**
 * The words and signs of a jq filter.
 *
 * @module
 */

/** A piece of a filter that means something. */
export interface JqToken {
  /** What it is; `field` is `.name` or `."name"`, `open` is a bracket. */
  readonly type:
    | "field"
    | "string"
    | "variable"
    | "number"
    | "name"
    | "format"
    | "word"
    | "open"
    | "sign";
  /** As it was written. */
  readonly text: string;
  /** White space and comments before it. */
  readonly space: string;
}

const WORDS: ReadonlySet<string> = new Set(
  ("and as catch def elif else end foreach if import include label module or " +
    "reduce then try").split(" "),
);

const SPACE = /(?:\s|#[^\n]*)+/y;
/** A text up to its end or to the next `\(…)` within it. */
const STRING = /"(?:[^"\\]|\\[^(])*("|\\\(|$)/y;
const STRING_REST = /(?:[^"\\]|\\[^(])*("|\\\(|$)/y;

const KINDS: readonly (readonly [JqToken["type"], RegExp])[] = [
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["field", /\.[A-Za-z_]\w*/y],
  ["name", /[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/y],
  ["variable", /\$(?:__loc__|[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)/y],
  ["format", /@\w+/y],
  ["open", /[([{]/y],
  ["sign", /\?\/\/=?|\.\.|\|=|\/\/=|\/\/|[!=<>+\-*/%]=|\S/y],
];

/** A text in its pieces: one token, if nothing is filled in. */
class Reader {
  readonly #text: string;
  readonly #tokens: JqToken[] = [];
  /** Brackets that are open, for each text whose gap is being read. */
  readonly #gaps: number[] = [];
  #at = 0;
  #space = "";

  constructor(text: string) {
    this.#text = text;
  }

  read(): { readonly tokens: readonly JqToken[]; readonly rest: string } {
    for (;;) {
      this.#space = this.#match(SPACE) ?? "";
      if (this.#at >= this.#text.length) break;
      this.#next();
    }
    return { tokens: this.#tokens, rest: this.#space };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #add(type: JqToken["type"], text: string): void {
    this.#tokens.push({ type, text, space: this.#space });
    this.#space = "";
  }

  #next(): void {
    const dotted = /\."/y;
    dotted.lastIndex = this.#at;
    if (dotted.test(this.#text)) {
      this.#at++;
      this.#string(".", this.#match(STRING) ?? "");
      return;
    }
    const string = this.#match(STRING);
    if (string !== undefined) return this.#string("", string);
    for (const [type, pattern] of KINDS) {
      const text = this.#match(pattern);
      if (text === undefined) continue;
      this.#add(type === "name" && WORDS.has(text) ? "word" : type, text);
      this.#bracket(text);
      return;
    }
  }

  /** A text, or its begin up to a gap, which opens a bracket. */
  #string(dot: string, text: string): void {
    if (!text.endsWith("\\(") || text.length < 3) {
      this.#add(dot === "" ? "string" : "field", dot + text);
      return;
    }
    // The begin counts as a field or a sign; the gap is a bracket of its own.
    this.#add(dot === "" ? "sign" : "field", dot + text.slice(0, -2));
    this.#add("open", "\\(");
    this.#gaps.push(0);
  }

  /** Counts brackets within a gap; behind its last one the text goes on. */
  #bracket(text: string): void {
    const open = this.#gaps.at(-1);
    if (open === undefined) return;
    if (text === "(") this.#gaps[this.#gaps.length - 1] = open + 1;
    if (text !== ")") return;
    if (open > 0) {
      this.#gaps[this.#gaps.length - 1] = open - 1;
      return;
    }
    this.#gaps.pop();
    const rest = this.#match(STRING_REST) ?? "";
    if (!rest.endsWith("\\(")) {
      this.#add("string", rest);
      return;
    }
    this.#add("sign", rest.slice(0, -2));
    this.#add("open", "\\(");
    this.#gaps.push(0);
  }
}

/** Takes a filter apart; put together again, it is what it was. */
export function tokenize(
  filter: string,
): { readonly tokens: readonly JqToken[]; readonly rest: string } {
  return new Reader(filter).read();
}
