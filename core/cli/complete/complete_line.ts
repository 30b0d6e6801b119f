/**
 * How a line of the command line may go on.
 *
 * @module
 */

import type { CompletionJson, CompletionsJson } from "@skymap/lib/client";
import { logger } from "@skymap/lib/log";
import type { Command, Form, Parameter } from "../command.ts";
import type { CoreServices } from "../core_services.ts";
import { VARIABLES } from "../environment.ts";
import type { CompletionContext } from "./complete_search.ts";
import { completeValue } from "./complete_value.ts";
import { type Place, placeOf } from "./place.ts";
import { fitting, type Suggestions } from "./suggestions.ts";
import { readTypedLine, type TypedCommand } from "./typed_line.ts";

/** What a line is completed with. */
export interface CompletionOptions {
  /** The rest of core. */
  readonly services: CoreServices;
  /** Commands that there are. */
  readonly commands: readonly Command[];
  /** Graph of lines that name none. Default: `main`. */
  readonly graph?: string;
  /** Section of lines that name none. Default: `reported`. */
  readonly section?: string;
  /** How long it may take: whoever types waits for it. Default: 200 ms. */
  readonly timeoutMs?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 200;

const log = logger("core");

/** Commands that may stand at a place, by any of their names. */
function commandsAt(
  commands: readonly Command[],
  { isSource }: TypedCommand,
): readonly CompletionJson[] {
  const unwanted = isSource ? "flow" : "source";
  const at = commands.filter(({ position }) => position !== unwanted);
  const named = (text: string, { brief }: Command) => ({
    type: "command",
    text,
    help: brief,
  });
  return [
    ...at.map((command) => named(command.name, command)),
    ...at.flatMap((command) =>
      (command.aliases ?? []).map((alias) => named(alias, command))
    ),
  ];
}

function verb({ verb = "", brief }: Form): CompletionJson {
  return { type: "verb", text: verb, help: brief };
}

function option({ name, help }: Parameter): CompletionJson {
  return { type: "option", text: name, help };
}

/** Suggestions at a place, those of values first. */
async function suggestionsAt(
  place: Extract<Place, { type: "arguments" }>,
  context: CompletionContext,
  line: (text: string) => Promise<Suggestions>,
): Promise<Suggestions> {
  const { verbs, options, value, valueWord, word } = place;
  const fixed = fitting(
    [...verbs.map(verb), ...options.map(option)],
    word.text,
  );
  const type = value?.type;
  if (type === undefined) return { start: word.start, found: fixed };
  const { start, ...rest } = await completeValue(
    type,
    valueWord.text,
    context,
    line,
  );
  const from = valueWord.start + start;
  const isSame = from === word.start;
  if (rest.found.length === 0 && rest.isFile !== true) {
    return fixed.length > 0
      ? { start: word.start, found: fixed }
      : { start: from, found: [] };
  }
  // A verb is typed more often than anything that may stand in its place;
  // an option only by whoever has begun to.
  const before = isSame ? fixed.filter(({ type }) => type === "verb") : [];
  const after = isSame && word.text !== ""
    ? fixed.filter(({ type }) => type !== "verb")
    : [];
  return { ...rest, start: from, found: [...before, ...rest.found, ...after] };
}

async function suggest(
  line: string,
  options: CompletionOptions,
): Promise<Suggestions> {
  const { services, commands, signal } = options;
  const typed = readTypedLine(line, line.length);
  const find = (name: string) =>
    commands.find((each) =>
      each.name === name || each.aliases?.includes(name) === true
    );
  const place = placeOf(line, typed, find);
  if (place === undefined) return { start: line.length, found: [] };
  const { variables } = typed;
  const graph = variables.get("graph") ?? options.graph ?? "main";
  const section = variables.get("section") ?? options.section ?? "reported";
  const context = {
    services,
    commands,
    section,
    signal,
    graph: services.graph(graph),
  };
  const inner = (text: string) => suggest(text, options);
  if (place.type === "command") {
    const { start, text } = place.word;
    return { start, found: fitting(commandsAt(commands, typed), text) };
  }
  if (place.type === "variable") {
    const type = VARIABLES.find(({ name }) => name === place.name)?.type;
    const { start, text } = place.word;
    if (type === undefined) return { start, found: [] };
    const found = await completeValue(type, text, context, inner);
    return { ...found, start: start + found.start };
  }
  return await suggestionsAt(place, context, inner);
}

/**
 * Where the word ends that a suggestion replaces: behind what belongs to it on
 * the other side of the cursor. Further steps of a path stay.
 */
function endOf(
  { start, found }: Suggestions,
  begun: string,
  rest: string,
): number {
  const typed = begun.slice(start);
  if (typed === "") return begun.length;
  const [quote] = /^["']/.exec(typed) ?? [];
  if (quote !== undefined) {
    const [closing = ""] = /^(?:[^"'\\]|\\.)*["']/s.exec(rest) ?? [];
    const isSame = found.some(({ text }) => text.endsWith(closing));
    const [word = ""] = /^[^\s"']*["']/.exec(rest) ?? [];
    return begun.length + (isSame ? closing : word).length;
  }
  const isStep = found.some(({ type }) => type === "property");
  const [more = ""] = (isStep ? /^[\w-]*/ : /^[\w.-]*/).exec(rest) ?? [];
  return begun.length + more.length;
}

/**
 * How a line may go on at an offset, within a bounded time. What cannot be told
 * is left out: nobody who types wants an error.
 */
export async function completeLine(
  line: string,
  offset: number,
  options: CompletionOptions,
): Promise<CompletionsJson> {
  const { timeoutMs = TIMEOUT_MS } = options;
  const signal = AbortSignal.any([
    options.signal,
    AbortSignal.timeout(timeoutMs),
  ]);
  const begun = line.slice(0, offset);
  let found: Suggestions = { start: begun.length, found: [] };
  try {
    found = await suggest(begun, { ...options, signal });
  } catch (error) {
    // Not the line: what stands in it may be a secret.
    log.debug("Cannot complete a line: {error}", { error });
  }
  return {
    start: found.start,
    end: endOf(found, begun, line.slice(begun.length)),
    suggestions: found.found,
    ...(found.isFile === true && { is_file: true }),
  };
}
