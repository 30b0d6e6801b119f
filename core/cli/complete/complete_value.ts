/**
 * How the value of an option or argument may go on.
 *
 * @module
 */

import type { ParameterType } from "../command.ts";
import {
  completeProperty,
  completeSearch,
  type CompletionContext,
} from "./complete_search.ts";
import { namesOf } from "./completion_sources.ts";
import { fitting, type Suggestions, words } from "./suggestions.ts";
import { quoteWord } from "../words.ts";
import { unquoted } from "./typed_line.ts";

/** Completes a line that is a part of another one. */
export type CompleteLine = (line: string) => Promise<Suggestions>;

const AGGREGATE = "aggregate(";

/** The last of several that commas separate, and what stands before it. */
function lastOf(
  text: string,
): { readonly head: string; readonly last: string } {
  const [, head = "", last = ""] = /^(.*,\s*|\s*)(.*)$/s.exec(text) ?? [];
  return { head, last };
}

/** The last of several properties, or what may follow one. */
async function completeProperties(
  text: string,
  keywords: readonly string[],
  context: CompletionContext,
): Promise<Suggestions> {
  const { head, last } = lastOf(text);
  const more = /^\S+\s+(.*)$/s.exec(last)?.[1];
  if (more === undefined) {
    const found = await completeProperty(last, context);
    return { start: head.length, found: fitting(found, last) };
  }
  return {
    start: text.length - more.length,
    found: fitting(words("keyword", keywords), more),
  };
}

/** A word of the command line that means a text; a quote that was begun stays. */
function asWord(text: string, quote: string): string {
  if (quote === "'") return `'${text.replaceAll("'", "\\'")}'`;
  const word = quoteWord(text);
  return quote === "" || word.startsWith('"') ? word : `"${word}"`;
}

/** A name out of those that there are. */
async function completeName(
  type: ParameterType,
  text: string,
  context: CompletionContext,
): Promise<Suggestions> {
  const quote = /^["']/.exec(text)?.[0] ?? "";
  const found = fitting(await namesOf(type, context), unquoted(text));
  return {
    start: 0,
    found: found.map((each) => ({ ...each, text: asWord(each.text, quote) })),
  };
}

/** How the text of a value may go on where it ends; offsets are its own. */
export async function completeValue(
  type: ParameterType,
  text: string,
  context: CompletionContext,
  completeLine: CompleteLine,
): Promise<Suggestions> {
  // Within a quote a value is as it is without, but for where it begins.
  const bare = unquoted(text);
  const quote = /^["']/.test(text) ? 1 : 0;
  const within = ({ start, ...rest }: Suggestions) => ({
    ...rest,
    start: start + quote,
  });
  switch (type) {
    case "search":
      // Single quotes may stand around all of a search.
      return /^'[^']*$/.test(text)
        ? within(await completeSearch(bare, context))
        : await completeSearch(text, context);
    case "aggregation": {
      const { start, found } = await completeSearch(AGGREGATE + bare, context);
      return within({ start: start - AGGREGATE.length, found });
    }
    case "properties":
      return within(await completeProperties(bare, ["as"], context));
    case "order":
      return within(await completeProperties(bare, ["asc", "desc"], context));
    case "change": {
      const { head, last } = lastOf(bare);
      const found = fitting(await namesOf(type, context), last);
      return within({ start: head.length, found });
    }
    case "property": {
      const found = await completeProperty(bare, context);
      return within({ start: 0, found: fitting(found, bare) });
    }
    case "line":
      return within(await completeLine(bare));
    case "file":
      return { start: 0, found: [], isFile: true };
    default:
      return await completeName(type, text, context);
  }
}
