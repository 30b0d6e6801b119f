/**
 * How a search may go on.
 *
 * @module
 */

import type { CompletionJson, ValueJson } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import type { Path } from "../../query/ast.ts";
import { printPath } from "../../query/print.ts";
import {
  type Suggestions as Next,
  suggestNext,
} from "../../query/suggest_next.ts";
import { lookUp, namesOf, type SourceParts } from "./completion_sources.ts";
import { fitting, type Suggestions, words } from "./suggestions.ts";

/** What completion looks things up with. */
export interface CompletionContext extends SourceParts {
  /** Section of relative paths. */
  readonly section: string;
}

/** What signs and words of the search language mean, where it helps. */
const MEANINGS: Readonly<Record<string, string>> = {
  "-->": "one step along the edges",
  "<--": "one step against the edges",
  "<-->": "one step either way",
  aggregate: "counts, sums and groups",
  is: "of a kind: is(instance)",
  id: "of an id: id(i-123)",
  limit: "at most so many",
  reversed: "the last first",
  sort: "in the order of properties",
  with: "with so many neighbours: with(empty, -->)",
};

/** What is compared with the age of something. */
const AGES = words("duration", ["1h", "1d", "7d", "30d"]);

/** Where properties lie that no section holds. */
const ANCESTORS: readonly CompletionJson[] = words(
  "property",
  ["cloud", "account", "region", "zone"].flatMap((container) =>
    ["name", "id"].map((key) => `/ancestors.${container}.reported.${key}`)
  ),
);

/** A word that a search reads as this very text. */
const BARE =
  /^(?!(?:true|false|null|and|or|not|in|sort|limit|with)$)[A-Za-z_][\w.]*$/;

const LOOKED_UP = { limit: 50, skip: 0 };

/** The kinds that the last part of a search is certainly about. */
function kindsOf(text: string): readonly string[] {
  const part = text.split(/--?>|<--?|\]->|\]-/).at(-1) ?? "";
  if (/\b(?:or|not)\b/.test(part)) return [];
  const found = /(?:^|\s)is\(([\w\s,]+)\)/.exec(part)?.[1] ?? "";
  return found.split(",").map((kind) => kind.trim()).filter(Boolean);
}

async function findPaths(
  typed: string,
  { graph, section, signal }: CompletionContext,
  kinds: readonly string[],
): Promise<readonly CompletionJson[]> {
  const request = { property: typed, page: LOOKED_UP, section, signal };
  const steps = await graph.completePath({ ...request, kinds });
  return steps.map(({ path, kind, description }) => {
    const help = [kind === "any" ? "" : kind, description ?? ""]
      .filter(Boolean).join(": ");
    return { type: "property", text: path, ...(help !== "" && { help }) };
  });
}

function printed(value: Json, isQuoted: boolean): string {
  return typeof value === "string" && !isQuoted && BARE.test(value)
    ? value
    : JSON.stringify(value);
}

/** Paths that begin with what is typed. */
export async function completeProperty(
  typed: string,
  context: CompletionContext,
  kinds: readonly string[] = [],
): Promise<readonly CompletionJson[]> {
  const find = () => findPaths(typed, context, kinds);
  const found = await lookUp(find, context.signal);
  return typed.startsWith("/") ? [...found, ...ANCESTORS] : found;
}

/** Whether the values of a property are lengths of time. */
async function isDuration(
  property: string,
  { graph, section, signal }: CompletionContext,
  kinds: readonly string[],
): Promise<boolean> {
  const request = { property, page: LOOKED_UP, section, signal, kinds };
  const steps = await graph.completePath(request);
  return steps.some(({ path, kind }) =>
    path === property && kind === "duration"
  );
}

/** Values that the graph has for a property, the most frequent first. */
async function findValues(
  path: Path,
  typed: string,
  context: CompletionContext,
  kinds: readonly string[],
): Promise<readonly CompletionJson[]> {
  const { graph, section, signal } = context;
  // What the graph has are moments, and what is compared is how long ago.
  if (await isDuration(printPath(path), context, kinds)) return AGES;
  const isQuoted = typed.startsWith('"');
  const begun = typed.replace(/^"/, "").replaceAll(/[^A-Za-z0-9_ ]/g, "\\$&");
  const property = begun === ""
    ? printPath(path)
    : `${printPath(path)} =~ ${JSON.stringify(`^${begun}`)}`;
  const found: CompletionJson[] = [];
  const request = { property, page: LOOKED_UP, section, signal, kinds };
  for await (const texts of graph.values(request)) {
    for (const text of texts) {
      const { value, count }: ValueJson = JSON.parse(text);
      found.push({
        type: "value",
        text: printed(value, isQuoted),
        help: `${count} ${count === 1 ? "resource" : "resources"}`,
      });
    }
  }
  return found;
}

/** Signs that a blank stands before: one word of the language, or its begin. */
const SIGNS = /(?<=\s)[-<>=!~[]+$/;

/** A list of values that is not closed, with its last value. */
const OPEN_LIST =
  /^(.*(?:\bin|[=!<>~]))\s*\[(?:(?:"(?:[^"\\]|\\.)*"|[^\]",])*,)*\s*("(?:[^"\\]|\\.)*|[^\]",]*)$/s;
/** A path whose next step has no letter yet. */
const OPEN_PATH = /(?:[\w`\])]\.|(?:^|[\s(,!])\/)$/;

function next(text: string): Next {
  const [, compared, value] = OPEN_LIST.exec(text) ?? [];
  if (compared !== undefined && value !== undefined) {
    const start = text.length - value.length;
    const begun = suggestNext(`${compared} `, compared.length + 1);
    return { ...begun, start, prefix: value, words: [] };
  }
  if (OPEN_PATH.test(text)) {
    const { prefix, ...rest } = suggestNext(`${text}x`, text.length + 1);
    return { ...rest, prefix: prefix.slice(0, -1), words: [] };
  }
  const signs = SIGNS.exec(text)?.[0];
  if (signs !== undefined) {
    const start = text.length - signs.length;
    const { words } = suggestNext(text, start);
    const longer = words.filter((word) =>
      word.startsWith(signs) && word !== signs
    );
    const found = { start, prefix: signs, expected: [], words: longer };
    if (longer.length > 0) return found;
  }
  return suggestNext(text, text.length);
}

/** How a search, or the beginning of one, may go on where it ends. */
export async function completeSearch(
  text: string,
  context: CompletionContext,
): Promise<Suggestions> {
  const [, name] = /(?<![\w`./-])expand\(\s*([\w-]*)$/.exec(text) ?? [];
  if (name !== undefined) {
    return {
      start: text.length - name.length,
      found: fitting(await namesOf("template", context), name),
    };
  }
  const { start, prefix, expected, property, words: known } = next(text);
  const kinds = kindsOf(text.slice(0, start));
  const found: CompletionJson[] = [];
  if (expected.includes("kind")) found.push(...await namesOf("kind", context));
  if (expected.includes("value") && property !== undefined) {
    const find = () => findValues(property, prefix, context, kinds);
    found.push(...await lookUp(find, context.signal));
  }
  if (expected.includes("property") && !prefix.startsWith('"')) {
    found.push(...await completeProperty(prefix, context, kinds));
  }
  if (expected.includes("time")) found.push(...await namesOf("time", context));
  found.push(...known.map((word) => ({
    type: /\w/.test(word) ? "keyword" : "operator",
    text: word,
    ...(MEANINGS[word] !== undefined && { help: MEANINGS[word] }),
  })));
  return { start, found: fitting(found, prefix) };
}
