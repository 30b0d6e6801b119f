/**
 * Templates with their gaps filled.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { printString, printValue } from "../query/json_value.ts";
import { PLAIN_KEY } from "../query/words.ts";
import {
  type TemplateNode,
  type TemplatePath,
  TemplateProblem,
} from "./template_text.ts";

/** What a template is filled with. */
export interface TemplateValues {
  /** Values by name. */
  readonly values: JsonObject;
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** Characters that a filled template may have. */
const MAX_CHARS = 1_000_000;
/** Pieces that may be filled in; sections may repeat without a character. */
const MAX_STEPS = 100_000;

/** A property, kind or id: it means the same with and without quotes. */
const PLAIN_NAME =
  /^(?:\/?[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)$/;
const NUMBER_LIKE = /^[\d.]+$/;
/** Words that mean something else without quotes. */
const RESERVED = new Set(
  "true false null and or not all in sort limit reversed".split(" "),
);

/** A value, and how it is written. */
interface Found {
  readonly value: Json;
  /** Whether it is a string in double quotes, wherever it stands. */
  readonly isQuoted: boolean;
}

/** Fills the gaps of a template. */
export function renderTemplate(
  nodes: readonly TemplateNode[],
  values: TemplateValues,
): string {
  return new Renderer(values).render(nodes);
}

class Renderer {
  readonly #scopes: Json[];
  readonly #nowMs: number;
  #text = "";
  #steps = 0;
  /** The quote that is open where the text ends. */
  #quote = "";

  constructor({ values, nowMs }: TemplateValues) {
    this.#scopes = [values];
    this.#nowMs = nowMs;
  }

  render(nodes: readonly TemplateNode[]): string {
    this.#nodes(nodes);
    return this.#text;
  }

  #nodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      if (++this.#steps > MAX_STEPS) {
        throw new TemplateProblem(`it has more than ${MAX_STEPS} steps`);
      }
      switch (node.type) {
        case "text":
          this.#put(node.text);
          break;
        case "value": {
          const found = this.#find(node.path);
          if (found === undefined) {
            throw new TemplateProblem(
              `the parameter "${node.path.join(".")}" is missing`,
            );
          }
          this.#put(
            node.isRaw
              ? textOf(found.value)
              : this.#written(found, node.path.join(".")),
          );
          break;
        }
        case "section":
          this.#section(node);
      }
    }
  }

  #section(node: TemplateNode & { readonly type: "section" }): void {
    const value = this.#find(node.path)?.value;
    const isEmpty = value === undefined || !value ||
      (Array.isArray(value) && value.length === 0);
    if (node.isInverted || isEmpty) {
      if (node.isInverted && isEmpty) this.#nodes(node.nodes);
      return;
    }
    for (const item of Array.isArray(value) ? value : [value]) {
      this.#scopes.push(item);
      this.#nodes(node.nodes);
      this.#scopes.pop();
    }
  }

  #put(text: string): void {
    for (const [image] of text.matchAll(/\\[^]|["`]/g)) {
      if (this.#quote === "") {
        if (image.length === 1) this.#quote = image;
      } else if (image === this.#quote) this.#quote = "";
      // Between backticks a backslash stands for itself.
      else if (image === "\\`" && this.#quote === "`") this.#quote = "";
    }
    this.#text += text;
    if (this.#text.length > MAX_CHARS) {
      throw new TemplateProblem(
        `it makes more than ${MAX_CHARS} characters of search`,
      );
    }
  }

  /** A value as one value of the search, whatever it holds. */
  #written({ value, isQuoted }: Found, name: string): string {
    if (this.#quote === '"') {
      if (endsInEscape(this.#text)) {
        throw new TemplateProblem(
          `a backslash stands before {{${name}}}, and would escape it`,
        );
      }
      return printString(textOf(value)).slice(1, -1);
    }
    if (this.#quote === "`") return keyText(value, name);
    if (typeof value !== "string") return printValue(value);
    if (isQuoted) return printString(value);
    if (this.#text.endsWith(".")) {
      return PLAIN_KEY.test(value) ? value : `\`${keyText(value, name)}\``;
    }
    const isPlain = PLAIN_NAME.test(value) && !NUMBER_LIKE.test(value) &&
      !RESERVED.has(value.toLowerCase());
    return isPlain ? value : printString(value);
  }

  /** The value of a name: of the innermost section that has it. */
  #find(path: TemplatePath): Found | undefined {
    const [first, ...rest] = path;
    if (first === undefined) {
      return { value: this.#scopes.at(-1) ?? null, isQuoted: false };
    }
    const scope = this.#scopes.findLast((each) =>
      isObject(each) && Object.hasOwn(each, first)
    );
    if (scope === undefined) return undefined;
    let found: Found | undefined = {
      value: (scope as JsonObject)[first] ?? null,
      isQuoted: false,
    };
    for (const step of rest) {
      if (found === undefined) return undefined;
      found = this.#step(found.value, step, path.join("."));
    }
    return found;
  }

  #step(value: Json, step: string, name: string): Found | undefined {
    const plain = (json: Json): Found => ({ value: json, isQuoted: false });
    if (isObject(value) && Object.hasOwn(value, step)) {
      return plain((value as JsonObject)[step] ?? null);
    }
    switch (step) {
      case "with_index":
        if (!Array.isArray(value)) throw wrong(name, "a list", value);
        return plain(value.map((item, index) => ({
          value: item,
          index,
          first: index === 0,
          last: index === value.length - 1,
        })));
      case "as_list":
        if (!isObject(value)) throw wrong(name, "an object", value);
        return plain(
          Object.entries(value as JsonObject).map(([key, item]) => ({
            key,
            value: item,
          })),
        );
      case "parens":
        return { value: textOf(value), isQuoted: true };
      case "from_now":
      case "ago": {
        if (typeof value !== "string" || !isDuration(value)) {
          throw wrong(name, "a duration such as 3d", value);
        }
        const sign = step === "ago" ? -1 : 1;
        const at = new Date(this.#nowMs + sign * parseDuration(value));
        if (!(Math.abs(at.getTime()) < MAX_TIME_MS)) {
          throw wrong(name, "a duration such as 3d", value);
        }
        return {
          value: `${at.toISOString().slice(0, 19)}Z`,
          isQuoted: true,
        };
      }
    }
    return undefined;
  }
}

/** Whether the next character would be escaped by a backslash. */
function endsInEscape(text: string): boolean {
  let at = text.length;
  while (text[at - 1] === "\\") at--;
  return (text.length - at) % 2 === 1;
}

/** Years up to 9999, whose texts all have the same length. */
const MAX_TIME_MS = 253_402_300_799_000;

function textOf(value: Json): string {
  return typeof value === "string" ? value : printValue(value);
}

/** A value between backticks, which nothing can escape. */
function keyText(value: Json, name: string): string {
  const text = textOf(value);
  if (text !== "" && !text.includes("`")) return text;
  throw new TemplateProblem(
    `"${name}" becomes a part of a property and holds a backtick or nothing`,
  );
}

function wrong(name: string, wanted: string, value: Json): TemplateProblem {
  return new TemplateProblem(
    `"${name}" needs ${wanted}, not ${printValue(value).slice(0, 40)}`,
  );
}
