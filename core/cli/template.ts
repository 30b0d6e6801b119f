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

/** Fills templates; what an element does not have is `null`. */
export function templateFiller(
  template: Template,
  options: ColumnOptions,
): (element: Json) => string {
  const parts = template.map((piece): string | Column => {
    if (typeof piece === "string") return piece;
    const path = readPath(piece.path);
    if (path === undefined) throw new TypeError("Cannot happen: no path");
    return propertyColumn(piece.path, path, options);
  });
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
