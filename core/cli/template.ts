/**
 * `Volume {name} of {/ancestors.account.reported.name}`: a text for each element.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import { readPath } from "../query/literals.ts";
import {
  type Column,
  type ColumnOptions,
  propertyColumn,
} from "./list/columns.ts";
import { plainText } from "./list/plain_text.ts";

/** What is wrong with a template. */
export interface TemplateFault {
  /** Where, within the template. */
  readonly at: number;
  /** What is there, and what was wanted. */
  readonly problem: string;
}

/** A template: texts, and paths in the gaps between them. */
export type Template = readonly (string | { readonly path: string })[];

const PIECE = /\{\{|\}\}|\{([^{}]*)(\}?)|\}|[^{}]+/g;

/** Reads a template; `{{` and `}}` are braces. */
export function readTemplate(text: string): Template | TemplateFault {
  const pieces: (string | { readonly path: string })[] = [];
  for (const { 0: piece, 1: path, 2: end, index: at } of text.matchAll(PIECE)) {
    if (piece === "{{" || piece === "}}") pieces.push(piece.slice(1));
    else if (piece === "}") {
      return { at, problem: "a brace closes none, wanted }} for a brace" };
    } else if (path === undefined) pieces.push(piece);
    else if (end !== "}") {
      return { at, problem: "a brace is not closed, wanted {{ for a brace" };
    } else if (readPath(path.trim()) === undefined) {
      return {
        at: at + 1,
        problem: path.trim() === ""
          ? "a path is missing, wanted such as {name} or {tags.owner}"
          : `"${path.trim()}" is no path, wanted such as {name} or {tags.owner}`,
      };
    } else pieces.push({ path: path.trim() });
  }
  return pieces;
}

/** Its texts, and what reads its gaps. */
function partsOf(
  template: Template,
  options: ColumnOptions,
): readonly (string | Column)[] {
  return template.map((piece) => {
    if (typeof piece === "string") return piece;
    const path = readPath(piece.path);
    if (path === undefined) throw new TypeError("Cannot happen: no path");
    return propertyColumn(piece.path, path, options);
  });
}

/** Fills templates for people; what an element does not have is `null`. */
export function templateFiller(
  template: Template,
  options: ColumnOptions,
): (element: Json) => string {
  const parts = partsOf(template, options);
  return (element) => {
    let text = "";
    for (const part of parts) {
      text += typeof part === "string"
        ? part
        : plainText(part.read(element) ?? null);
    }
    return text;
  };
}

/**
 * Fills templates with values as they are; gives the path of the first one that
 * an element does not have.
 */
export function exactFiller(
  template: Template,
  options: ColumnOptions,
): (
  element: Json,
) => { readonly text: string } | { readonly missing: string } {
  const parts = partsOf(template, options);
  return (element) => {
    let text = "";
    for (const part of parts) {
      if (typeof part === "string") text += part;
      else {
        const value = part.read(element) ?? null;
        if (value === null) return { missing: part.name };
        text += typeof value === "string" ? value : JSON.stringify(value);
      }
    }
    return { text };
  };
}
