/**
 * What a command wants at a place of its arguments.
 *
 * @module
 */

import type { Command, Form, Parameter } from "../command.ts";
import { type TypedCommand, type TypedWord, unquoted } from "./typed_line.ts";

/** What may stand at a place. */
export type Place =
  | { readonly type: "command"; readonly word: TypedWord }
  | {
    readonly type: "variable";
    readonly name: string;
    /** Its value, as far as it is typed. */
    readonly word: TypedWord;
  }
  | {
    readonly type: "arguments";
    readonly command: Command;
    /** Verbs that may stand here. */
    readonly verbs: readonly Form[];
    /** Options that may stand here. */
    readonly options: readonly Parameter[];
    /** What the word is a value of. */
    readonly value?: Parameter;
    /** The word, from its dashes or its first letter on. */
    readonly word: TypedWord;
    /** The value as far as it is typed; a rest has many words. */
    readonly valueWord: TypedWord;
  };

const OPTION = /^(--?[A-Za-z][\w-]*)(?:=(.*))?$/s;
const BEGUN_OPTION = /^-(?:-?[A-Za-z][\w-]*|-)?$/;

function isOption({ name }: Parameter): boolean {
  return name.startsWith("-");
}

function optionOf(form: Form, name: string): Parameter | undefined {
  return form.parameters.find((each) =>
    isOption(each) && (each.name === name || each.short === name)
  );
}

/** Goes through the words of a form, one after the other. */
class FormReader {
  readonly #form: Form;
  readonly #arguments: readonly Parameter[];
  readonly #used = new Set<Parameter>();
  #position = 0;
  #wanting: Parameter | undefined;
  #rest: TypedWord | undefined;

  constructor(form: Form) {
    this.#form = form;
    this.#arguments = form.parameters.filter((each) => !isOption(each));
  }

  /** The argument that the next word without dashes is. */
  get #next(): Parameter | undefined {
    const last = this.#arguments.at(-1);
    return this.#arguments[this.#position] ??
      (last?.isRepeated === true ? last : undefined);
  }

  take(word: TypedWord): void {
    if (this.#rest !== undefined) return;
    if (this.#wanting !== undefined) {
      this.#wanting = undefined;
      return;
    }
    const [, name = "", value] = OPTION.exec(word.text) ?? [];
    const option = optionOf(this.#form, name);
    if (option !== undefined) {
      this.#used.add(option);
      if (option.type !== undefined && value === undefined) {
        this.#wanting = option;
      }
      return;
    }
    if (this.#next?.isRest === true) this.#rest = word;
    else this.#position++;
  }

  /** What the word that is being typed may be. */
  finish(
    typed: TypedWord,
    line: string,
  ): Pick<
    Extract<Place, { type: "arguments" }>,
    "options" | "value" | "valueWord"
  > {
    const rest = this.#rest;
    if (rest !== undefined) {
      const { start } = rest;
      const end = typed.start + typed.text.length;
      const text = line.slice(start, end);
      return this.#found(this.#next, { text, start });
    }
    if (this.#wanting !== undefined) return this.#found(this.#wanting, typed);
    const [, name = "", value] = OPTION.exec(typed.text) ?? [];
    if (value !== undefined) {
      const start = typed.start + name.length + 1;
      return this.#found(optionOf(this.#form, name), { text: value, start });
    }
    const options = typed.text === "" || BEGUN_OPTION.test(typed.text)
      ? this.#form.parameters.filter((each) =>
        isOption(each) && (each.isRepeated === true || !this.#used.has(each))
      )
      : [];
    return { ...this.#found(this.#next, typed), options };
  }

  #found(value: Parameter | undefined, valueWord: TypedWord) {
    return { options: [], ...(value !== undefined && { value }), valueWord };
  }
}

/** What may stand where the typed command ends, if anybody knows. */
export function placeOf(
  line: string,
  { isSource, variables, words, typed }: TypedCommand,
  find: (name: string) => Command | undefined,
): Place | undefined {
  const [first, second] = words;
  if (first === undefined) {
    const [, name, value = ""] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(typed.text) ??
      [];
    if (name === undefined || !(isSource || variables.size > 0)) {
      return { type: "command", word: typed };
    }
    const start = typed.start + name.length + 1;
    return { type: "variable", name, word: { text: value, start } };
  }
  const command = find(unquoted(first.text));
  if (command === undefined) return;
  const verb = command.forms.find((form) =>
    form.verb !== undefined && form.verb === second?.text
  );
  const form = verb ?? command.forms.find((each) => each.verb === undefined);
  const verbs = second === undefined
    ? command.forms.filter((each) => each.verb !== undefined)
    : [];
  const place = { type: "arguments", command, verbs, word: typed } as const;
  if (form === undefined) return { ...place, options: [], valueWord: typed };
  const reader = new FormReader(form);
  for (const word of words.slice(verb === undefined ? 1 : 2)) reader.take(word);
  return { ...place, ...reader.finish(typed, line) };
}
