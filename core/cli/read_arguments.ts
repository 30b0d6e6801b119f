/**
 * Text behind a command to its arguments, as a form declares them.
 *
 * @module
 */

import { parseDuration } from "@skymap/lib/duration";
import type { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import type { SourceText, TextEdit } from "../query/source_text.ts";
import type { Arguments } from "./arguments.ts";
import { checkValue } from "./check_value.ts";
import type { Form, Parameter, ParameterType } from "./command.ts";
import { ESCAPE, lineTokens, SINGLE } from "./line_tokens.ts";
import { usageError } from "./usage_error.ts";
import { readWords, type Word } from "./words.ts";

/** A value that was given. */
interface Given {
  /** What it means. */
  readonly value: string;
  /** As it was written. */
  readonly source: SourceText;
}

/** Of what command the arguments are. */
export interface ArgumentsOf {
  /** The command as help calls it, such as `jobs add`. */
  readonly name: string;
  /** The word that called it. Default: the name. */
  readonly word?: string;
  /** What follows it; blanks around it are cut. */
  readonly source: SourceText;
}

/** `--name`, or `-n` alone; `-->`, `-3d` and `-delete->` are none. */
const OPTION = /^(--[A-Za-z][\w-]*|-[A-Za-z])(?:=([^]*))?$/;

function isOption({ name }: Parameter): boolean {
  return name.startsWith("-");
}

/** What stands for the value of an option: its type where that says something. */
export function valueName(name: string, type: ParameterType): string {
  const isNamed = typeof type !== "string" || type === "text";
  return (isNamed ? name.replace(/^-+/, "") : type).replaceAll("-", "_")
    .toUpperCase();
}

/** How a form is called: `jobs add [--id ID] COMMAND`. */
export function usageOf(name: string, { parameters }: Form): string {
  const words = parameters.map((parameter) => {
    const { isRequired = false, isRepeated = false, type } = parameter;
    const word = !isOption(parameter)
      ? parameter.name.replaceAll("-", "_").toUpperCase()
      : type === undefined
      ? parameter.name
      : `${parameter.name} ${valueName(parameter.name, type)}`;
    const many = isRepeated ? "…" : "";
    return isRequired ? `${word}${many}` : `[${word}${many}]`;
  });
  return [name, ...words].join(" ");
}

class ArgumentReader {
  readonly #form: Form;
  readonly #of: ArgumentsOf;
  readonly #given = new Map<string, Given[]>();
  readonly #words: readonly Word[];
  #at = 0;

  constructor(form: Form, of: ArgumentsOf) {
    this.#form = form;
    this.#of = of;
    this.#words = readWords(of.source.text);
  }

  read(): ReadonlyMap<string, readonly Given[]> {
    const open = this.#form.parameters.filter((each) => !isOption(each));
    let takesOptions = true;
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined) break;
      // What takes no options of its own may pass some on.
      const isPassedOn = open[0]?.isRest === true &&
        !this.#form.parameters.some(isOption);
      if (takesOptions && !word.isQuoted && !isPassedOn) {
        if (word.value === "--") {
          takesOptions = false;
          this.#at++;
          continue;
        }
        const option = OPTION.exec(word.value);
        if (option !== null) {
          this.#option(word, option[1] ?? "", option[2]);
          continue;
        }
      }
      const [next] = open;
      if (next === undefined) throw this.#tooMuch(word);
      if (next.isRest === true) {
        this.#add(next, this.#rest(word, next.type));
        break;
      }
      this.#at++;
      this.#add(next, this.#value(word));
      if (next.isRepeated !== true) open.shift();
    }
    this.#leaveOutFirst();
    this.#checkRequired();
    return this.#given;
  }

  /** Of `[FROM] TO` the first is left out when there is one word. */
  #leaveOutFirst(): void {
    const places = this.#form.parameters.filter((each) => !isOption(each));
    for (let at = places.length - 1; at > 0; at--) {
      const [first, second] = [places[at - 1], places[at]];
      if (first === undefined || second === undefined) continue;
      const given = this.#given.get(first.name);
      const isShort = second.isRequired === true && given !== undefined &&
        first.isRequired !== true && !this.#given.has(second.name);
      if (!isShort) continue;
      this.#given.set(second.name, given);
      this.#given.delete(first.name);
    }
  }

  #value(word: Word, from: number = word.start): Given {
    return {
      value: word.value,
      source: this.#of.source.slice(from, word.end),
    };
  }

  /** All that is left; only what protects a `|` or `;` is taken off. */
  #rest(from: Word, type: Parameter["type"]): Given {
    const source = this.#of.source.slice(from.start);
    const tokens = lineTokens(source.text);
    // No search begins with a single quote: it can only be around all of it.
    if (
      type === "search" && tokens.length === 1 &&
      tokens[0]?.tokenType === SINGLE
    ) {
      const inner = source.slice(1, source.text.length - 1);
      const edits = [...inner.text.matchAll(/\\'/g)].map(({ index }) => ({
        start: index,
        end: index + 1,
        text: "",
      }));
      const text = inner.replace(edits);
      return { value: text.text, source: text };
    }
    const edits: TextEdit[] = tokens
      .filter(({ tokenType, image }) =>
        tokenType === ESCAPE && /^\\[|;]$/.test(image)
      )
      .map(({ startOffset }) => ({
        start: startOffset,
        end: startOffset + 1,
        text: "",
      }));
    const text = source.replace(edits);
    return { value: text.text, source: text };
  }

  #option(word: Word, name: string, inline: string | undefined): void {
    const { parameters } = this.#form;
    const parameter = parameters.find((each) =>
      isOption(each) && (each.name === name || each.short === name)
    );
    if (parameter === undefined) {
      const known = parameters.filter(isOption).map((each) => each.name);
      throw this.#fault(
        word.start,
        known.length === 0
          ? `it takes no options, and "${name}" is one; ` +
            `put it in quotes, or "--" in front, if it is none`
          : `there is no option "${name}", wanted ${known.join(", ")}`,
        nearestNames(name, known),
      );
    }
    this.#at++;
    if (parameter.type === undefined) {
      if (inline !== undefined) {
        throw this.#fault(word.start, `"${name}" takes no value`);
      }
      this.#add(parameter, this.#value(word));
      return;
    }
    if (inline !== undefined) {
      const start = word.start + name.length + 1;
      this.#add(parameter, {
        value: inline,
        source: this.#of.source.slice(start, word.end),
      });
      return;
    }
    const next = this.#words[this.#at];
    if (next === undefined) {
      throw this.#fault(
        word.end,
        `"${name}" lacks its value, wanted ${
          usageOf(this.#of.name, this.#form)
        }`,
      );
    }
    this.#at++;
    this.#add(parameter, this.#value(next));
  }

  #add(parameter: Parameter, given: Given): void {
    const { name, type = "text", isRepeated = false } = parameter;
    const known = this.#given.get(name);
    const at = given.source;
    const tried = `Cannot run "${this.#of.name}"`;
    if (known !== undefined && !isRepeated) {
      throw usageError({
        tried,
        source: at,
        offset: 0,
        problem: `"${name}" is given twice, wanted once`,
      });
    }
    const isFlag = isOption(parameter) && parameter.type === undefined;
    const problem = isFlag ? undefined : checkValue(type, given.value);
    if (problem !== undefined) {
      throw usageError({
        tried,
        source: at,
        offset: 0,
        problem: `${label(parameter)}: ${problem.problem}`,
        suggestions: problem.suggestions,
      });
    }
    if (known === undefined) this.#given.set(name, [given]);
    else known.push(given);
  }

  #checkRequired(): void {
    for (const parameter of this.#form.parameters) {
      const { name, isRequired = false, help } = parameter;
      if (!isRequired || this.#given.has(name)) continue;
      throw this.#fault(
        this.#of.source.text.length,
        `${label(parameter)} is missing (${lower(help)}), wanted ${
          usageOf(this.#of.name, this.#form)
        }`,
      );
    }
  }

  #tooMuch(word: Word): SkymapError {
    return this.#fault(
      word.start,
      `"${word.value}" is more than it takes, wanted ${
        usageOf(this.#of.name, this.#form)
      }`,
    );
  }

  #fault(
    offset: number,
    problem: string,
    suggestions: readonly string[] = [],
  ): SkymapError {
    return usageError({
      tried: `Cannot run "${this.#of.name}"`,
      source: this.#of.source,
      offset,
      problem,
      suggestions,
    });
  }
}

function label(parameter: Parameter): string {
  return isOption(parameter)
    ? `"${parameter.name}"`
    : parameter.name.toUpperCase();
}

function lower(sentence: string): string {
  return /^[A-Z][a-z ]/.test(sentence)
    ? sentence.slice(0, 1).toLowerCase() + sentence.slice(1)
    : sentence;
}

/**
 * Reads arguments. Options stand anywhere in front of an argument that takes all
 * that is left; `--` ends them.
 *
 * @throws {SkymapError} `usage`
 */
export function readArguments(form: Form, of: ArgumentsOf): Arguments {
  const given = new ArgumentReader(form, of).read();
  const first = (name: string) => given.get(name)?.[0];
  const end = of.source.slice(of.source.text.length);
  return {
    has: (name) => given.has(name),
    get: (name) => first(name)?.value,
    all: (name) => (given.get(name) ?? []).map(({ value }) => value),
    must(name) {
      const found = first(name);
      if (found !== undefined) return found.value;
      throw new TypeError(`"${name}" is not declared as required`);
    },
    number(name) {
      const found = first(name);
      return found === undefined ? undefined : Number(found.value);
    },
    duration(name) {
      const found = first(name);
      return found === undefined ? undefined : parseDuration(found.value);
    },
    source: (name) => first(name)?.source ?? end,
    offsetOf: (name) => (first(name)?.source ?? end).placeOf(0).offset,
    word: of.word ?? of.name,
    text: of.source.text,
    fault: (message, name, at = 0) =>
      usageError({
        tried: `Cannot run "${of.name}"`,
        source: name === undefined
          ? of.source
          : given.get(name)?.[at]?.source ?? end,
        offset: 0,
        problem: message,
      }),
  };
}
