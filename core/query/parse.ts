/**
 * Text of a search to its tree.
 *
 * @module
 */

import type { IRecognitionException, IToken, TokenType } from "chevrotain";
import type { EdgeType } from "@skymap/lib/plugin";
import type { Query } from "./ast.ts";
import { expectedAfter, sharedParser } from "./expected.ts";
import { hintAt, knownMistake } from "./hints.ts";
import { nearestWord } from "./nearest_word.ts";
import { locate, QuerySyntaxError } from "./syntax_error.ts";
import { SourceText } from "./source_text.ts";
import { type QueryToken, tokenize } from "./tokenize.ts";
import * as t from "./tokens.ts";

/**
 * Reads a search.
 *
 * @param edgeTypes What navigations walk that name no type. Default: `default`.
 * @throws {QuerySyntaxError} If the text is no search; it names the column, what
 * was expected there and the nearest valid word.
 */
export function parseQuery(
  text: string | SourceText,
  edgeTypes?: readonly EdgeType[],
): Query {
  const source = SourceText.of(text);
  const tokens = tokenize(source);
  const parser = sharedParser();
  parser.begin(source, tokens, edgeTypes);
  const query = parser.query();
  const [error] = parser.errors;
  if (error === undefined) return query;
  throw syntaxError(source, tokens, error);
}

/** Whether a text is a search; cheaper than to catch what is wrong with it. */
export function isSearch(text: string): boolean {
  try {
    const source = SourceText.of(text);
    const parser = sharedParser();
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
  error: IRecognitionException,
): QuerySyntaxError {
  const at = tokens.indexOf(error.token as QueryToken);
  const found: IToken | undefined = at === -1 ? undefined : tokens[at];
  const before = at === -1 ? tokens : tokens.slice(0, at);
  const expected = expectedAfter(text, before);
  const words = expected.flatMap((type) => t.TOKEN_WORDS.get(type) ?? []);
  const offset = found?.startOffset ?? text.text.length;
  const columnOf = (at: number) => locate(text, at).column;
  const place = { text: text.text, offset, before, expected, columnOf };
  const known = knownMistake(place);
  const suggestion = found === undefined || known !== undefined
    ? undefined
    : nearestWord(found.image, words);
  const hint = known ??
    (suggestion === undefined ? hintAt(place) : undefined);
  return new QuerySyntaxError({
    text,
    offset,
    problem: found === undefined
      ? "the search ends too early"
      : `${shown(found.image)} does not fit here`,
    expected: expectedLabels(expected),
    ...(suggestion !== undefined && { suggestion }),
    ...(hint !== undefined && { hint }),
  });
}

/** Tokens that a condition may start with. */
const CONDITION: readonly TokenType[] = [
  t.PATH,
  t.QUOTED,
  t.NOT,
  t.ALL,
  t.IS,
  t.ID,
  t.FUNCTION,
  t.L_PAREN,
  t.WITH_USAGE,
];

/** What may stand at a place, in few words. */
function expectedLabels(types: readonly TokenType[]): readonly string[] {
  const isCondition = types.includes(t.PATH) && types.includes(t.IS);
  const labels = types
    .filter((type) => !isCondition || !CONDITION.includes(type))
    .map((type) => type.LABEL ?? type.name);
  // Behind a condition, another one needs a word in between.
  return isCondition && !types.includes(t.AND)
    ? ["a condition", ...labels]
    : labels;
}

/** A token in quotes, unless it has its own. */
function shown(image: string): string {
  const text = image.length > 30 ? `${image.slice(0, 30)}…` : image;
  return text.startsWith('"') ? text : `"${text}"`;
}
