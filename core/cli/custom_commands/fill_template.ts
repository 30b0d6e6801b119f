/**
 * Templates of lines with their gaps filled.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import {
  type TemplateNode,
  type TemplatePath,
  TemplateProblem,
} from "../../search/template_text.ts";
import { LinePlace } from "./line_place.ts";

/** What a template is filled with. */
export interface LineValues {
  /** Values by name. */
  readonly values: ReadonlyMap<string, string>;
  /** All words of the call, as they were written. */
  readonly args: string;
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** Characters that a filled template may have. */
const MAX_CHARS = 100_000;
/** Years up to 9999, whose texts all have the same length. */
const MAX_TIME_MS = 253_402_300_799_000;

class Filler {
  readonly #given: LineValues;
  readonly #place = new LinePlace();
  #text = "";

  constructor(given: LineValues) {
    this.#given = given;
  }

  fill(nodes: readonly TemplateNode[]): string {
    this.#nodes(nodes);
    return this.#text;
  }

  #nodes(nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      if (node.type === "text") this.#put(node.text);
      else if (node.type === "value") this.#value(node);
      else {
        const isThere = this.#valueOf(node.path) !== "";
        if (isThere !== node.isInverted) this.#nodes(node.nodes);
      }
    }
  }

  #put(text: string): void {
    this.#place.take(text);
    this.#text += text;
    if (this.#text.length > MAX_CHARS) {
      throw new TemplateProblem(`it makes more than ${MAX_CHARS} characters`);
    }
  }

  #value({ path, isRaw }: TemplateNode & { readonly type: "value" }): void {
    const name = path.join(".");
    const value = this.#valueOf(path);
    if (isRaw) {
      throw new TemplateProblem(
        `{{{${name}}}} would put a value in as it is, wanted {{${name}}}`,
      );
    }
    // Words that were words of a line are such again.
    const isPlain = name === "args" && this.#place.isBetweenQuotes;
    this.#put(isPlain ? value : this.#place.written(value, name));
  }

  #valueOf(path: TemplatePath): string {
    const [name = "", step, ...rest] = path;
    const { values, args } = this.#given;
    const value = name === "args" ? args : values.get(name);
    if (value === undefined || rest.length > 0) {
      throw new TemplateProblem(
        `the parameter "${path.join(".")}" is not declared`,
      );
    }
    return step === undefined ? value : this.#time(value, step, name);
  }

  #time(value: string, step: string, name: string): string {
    const sign = step === "from_now" ? 1 : step === "ago" ? -1 : undefined;
    if (sign === undefined) {
      throw new TemplateProblem(
        `"${step}" is unknown, wanted from_now or ago behind "${name}"`,
      );
    }
    const at = isDuration(value)
      ? this.#given.nowMs + sign * parseDuration(value)
      : NaN;
    if (!(Math.abs(at) < MAX_TIME_MS)) {
      throw new TemplateProblem(
        `"${name}" is ${JSON.stringify(value)}, wanted a duration such as 3h`,
      );
    }
    return `${new Date(at).toISOString().slice(0, 19)}Z`;
  }
}

/**
 * Fills the gaps of a template, each value as one value of its place: a word of
 * the line, a value of a search, a string of a jq program.
 *
 * @throws {TemplateProblem} If that is not possible.
 */
export function fillTemplate(
  nodes: readonly TemplateNode[],
  given: LineValues,
): string {
  return new Filler(given).fill(nodes);
}
