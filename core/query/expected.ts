/**
 * What may come next in a search.
 *
 * @module
 */

import type { TokenType } from "chevrotain";
import { QueryParser } from "./grammar.ts";
import type { SourceText } from "./source_text.ts";
import { QuerySyntaxError } from "./syntax_error.ts";
import type { QueryToken } from "./tokenize.ts";
import * as t from "./tokens.ts";

/** Looking ahead is costly; beyond this nothing is said. */
const MAX_TOKENS = 400;

/** Making a parser takes some ten milliseconds; it is made at first need. */
let shared: QueryParser | undefined;

/** The one parser, which is given its text by `begin()`. */
export function sharedParser(): QueryParser {
  return shared ??= new QueryParser();
}

/**
 * Which tokens may follow, each once: every type is tried in the place, and fits
 * when the parser gets past it. Behind what is no search nothing fits.
 */
export function expectedAfter(
  text: SourceText,
  before: readonly QueryToken[],
): TokenType[] {
  if (before.length > MAX_TOKENS) return [];
  const parser = sharedParser();
  return t.TOKEN_TYPES.filter((type) => {
    if (type === t.UNKNOWN) return false;
    const trial = sampleToken(type, text.text.length);
    parser.begin(text, [...before, trial]);
    try {
      parser.query();
    } catch (error) {
      if (error instanceof QuerySyntaxError) return false;
      throw error;
    }
    const failed = parser.errors[0]?.token;
    return failed === undefined ||
      (failed !== trial && !(before as readonly unknown[]).includes(failed));
  });
}

/** A token of a type, with a text that the grammar takes. */
function sampleToken(type: TokenType, offset: number): QueryToken {
  const image = t.TOKEN_WORDS.get(type)?.[0] ?? "1";
  return {
    image: type === t.WHEN ? "1d" : image,
    startOffset: offset,
    endOffset: offset,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
    payload: type === t.PATH ? { absolute: false, items: [] } : image,
  };
}
