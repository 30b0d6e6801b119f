/**
 * `expand(name, key=value, …)`: stored templates in a search.
 *
 * @module
 */

import type { Json, JsonObject } from "@skymap/lib/json";
import { nearestNames } from "../model/nearest_names.ts";
import { isScanned, scanValue, skipBlank } from "../query/json_value.ts";
import { replacePlaceholders } from "../query/placeholders.ts";
import { SourceText, type TextEdit } from "../query/source_text.ts";
import { QuerySyntaxError } from "../query/syntax_error.ts";
import { invalidQuery } from "./invalid_query.ts";
import { renderTemplate } from "./template_render.ts";
import {
  parseTemplate,
  templateParameters,
  TemplateProblem,
} from "./template_text.ts";

/** Where templates are found. */
export interface TemplateLookup {
  /** The text of a template, or undefined. */
  text(name: string): string | undefined;
  /** Names of all templates. */
  names(): readonly string[];
}

/** What templates are expanded with. */
export interface ExpandOptions {
  /** The templates. */
  readonly templates: TemplateLookup;
  /** The present, in milliseconds. */
  readonly nowMs: number;
  /** Zone of the placeholders in templates. Default: UTC. */
  readonly timeZone?: string;
}

/** A use of a template. */
export interface TemplateCall {
  /** Name of the template. */
  readonly name: string;
  /** What it is given. */
  readonly values: JsonObject;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
}

/** Templates inside of each other at most. */
const MAX_DEPTH = 20;
/** Templates that one search may expand. */
const MAX_CALLS = 1_000;
/** Characters that a search may grow to. */
const MAX_CHARS = 1_000_000;

const CALL_OR_QUOTE = /["`]|(?<![\w`./-])expand\s*\(/g;
const STRING_REST = /(?:[^"\\]|\\[^])*"/y;
const KEY_REST = /[^`]*`/y;
const NAME = /[A-Za-z0-9_][A-Za-z0-9_-]*/y;

/** The start of a use of a template, and the offset after its bracket. */
export interface CallStart {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset of its name or of the blanks before it. */
  readonly open: number;
}

/** Where a text uses templates, in order; `expand(` in a string is none. */
export function* callStarts(text: string, from = 0): Generator<CallStart> {
  let at = from;
  for (;;) {
    CALL_OR_QUOTE.lastIndex = at;
    const match = CALL_OR_QUOTE.exec(text);
    if (match === null) return;
    at = match.index + match[0].length;
    const rest = match[0] === '"'
      ? STRING_REST
      : match[0] === "`"
      ? KEY_REST
      : undefined;
    if (rest === undefined) yield { start: match.index, open: at };
    else {
      rest.lastIndex = at;
      // What follows a string without an end is all in it.
      if (!rest.test(text)) return;
      at = rest.lastIndex;
    }
  }
}

/**
 * The templates that a text uses, in order.
 *
 * @throws {QuerySyntaxError} If one cannot be read.
 */
function templateCalls(source: SourceText): readonly TemplateCall[] {
  const calls: TemplateCall[] = [];
  for (let at = 0;;) {
    const { value: found } = callStarts(source.text, at).next();
    if (found === undefined) return calls;
    const call = readCall(source, found.start, found.open);
    calls.push(call);
    at = call.end;
  }
}

function readCall(
  source: SourceText,
  start: number,
  open: number,
): TemplateCall {
  const { text } = source;
  const fail = (offset: number, problem: string, expected: string[]) =>
    new QuerySyntaxError({ text: source, offset, problem, expected });
  const nameAt = (offset: number, wanted: string): string => {
    NAME.lastIndex = offset;
    const name = NAME.exec(text)?.[0];
    if (name !== undefined) return name;
    throw fail(offset, "expand(…) lacks a name", [wanted]);
  };
  const values = new Map<string, Json>();
  let at = skipBlank(text, open);
  const name = nameAt(at, "the name of a template");
  at = skipBlank(text, at + name.length);
  while (text[at] === ",") {
    at = skipBlank(text, at + 1);
    const key = nameAt(at, "the name of a parameter");
    if (values.has(key)) throw fail(at, `"${key}" is given twice`, []);
    at = skipBlank(text, at + key.length);
    if (text[at] !== "=") {
      throw fail(at, `the parameter "${key}" has no value`, ['"="']);
    }
    at = skipBlank(text, at + 1);
    const value = scanValue(text, at);
    if (!isScanned(value)) {
      throw new QuerySyntaxError({ text: source, ...value });
    }
    values.set(key, value.value);
    at = skipBlank(text, value.end);
  }
  if (text[at] !== ")") {
    throw fail(at, "expand(…) has no end", ['","', '")"']);
  }
  return { name, values: Object.fromEntries(values), start, end: at + 1 };
}

/**
 * Replaces every `expand(…)` by its template, and what those use in turn.
 *
 * @throws SkymapError `query_syntax` or `query_invalid`, at the place of the
 * `expand(…)` that was written.
 */
export function expandTemplates(
  text: string | SourceText,
  options: ExpandOptions,
): SourceText {
  const source = SourceText.of(text);
  if (!source.text.includes("expand")) return source;
  const expander = new Expander(options);
  const edits = templateCalls(source).map((call): TextEdit => {
    try {
      const { start, end } = call;
      return { start, end, text: expander.expand(call, []) };
    } catch (thrown) {
      if (!(thrown instanceof TemplateProblem)) throw thrown;
      const { message, suggestions } = thrown;
      throw invalidQuery(source, call.start, message, suggestions);
    }
  });
  return source.replace(edits);
}

/**
 * The text that one use of a template stands for.
 *
 * @throws {TemplateProblem}
 */
export function expandCall(
  call: Pick<TemplateCall, "name" | "values">,
  options: ExpandOptions,
): string {
  return new Expander(options).expand(call, []);
}

class Expander {
  readonly #options: ExpandOptions;
  #calls = 0;
  #chars = 0;

  constructor(options: ExpandOptions) {
    this.#options = options;
  }

  expand(
    { name, values }: Pick<TemplateCall, "name" | "values">,
    outer: readonly string[],
  ): string {
    const { templates, nowMs, timeZone } = this.#options;
    const chain = [...outer, name];
    if (outer.includes(name)) {
      throw new TemplateProblem(
        `the template "${name}" expands itself (${chain.join(" → ")})`,
        { isNamed: true },
      );
    }
    if (chain.length > MAX_DEPTH || ++this.#calls > MAX_CALLS) {
      throw new TemplateProblem(
        chain.length > MAX_DEPTH
          ? `more than ${MAX_DEPTH} templates are inside each other`
          : `the search expands more than ${MAX_CALLS} templates`,
        { isNamed: true },
      );
    }
    const template = templates.text(name);
    if (template === undefined) {
      throw new TemplateProblem(
        `there is no template "${name}"${within(outer)}`,
        {
          suggestions: nearestNames(name, templates.names()),
          isNamed: true,
        },
      );
    }
    try {
      const nodes = parseTemplate(
        replacePlaceholders(template, nowMs, timeZone).text,
      );
      checkNames(values, templateParameters(nodes));
      const rendered = SourceText.of(renderTemplate(nodes, { values, nowMs }));
      const inner = templateCalls(rendered).map((call): TextEdit => ({
        start: call.start,
        end: call.end,
        text: this.expand(call, chain),
      }));
      const { text } = rendered.replace(inner);
      this.#chars += text.length;
      if (this.#chars > MAX_CHARS) {
        throw new TemplateProblem(
          `templates make more than ${MAX_CHARS} characters of search`,
          { isNamed: true },
        );
      }
      return text;
    } catch (thrown) {
      throw named(thrown, name);
    }
  }
}

/** Names that the template never reads are misspelt. */
function checkNames(values: JsonObject, known: readonly string[]): void {
  for (const name of Object.keys(values)) {
    if (known.includes(name)) continue;
    throw new TemplateProblem(
      `there is no parameter "${name}"` +
        (known.length === 0 ? "" : `, only ${known.join(", ")}`),
      { suggestions: nearestNames(name, known) },
    );
  }
}

/** The problem, with the template it is in; the innermost one counts. */
function named(thrown: unknown, name: string): unknown {
  if (thrown instanceof QuerySyntaxError) {
    return named(new TemplateProblem(thrown.problem), name);
  }
  if (!(thrown instanceof TemplateProblem) || thrown.isNamed) return thrown;
  const { message, suggestions } = thrown;
  return new TemplateProblem(`template "${name}": ${message}`, {
    suggestions,
    isNamed: true,
  });
}

function within(outer: readonly string[]): string {
  const last = outer.at(-1);
  return last === undefined ? "" : ` that "${last}" expands`;
}
