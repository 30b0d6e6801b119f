/**
 * What may be typed next in a search that is not finished.
 *
 * @module
 */

import type { TokenType } from "chevrotain";
import type { Path, PathItem } from "./ast.ts";
import { expectedAfter } from "./expected.ts";
import { SourceText } from "./source_text.ts";
import { QuerySyntaxError } from "./syntax_error.ts";
import { type PathToken, type QueryToken, tokenize } from "./tokenize.ts";
import * as t from "./tokens.ts";

/** What has no fixed words: the model or the graph knows them. */
export type Expected =
  | "property"
  | "edge_property"
  | "kind"
  | "id"
  | "value"
  | "number"
  | "name"
  | "text"
  | "time";

/** What may come next. */
export interface Suggestions {
  /** Offset of the word that is being typed. */
  readonly start: number;
  /** What is typed of it. */
  readonly prefix: string;
  /** What may stand there. */
  readonly expected: readonly Expected[];
  /** Keywords, operators and signs that start as the word does, sorted. */
  readonly words: readonly string[];
  /** The property that is compared, when an operator or value comes next. */
  readonly property?: Path;
}

const SIGNS: ReadonlyMap<TokenType, readonly string[]> = new Map([
  [t.NAV_OUT, ["-->"]],
  [t.NAV_IN, ["<--", "<-->"]],
  [t.NAV_TO, ["->"]],
  [t.NAV_END, ["-"]],
  [t.RANGE, [":"]],
  [t.UNTIL, ["::"]],
  [t.HASH, ["#"]],
  [t.L_PAREN, ["("]],
  [t.R_PAREN, [")"]],
  [t.L_BRACKET, ["["]],
  [t.R_BRACKET, ["]"]],
  [t.L_BRACE, ["{"]],
  [t.R_BRACE, ["}"]],
  [t.BLOCK, [".{"]],
  [t.MERGE_LIST, ["[]"]],
  [t.COLON, [":"]],
  [t.COMMA, [","]],
  [t.ARITHMETIC, ["+", "-", "*", "/", "%"]],
]);

const NAVIGATION: readonly TokenType[] = [
  t.NAV_OUT,
  t.NAV_IN,
  t.EDGE_TYPE,
  t.R_BRACKET,
];

/** Terms about whole nodes, which edges do not have. */
const OF_NODES: readonly TokenType[] = [t.IS, t.ID, t.QUOTED];

/** The tokens before a place, and the word that is being typed there. */
interface Typed {
  readonly before: readonly QueryToken[];
  readonly start: number;
}

/**
 * What may come next at an offset of a search, by what stands before it. The
 * rest of the text does not count.
 */
export function suggestNext(text: string, offset: number): Suggestions {
  const source = SourceText.of(text.slice(0, offset));
  const { before, start } = typed(source);
  const prefix = source.text.slice(start);
  const frames = openFrames(before);
  const types = frames.some(isEdgeFrame)
    ? expectedAfter(source, before).filter((type) => !OF_NODES.includes(type))
    : expectedAfter(source, before);
  const expected = new Set(
    types.flatMap((type) => expectedOf(type, before, frames) ?? []),
  );
  const words = types
    .flatMap((type) => SIGNS.get(type) ?? t.TOKEN_WORDS.get(type) ?? [])
    .filter((word) => word.startsWith(prefix.toLowerCase()));
  const property = comparedProperty(types, before, frames);
  return {
    start,
    prefix,
    expected: [...expected].sort(),
    words: [...new Set(words)].sort(),
    ...(property !== undefined && { property }),
  };
}

/** Takes the word off that ends where the text does. */
function typed(source: SourceText): Typed {
  const { text } = source;
  let tokens: readonly QueryToken[];
  try {
    tokens = tokenize(source);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    // A string without an end is what is being typed.
    const start = error.offset;
    if (start >= text.length) return { before: [], start: text.length };
    const { before } = typed(SourceText.of(`${text.slice(0, start)} `));
    return { before, start };
  }
  const last = tokens.at(-1);
  const isTyped = last !== undefined && last.endOffset === text.length - 1 &&
    /[\w`."-]$/.test(last.image) && !SIGNS.has(last.tokenType);
  return isTyped
    ? { before: tokens.slice(0, -1), start: last.startOffset }
    : { before: tokens, start: text.length };
}

/** Brackets that are open, with the token before each. */
interface Frame {
  readonly type: TokenType;
  readonly lead: QueryToken | undefined;
}

function openFrames(before: readonly QueryToken[]): readonly Frame[] {
  const frames: Frame[] = [];
  for (const [at, { tokenType }] of before.entries()) {
    if (
      [t.L_PAREN, t.L_BRACE, t.BLOCK, t.L_BRACKET].includes(tokenType)
    ) frames.push({ type: tokenType, lead: before[at - 1] });
    else if ([t.R_PAREN, t.R_BRACE, t.R_BRACKET].includes(tokenType)) {
      frames.pop();
    }
  }
  return frames;
}

function isEdgeFrame({ type, lead }: Frame): boolean {
  return type === t.L_BRACE && lead !== undefined &&
    NAVIGATION.includes(lead.tokenType);
}

function expectedOf(
  type: TokenType,
  before: readonly QueryToken[],
  frames: readonly Frame[],
): Expected | undefined {
  switch (type) {
    case t.PATH:
      return frames.some(isEdgeFrame) ? "edge_property" : "property";
    case t.ITEM:
      return before.findLast(({ tokenType }) =>
          tokenType === t.IS || tokenType === t.ID
        )?.tokenType === t.IS
        ? "kind"
        : "id";
    case t.VALUE:
      return "value";
    case t.INT:
    case t.NUMBER:
      return "number";
    case t.LITERAL:
    case t.MERGE_NAME:
      return "name";
    case t.QUOTED:
      return "text";
    case t.WHEN:
      return "time";
    default:
      return undefined;
  }
}

/** The property before an operator or value, with the blocks around it. */
function comparedProperty(
  types: readonly TokenType[],
  before: readonly QueryToken[],
  frames: readonly Frame[],
): Path | undefined {
  if (!types.includes(t.OPERATOR) && !types.includes(t.VALUE)) return undefined;
  const last = before.findLast(({ tokenType }) => tokenType === t.PATH);
  if (last === undefined) return undefined;
  const { absolute, items } = last.payload as PathToken;
  if (absolute) return { type: "path", absolute, items };
  const around: PathItem[] = [];
  let start = false;
  for (const { type, lead } of frames) {
    if (type !== t.BLOCK || lead === undefined) continue;
    const block = lead.payload as PathToken;
    if (around.length === 0) start = block.absolute;
    around.push(...block.items);
  }
  return { type: "path", absolute: start, items: [...around, ...items] };
}
