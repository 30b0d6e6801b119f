/**
 * Text of a search to its tree.
 *
 * @module
 */

import type { IRecognitionException, IToken, TokenType } from "chevrotain";
import type { Query } from "./ast.ts";
import { QueryParser } from "./grammar.ts";
import { nearestWord } from "./nearest_word.ts";
import { QuerySyntaxError } from "./syntax_error.ts";
import { SourceText } from "./source_text.ts";
import { type QueryToken, tokenize } from "./tokenize.ts";
import { PATH, TOKEN_TYPES, TOKEN_WORDS, UNKNOWN, WHEN } from "./tokens.ts";

/** Making a parser takes some ten milliseconds; it is made at first need. */
let shared: QueryParser | undefined;

/** Looking ahead is costly; beyond this the message is less exact. */
const MAX_ASSIST_TOKENS = 400;

/**
 * Reads a search.
 *
 * @throws {QuerySyntaxError} If the text is no search; it names the column, what
 * was expected there and the nearest valid word.
 */
export function parseQuery(text: string | SourceText): Query {
  const source = SourceText.of(text);
  const tokens = tokenize(source);
  const parser = shared ??= new QueryParser();
  parser.begin(source, tokens);
  const query = parser.query();
  const [error] = parser.errors;
  if (error === undefined) return query;
  throw syntaxError(source, tokens, parser, error);
}

/** Whether a text is a search; cheaper than to catch what is wrong with it. */
export function isSearch(text: string): boolean {
  try {
    const source = SourceText.of(text);
    const parser = shared ??= new QueryParser();
    parser.begin(source, tokenize(source));
    parser.query();
    return parser.errors.length === 0;
  } catch (error) {
    if (error instanceof QuerySyntaxError) return false;
    throw error;
  }
}

function syntaxError(
  text: SourceText,
  tokens: QueryToken[],
  parser: QueryParser,
  error: IRecognitionException,
): QuerySyntaxError {
  const at = tokens.indexOf(error.token as QueryToken);
  const found: IToken | undefined = at === -1 ? undefined : tokens[at];
  const before = at === -1 ? tokens : tokens.slice(0, at);
  const expected = expectedAfter(parser, text, before);
  const labels = expected.map((type) => type.LABEL ?? type.name);
  const words = expected.flatMap((type) => TOKEN_WORDS.get(type) ?? []);
  const suggestion = found === undefined
    ? undefined
    : nearestWord(found.image, words);
  return new QuerySyntaxError({
    text,
    offset: found?.startOffset ?? text.text.length,
    problem: found === undefined
      ? "the search ends too early"
      : `"${shorten(found.image)}" does not fit here`,
    expected: labels,
    ...(suggestion !== undefined && { suggestion }),
  });
}

function shorten(image: string): string {
  return image.length > 30 ? `${image.slice(0, 30)}…` : image;
}

/**
 * Which tokens may follow, each once: every type is tried in the place, and fits
 * when the parser gets past it.
 */
function expectedAfter(
  parser: QueryParser,
  text: SourceText,
  before: readonly QueryToken[],
): TokenType[] {
  if (before.length > MAX_ASSIST_TOKENS) return [];
  return TOKEN_TYPES.filter((type) => {
    if (type === UNKNOWN) return false;
    const trial = sampleToken(type, text.text.length);
    parser.begin(text, [...before, trial]);
    try {
      parser.query();
    } catch (error) {
      if (error instanceof QuerySyntaxError) return false;
      throw error;
    }
    return parser.errors[0]?.token !== trial;
  });
}

/** A token of a type, with a text that the grammar takes. */
function sampleToken(type: TokenType, offset: number): QueryToken {
  const image = TOKEN_WORDS.get(type)?.[0] ?? "1";
  return {
    image: type === WHEN ? "1d" : image,
    startOffset: offset,
    endOffset: offset,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
    payload: type === PATH ? { absolute: false, items: [] } : image,
  };
}
