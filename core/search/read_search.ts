/**
 * What a person types to what is compiled: placeholders, templates, tree.
 *
 * @module
 */

import type { Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { replacePlaceholders } from "../query/placeholders.ts";
import type { SourceText } from "../query/source_text.ts";
import { expandTemplates, type TemplateLookup } from "./template_expand.ts";

/** How a search is read. */
export interface ReadSearchOptions {
  /** The present, in milliseconds. */
  readonly nowMs: number;
  /** What `expand(…)` finds. Default: no templates. */
  readonly templates?: TemplateLookup;
  /** IANA name of the zone of `@TODAY@` and its like. Default: UTC. */
  readonly timeZone?: string;
}

/** A search that was read. */
export interface ReadSearch {
  /** Its tree. */
  readonly query: Query;
  /** Its text, which knows what was written: give it to whoever makes errors. */
  readonly source: SourceText;
}

const NO_TEMPLATES: TemplateLookup = { text: () => undefined, names: () => [] };

/**
 * A text with its placeholders replaced, in strings too, and then its templates
 * expanded.
 *
 * @throws SkymapError `query_invalid`, at the place that was written.
 */
export function expandSearch(
  text: string | SourceText,
  { nowMs, templates = NO_TEMPLATES, timeZone }: ReadSearchOptions,
): SourceText {
  const zone = timeZone === undefined ? {} : { timeZone };
  return expandTemplates(
    replacePlaceholders(text, nowMs, timeZone),
    { templates, nowMs, ...zone },
  );
}

/**
 * Reads a search, once it was expanded.
 *
 * @throws SkymapError `query_syntax`, or `query_invalid` for a template, each at
 * the place that was written.
 */
export function readSearch(
  text: string,
  options: ReadSearchOptions,
): ReadSearch {
  const source = expandSearch(text, options);
  return { query: parseQuery(source), source };
}
