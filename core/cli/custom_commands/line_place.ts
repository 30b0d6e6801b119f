/**
 * Where the end of a piece of a line stands, and how a value is written there.
 *
 * @module
 */

import { printString } from "../../query/json_value.ts";
import { TemplateProblem } from "../../search/template_text.ts";
import { quoteWord } from "../words.ts";
import { ProgramPlace } from "./program_place.ts";

/** What the text behind a command is read as. */
type Language = "words" | "search" | "program" | "line" | "format";

/** Commands whose text is more than words that quotes hold together. */
const LANGUAGES: ReadonlyMap<string, Language> = new Map<string, Language>([
  ...[
    "search",
    "query",
    "match",
    "history",
    "aggregate",
    "count",
    "sort",
    "explain",
  ].map((name) => [name, "search"] as const),
  ["jq", "program"],
  ["json", "program"],
  ["format", "format"],
  ["jobs", "line"],
  ["job", "line"],
]);

/** A value that a search reads as one value without quotes. */
const PLAIN_VALUE =
  /^(?:\/?[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*|-?\d+(?:\.\d+)?|\d+[A-Za-z]+)$/;
/** Words of searches that are no values. */
const RESERVED = new Set(
  "true false null and or not all in sort asc desc limit reversed with is has_key id"
    .split(" "),
);
/** What stands for itself in a string of a program, wherever that stands. */
const PLAIN_SIGN = /[A-Za-z0-9 _.,:/@+=!?*&%$<>~^()[\]{}#-]/;

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
};

/** The inside of a string of JSON in letters that mean nothing anywhere else. */
function stringInside(value: string): string {
  return [...Array(value.length).keys()].map((at) => {
    const sign = value.charAt(at);
    return PLAIN_SIGN.test(sign)
      ? sign
      : `\\u${value.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}

/** A text in double quotes of a line. */
function doubleQuoted(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

/** Follows a line as it is made, so that a value stays within its place. */
export class LinePlace {
  #quote = "";
  #isEscaped = false;
  /** The word that is being read, quotes included. */
  #word = "";
  #command: string | undefined;
  #program: ProgramPlace | undefined;
  /** The quote around the whole program. */
  #programQuote = "";
  #last = "";

  get #language(): Language {
    return LANGUAGES.get(this.#command ?? "") ?? "words";
  }

  /** Whether what comes next is protected by no quote. */
  get isBetweenQuotes(): boolean {
    return this.#quote === "" && !this.#isEscaped;
  }

  /** Takes text that stands in the line. */
  take(text: string): void {
    for (const sign of text) this.#sign(sign);
  }

  #sign(sign: string): void {
    const isEscaped = this.#isEscaped;
    this.#isEscaped = false;
    const outside = this.#quote === "";
    if (outside && !isEscaped && /[|;]/.test(sign)) return this.#nextStage();
    if (outside && !isEscaped && /\s/.test(sign)) this.#endWord();
    else this.#begin(sign);
    this.#feed(sign, isEscaped);
    if (isEscaped) {
      // Whatever it is, it stands for itself.
    } else if (sign === "\\" && this.#quote !== "`") this.#isEscaped = true;
    else if (outside && /["'`]/.test(sign)) this.#quote = sign;
    else if (sign === this.#quote) this.#quote = "";
    this.#last = sign;
  }

  #nextStage(): void {
    this.#word = "";
    this.#command = undefined;
    this.#program = undefined;
    this.#last = "";
  }

  #endWord(): void {
    if (this.#command === undefined && this.#word !== "") {
      this.#command = this.#word;
    }
    this.#word = "";
  }

  /** A sign of a word; the first one that is no option begins a program. */
  #begin(sign: string): void {
    const isFirst = this.#word === "";
    this.#word += sign;
    if (this.#language !== "program" || this.#program !== undefined) return;
    if (!isFirst || sign === "-") return;
    this.#program = new ProgramPlace();
    this.#programQuote = /["']/.test(sign) ? sign : "";
  }

  /** Hands on what a program is made of, once the quotes around it are off. */
  #feed(sign: string, isEscaped: boolean): void {
    const program = this.#program;
    if (program === undefined) return;
    const around = this.#programQuote;
    if (around === "") return program.take(sign);
    if (this.#quote !== around) return;
    if (isEscaped) {
      if (around === '"') program.take(ESCAPES[sign] ?? sign);
      else {
        if (sign !== "'") program.take("\\");
        program.take(sign);
      }
    } else if (sign !== "\\" && sign !== around) program.take(sign);
  }

  /**
   * A value as it is written where the line ends now: it is one value there,
   * whatever it holds.
   *
   * @throws {TemplateProblem} Where no value can be one.
   */
  written(value: string, name: string): string {
    if (this.#isEscaped || this.#program?.isEscaped === true) {
      throw new TemplateProblem(
        `a backslash stands before {{${name}}}, and would escape it`,
      );
    }
    if (this.#command === undefined && this.#word === "") {
      throw new TemplateProblem(
        `{{${name}}} stands where the name of a command belongs`,
      );
    }
    switch (this.#language) {
      case "search":
        return this.#searchValue(value, name);
      case "program":
        return this.#program === undefined && this.#word !== ""
          ? this.#wordValue(value, name)
          : this.#programValue(value);
      case "line":
        if (this.#quote === "") return quoteWord(value);
        throw new TemplateProblem(
          `{{${name}}} stands in quotes within a line that runs later, ` +
            "wanted it outside of quotes",
        );
      case "format":
        // Its own gaps have braces.
        return this.#wordValue(value.replace(/[{}]/g, "$&$&"), name);
      case "words":
        return this.#wordValue(value, name);
    }
  }

  #wordValue(value: string, name: string): string {
    switch (this.#quote) {
      case "":
        return quoteWord(value);
      case '"':
        return doubleQuoted(value);
      case "'":
        if (!value.includes("\\")) return value.replaceAll("'", "\\'");
    }
    throw new TemplateProblem(
      `{{${name}}} holds what ${this.#quote}…${this.#quote} cannot, wanted ` +
        'double quotes "…" around it',
    );
  }

  #programValue(value: string): string {
    const inside = stringInside(value);
    const text = this.#program?.isString === true ? inside : `"${inside}"`;
    return this.#program !== undefined && this.#programQuote === '"'
      ? doubleQuoted(text)
      : text;
  }

  #searchValue(value: string, name: string): string {
    if (this.#quote === '"') return printString(value).slice(1, -1);
    const isPlain = PLAIN_VALUE.test(value) &&
      !RESERVED.has(value.toLowerCase());
    if (this.#quote === "") {
      if (isPlain) return value;
      if (!/[.`\w]/.test(this.#last)) return printString(value);
    }
    throw new TemplateProblem(
      `{{${name}}} stands within a name and holds more than a name`,
    );
  }
}
