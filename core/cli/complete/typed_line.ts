/**
 * What stands before a place of a line that is still being written.
 *
 * @module
 */

/** A word of a line, or what is typed of it. */
export interface TypedWord {
  /** The word as it is written, quotes included. */
  readonly text: string;
  /** Where it begins within the line. */
  readonly start: number;
}

/** The part of a line that one command stands in, up to the place. */
export interface TypedCommand {
  /** Whether no other command stands before it. */
  readonly isSource: boolean;
  /** Variables that are set before it, as in `graph=prod`. */
  readonly variables: ReadonlyMap<string, string>;
  /** Its words that are followed by a blank. */
  readonly words: readonly TypedWord[];
  /** What is typed of the next word; empty behind a blank. */
  readonly typed: TypedWord;
}

const VARIABLE = /^([A-Za-z_][\w-]*)=(.*)$/s;

/** Takes the quotes off a word, also when the last one is not written yet. */
export function unquoted(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  return text.length > 1 && text.endsWith(quote)
    ? text.slice(1, -1)
    : text.slice(1);
}

/** Reads words; a quote or an escape keeps blanks, `|` and `;` within a word. */
class Reader {
  readonly #line: string;
  words: TypedWord[] = [];
  #start: number | undefined;
  isSource = true;

  constructor(line: string) {
    this.#line = line;
  }

  /** The word that is not finished. */
  get typed(): TypedWord {
    const start = this.#start ?? this.#line.length;
    return { text: this.#line.slice(start), start };
  }

  read(): void {
    let quote: string | undefined;
    for (let at = 0; at < this.#line.length; at++) {
      const character = this.#line.charAt(at);
      if (quote === undefined && "|;".includes(character)) {
        this.#begin(character === ";", at);
      } else if (quote === undefined && /\s/.test(character)) {
        this.#endWord(at);
      } else {
        this.#start ??= at;
        if (character === "\\") at++;
        else if (quote === character) quote = undefined;
        else if (quote === undefined && `"'\``.includes(character)) {
          quote = character;
        }
      }
    }
  }

  #begin(isSource: boolean, at: number): void {
    this.#endWord(at);
    this.words = [];
    this.isSource = isSource;
  }

  #endWord(at: number): void {
    if (this.#start === undefined) return;
    const text = this.#line.slice(this.#start, at);
    this.words.push({ text, start: this.#start });
    this.#start = undefined;
  }
}

/** Reads a line up to an offset; what follows does not count. */
export function readTypedLine(line: string, offset: number): TypedCommand {
  const reader = new Reader(line.slice(0, offset));
  reader.read();
  const { isSource, words, typed } = reader;
  const variables = new Map<string, string>();
  let first = 0;
  for (const { text } of isSource ? words : []) {
    const [, name, value = ""] = VARIABLE.exec(text) ?? [];
    if (name === undefined) break;
    variables.set(name, unquoted(value.replace(/,$/, "")));
    first++;
  }
  return { isSource, variables, words: words.slice(first), typed };
}
