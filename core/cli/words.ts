/**
 * Words of a command: what quotes and backslashes stand for.
 *
 * @module
 */

import type { IToken } from "chevrotain";
import * as t from "./line_tokens.ts";

/** A word, as it was written and as it is meant. */
export interface Word {
  /** What it means: quotes and backslashes are taken off. */
  readonly value: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset behind its last one. */
  readonly end: number;
  /** Whether its first character is a quote: so it is no option. */
  readonly isQuoted: boolean;
}

const ESCAPED: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
};

const IN_DOUBLE = /\\(?:u([0-9A-Fa-f]{4})|([\\"'|;ntrbf]))/g;

/** What a token stands for. */
function meaning({ tokenType, image }: IToken): string {
  switch (tokenType) {
    case t.DOUBLE:
      return image.slice(1, -1).replace(
        IN_DOUBLE,
        (_, code: string | undefined, sign: string) =>
          code === undefined
            ? ESCAPED[sign] ?? sign
            : String.fromCharCode(parseInt(code, 16)),
      );
    case t.SINGLE:
      return image.slice(1, -1).replaceAll("\\'", "'");
    case t.ESCAPE:
      return /[\\"'|;\s,]/.test(image[1] ?? "") ? image.slice(1) : image;
    default:
      return image;
  }
}

/** The words of a text, which blanks separate. */
export function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let open: IToken[] = [];
  const close = () => {
    const [first] = open;
    const last = open.at(-1);
    if (first === undefined || last === undefined) return;
    words.push({
      value: open.map(meaning).join(""),
      start: first.startOffset,
      end: last.startOffset + last.image.length,
      isQuoted: first.tokenType === t.DOUBLE || first.tokenType === t.SINGLE,
    });
    open = [];
  };
  for (const token of t.lineTokens(text)) {
    if (token.tokenType === t.BLANK) close();
    else open.push(token);
  }
  close();
  return words;
}

/** The one quoted word that a text is, or undefined. */
function quotedWord(text: string): IToken | undefined {
  const [token, ...more] = t.lineTokens(text.trim());
  const isOne = more.length === 0 &&
    (token?.tokenType === t.DOUBLE || token?.tokenType === t.SINGLE);
  return isOne ? token : undefined;
}

/** Whether a text is one word in quotes. */
export function isQuoted(text: string): boolean {
  return quotedWord(text) !== undefined;
}

/** Takes the quotes off a text that is one quoted word; any other stays. */
export function unquote(text: string): string {
  const word = quotedWord(text);
  return word === undefined ? text : meaning(word);
}

const PLAIN = /^[^\s\\"'`|;,=]+$/;
const SIGNS: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f",
};

/** A text as one word of a line, in quotes where it needs them. */
export function quoteWord(text: string): string {
  if (PLAIN.test(text) && !text.startsWith("-")) return text;
  return `"${
    text.replace(/[\\"\n\t\r\b\f]/g, (sign) => SIGNS[sign] ?? `\\${sign}`)
  }"`;
}
