/**
 * Commands by their names.
 *
 * @module
 */

import { nearestNames } from "../model/nearest_names.ts";
import { isSearch } from "../query/parse.ts";
import type { SourceText } from "../query/source_text.ts";
import type { Command, Form } from "./command.ts";
import { usageError } from "./usage_error.ts";

/** What a command and its form were called with. */
export interface CalledForm {
  /** The command. */
  readonly command: Command;
  /** Which way to call it. */
  readonly form: Form;
  /** Its name as help has it, such as `jobs add`. */
  readonly name: string;
  /** The word that called it: its name or an alias. */
  readonly word: string;
  /** What follows. */
  readonly rest: SourceText;
}

/** The first word of a text, and where what follows it begins. */
function firstWord(text: string): readonly [word: string, rest: number] {
  const [all = "", word = ""] = /^([^\s"']*)\s*/.exec(text) ?? [];
  return [word, all.length];
}

/** A search that lacks its command. */
function forgotten(text: string): boolean {
  return /[(=<>~"]/.test(text) && isSearch(text);
}

/** Commands by their names and aliases. */
export class CommandSet {
  readonly #byName: ReadonlyMap<string, Command>;
  /** Every command, in its order. */
  readonly all: readonly Command[];

  /** Takes commands; of two of one name the first counts. */
  constructor(commands: readonly Command[]) {
    const byName = new Map<string, Command>();
    for (const command of commands) {
      if (!byName.has(command.name)) byName.set(command.name, command);
    }
    for (const command of commands) {
      for (const alias of command.aliases ?? []) {
        if (!byName.has(alias)) byName.set(alias, command);
      }
    }
    this.#byName = byName;
    this.all = commands;
  }

  /** A command by its name or alias. */
  get(name: string): Command | undefined {
    return this.#byName.get(name);
  }

  /** Names that a misspelt one may mean. */
  nearest(name: string): readonly string[] {
    return nearestNames(name, [...this.#byName.keys()]);
  }

  /**
   * The command that a stage of a line calls.
   *
   * @param before Names of the commands in front of it.
   * @throws {SkymapError} `usage`, if there is none.
   */
  called(stage: SourceText, before: readonly string[]): Command {
    const [word] = firstWord(stage.text);
    const command = this.#byName.get(word);
    if (command !== undefined) return command;
    const shown = word === "" ? stage.text.slice(0, 20) : word;
    const hint = before.includes("jq")
      ? `; if it belongs to the filter of "jq", put the filter in quotes: ` +
        "jq '… | …'"
      : forgotten(stage.text)
      ? `; a search begins with its command: "search ${stage.text}"`
      : "";
    throw usageError({
      tried: "Cannot read line",
      source: stage,
      offset: 0,
      problem: `there is no command "${shown}", "help" lists them all${hint}`,
      suggestions: hint === "" ? this.nearest(word) : [],
    });
  }
}

/**
 * The form that a stage calls its command in.
 *
 * @throws {SkymapError} `usage`, if there is none.
 */
export function calledForm(command: Command, stage: SourceText): CalledForm {
  const [word, start] = firstWord(stage.text);
  const rest = stage.slice(start);
  const [verb, end] = firstWord(rest.text);
  const { name, forms } = command;
  const named = forms.find((form) => form.verb === verb && verb !== "");
  if (named !== undefined) {
    return {
      command,
      form: named,
      name: `${name} ${verb}`,
      word,
      rest: rest.slice(end),
    };
  }
  const plain = forms.find((form) => form.verb === undefined);
  if (plain !== undefined) return { command, form: plain, name, word, rest };
  const verbs = forms.flatMap((form) => form.verb ?? []);
  throw usageError({
    tried: `Cannot run "${name}"`,
    source: rest,
    offset: 0,
    problem: `${
      verb === "" ? "nothing follows it" : `it knows no "${verb}"`
    }, wanted ${verbs.join(", ")}`,
    suggestions: verb === "" ? [] : nearestNames(verb, verbs),
  });
}
