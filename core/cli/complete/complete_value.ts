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
import { unquoted } from "./typed_line.ts";

/** Completes a line that is a part of another one. */
export type CompleteLine = (line: string) => Promise<Suggestions>;

const AGGREGATE = "aggregate(";

/** The last of several properties, or what may follow one. */
async function completeProperties(
  text: string,
  context: CompletionContext,
): Promise<Suggestions> {
  const [, head = "", typed = ""] = /^(.*,\s*|\s*)(.*)$/s.exec(text) ?? [];
  const [, path, more] = /^(\S+)\s+(\S*)$/.exec(typed) ?? [];
  if (path === undefined || more === undefined) {
    const found = await completeProperty(typed, context);
    return { start: head.length, found: fitting(found, typed) };
  }
  return {
    start: text.length - more.length,
    found: fitting(words("keyword", ["as", "asc", "desc"]), more),
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
      return await completeSearch(text, context);
    case "aggregation": {
      const { start, found } = await completeSearch(AGGREGATE + bare, context);
      return within({ start: start - AGGREGATE.length, found });
    }
    case "properties":
      return within(await completeProperties(bare, context));
    case "property": {
      const found = await completeProperty(bare, context);
      return within({ start: 0, found: fitting(found, bare) });
    }
    case "line":
      return within(await completeLine(bare));
    case "file":
      return within({ start: 0, found: [], isFile: true });
    default: {
      const found = await namesOf(type, context);
      return within({ start: 0, found: fitting(found, bare) });
    }
  }
}
