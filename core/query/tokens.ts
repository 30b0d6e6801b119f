/**
 * Tokens of the search language.
 *
 * @module
 */

import { createToken, Lexer, type TokenType } from "chevrotain";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { AGGREGATE_NAMES, FUNCTION_NAMES, OPERATORS } from "./words.ts";

/** Every token type, in the order of its making. */
export const TOKEN_TYPES: TokenType[] = [];

/** Words that a token of the type may be, to find the nearest one. */
export const TOKEN_WORDS: Map<TokenType, readonly string[]> = new Map();

function token(
  name: string,
  label: string,
  words: readonly string[] = [],
): TokenType {
  const type = createToken({ name, label, pattern: Lexer.NA });
  TOKEN_TYPES.push(type);
  TOKEN_WORDS.set(type, words);
  return type;
}

function keyword(word: string, label: string = `"${word}"`): TokenType {
  return token(`Word_${word}`, label, [word]);
}

/** A property. */
export const PATH: TokenType = token("Path", "a property");
/** A comparison. */
export const OPERATOR: TokenType = token(
  "Operator",
  `an operator (${Object.keys(OPERATORS).join(" ")})`,
  Object.keys(OPERATORS),
);
/** `any`, `all` or `none` of an array. */
export const QUANTIFIER: TokenType = token(
  "Quantifier",
  '"any", "all" or "none"',
  ["any", "all", "none"],
);
/** What a property is compared with. */
export const VALUE: TokenType = token("Value", "a value");
/** A string in double quotes where no value is expected. */
export const QUOTED: TokenType = token("Quoted", "a phrase in double quotes");
/** A kind or id. */
export const ITEM: TokenType = token("Item", "a name");
/** A name after `as` or `#`. */
export const LITERAL: TokenType = token("Literal", "a name");
/** A whole number. */
export const INT: TokenType = token("Int", "a whole number");
/** A number of an aggregation. */
export const NUMBER: TokenType = token("Number", "a number");

/** `and`. */
export const AND: TokenType = keyword("and");
/** `or`. */
export const OR: TokenType = keyword("or");
/** `not`. */
export const NOT: TokenType = keyword("not");
/** `all`. */
export const ALL: TokenType = keyword("all");
/** `is`. */
export const IS: TokenType = keyword("is", "is(…)");
/** `id`. */
export const ID: TokenType = keyword("id", "id(…)");
/** Name of a function of a property. */
export const FUNCTION: TokenType = token(
  "Function",
  FUNCTION_NAMES.map((name) => `${name}(…)`).join(", "),
  FUNCTION_NAMES,
);
/** `with`. */
export const WITH: TokenType = keyword("with", "with(…)");
/** `empty` or `any` in `with(…)`. */
export const WITH_FORM: TokenType = token("WithForm", '"empty" or "any"', [
  "empty",
  "any",
]);
/** `count` in `with(…)`. */
export const COUNT: TokenType = keyword("count");
/** `with_usage`. */
export const WITH_USAGE: TokenType = keyword("with_usage", "with_usage(…)");
/** A duration or time in `with_usage(…)`. */
export const WHEN: TokenType = token("When", "a duration or a time");
/** `::`. */
export const UNTIL: TokenType = token("Until", '"::"');
/** `sort`. */
export const SORT: TokenType = keyword("sort");
/** `asc` or `desc`. */
export const DIRECTION: TokenType = token("Direction", '"asc" or "desc"', [
  "asc",
  "desc",
]);
/** `limit`. */
export const LIMIT: TokenType = keyword("limit");
/** `reversed`. */
export const REVERSED: TokenType = keyword("reversed");
/** `aggregate`. */
export const AGGREGATE: TokenType = keyword("aggregate", "aggregate(…)");
/** Name of a function over a group. */
export const AGGREGATE_FUNCTION: TokenType = token(
  "AggregateFunction",
  AGGREGATE_NAMES.map((name) => `${name}(…)`).join(", "),
  AGGREGATE_NAMES,
);
/** `as`. */
export const AS: TokenType = keyword("as");
/** `+`, `-`, `*`, `/` or `%`. */
export const ARITHMETIC: TokenType = token(
  "Arithmetic",
  '"+", "-", "*", "/" or "%"',
);

/** `-` at the start of a navigation. */
export const NAV_OUT: TokenType = token("NavOut", "a navigation (-->)");
/** `<-`. */
export const NAV_IN: TokenType = token("NavIn", "a navigation (<--)");
/** `->`. */
export const NAV_TO: TokenType = token("NavTo", '"->"');
/** `-` at the end of a navigation. */
export const NAV_END: TokenType = token("NavEnd", '"-"');
/** Type of an edge. */
export const EDGE_TYPE: TokenType = token(
  "EdgeType",
  `an edge type (${EDGE_TYPES.join(", ")})`,
  EDGE_TYPES,
);
/** `:`, `,` or `..` between the bounds of a range. */
export const RANGE: TokenType = token("Range", '":"');

/** `#`. */
export const HASH: TokenType = token("Hash", '"#"');
/** `(`. */
export const L_PAREN: TokenType = token("LParen", '"("');
/** `)`. */
export const R_PAREN: TokenType = token("RParen", '")"');
/** `[`. */
export const L_BRACKET: TokenType = token("LBracket", '"["');
/** `]`. */
export const R_BRACKET: TokenType = token("RBracket", '"]"');
/** `{`. */
export const L_BRACE: TokenType = token("LBrace", '"{"');
/** `}`. */
export const R_BRACE: TokenType = token("RBrace", '"}"');
/** `.{` after a property. */
export const BLOCK: TokenType = token("Block", '".{"');
/** Name of a merge. */
export const MERGE_NAME: TokenType = token("MergeName", "a name");
/** `[]` after the name of a merge. */
export const MERGE_LIST: TokenType = token("MergeList", '"[]"');
/** `:`. */
export const COLON: TokenType = token("Colon", '":"');
/** `,`. */
export const COMMA: TokenType = token("Comma", '","');
/** What fits nowhere. */
export const UNKNOWN: TokenType = token("Unknown", "nothing");
