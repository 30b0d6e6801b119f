/**
 * Tokens of a line.
 *
 * @module
 */

import {
  createToken,
  type ILexingResult,
  type IToken,
  Lexer,
  type TokenType,
} from "chevrotain";

/** Blanks and line ends. */
export const BLANK: TokenType = createToken({ name: "Blank", pattern: /\s+/ });
/** `"…"`, as searches read it: a backslash keeps the sign behind it. */
export const DOUBLE: TokenType = createToken({
  name: "Double",
  pattern: /"(?:[^"\\]|\\[^])*"/,
  line_breaks: true,
});
/** `'…'` */
export const SINGLE: TokenType = createToken({
  name: "Single",
  pattern: /'(?:[^'\\]|\\[^])*'/,
  line_breaks: true,
});
/** A key of a path that holds odd signs. */
export const BACKTICKS: TokenType = createToken({
  name: "Backticks",
  pattern: /`[^`\n]*`/,
});
/** A backslash and the sign that it protects. */
export const ESCAPE: TokenType = createToken({
  name: "Escape",
  pattern: /\\[^]/,
  line_breaks: true,
});
/** `|` between stages. */
export const PIPE: TokenType = createToken({ name: "Pipe", pattern: /\|/ });
/** `;` between lines. */
export const SEMICOLON: TokenType = createToken({
  name: "Semicolon",
  pattern: /;/,
});
/** `,` */
export const COMMA: TokenType = createToken({ name: "Comma", pattern: /,/ });
/** `name=`, as variables begin. */
export const NAME: TokenType = createToken({
  name: "Name",
  pattern: /[A-Za-z_][\w-]*=(?![=~])/,
});
/** Anything else. */
export const WORD: TokenType = createToken({
  name: "Word",
  pattern: /[^\s\\"'`|;,]+/,
});
/** A quote without its end, or a backslash at the end. */
export const LONE: TokenType = createToken({
  name: "Lone",
  pattern: /["'`\\]/,
});

/** All of them; of those that fit, the first is taken. */
export const LINE_TOKENS: TokenType[] = [
  BLANK,
  DOUBLE,
  SINGLE,
  BACKTICKS,
  ESCAPE,
  PIPE,
  SEMICOLON,
  COMMA,
  NAME,
  WORD,
  LONE,
];

let lexer: Lexer | undefined;

/** Splits a text into tokens; every character is part of one. */
export function lineTokens(text: string): IToken[] {
  lexer ??= new Lexer(LINE_TOKENS, { positionTracking: "onlyOffset" });
  const { tokens }: ILexingResult = lexer.tokenize(text);
  return tokens;
}
