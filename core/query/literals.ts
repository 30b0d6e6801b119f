/**
 * Pieces of a search that have a notation of their own.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import type { Path, PathItem, Template, When } from "./ast.ts";

const ISO_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** A duration or ISO time; a text says what is wrong with it. */
export function readWhen(text: string): When | string {
  if (ISO_TIME.test(text)) {
    const at = Date.parse(
      text.includes("T") && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
        ? `${text}Z`
        : text,
    );
    if (Number.isNaN(at)) return `"${text}" is no time`;
    return Object.freeze({
      at: new Date(at).toISOString().replace(".000Z", "Z"),
    });
  }
  return isDuration(text)
    ? Object.freeze({ agoMs: parseDuration(text) })
    : `"${text}" is no duration and no time`;
}

const NAME_STEP = /`([^`]+)`|([A-Za-z_][A-Za-z0-9_-]*)/g;

/** Steps of the name of a merge. */
export function readMergeName(text: string): readonly string[] {
  return Object.freeze(
    [...text.matchAll(NAME_STEP)].map(([, quoted, plain]) =>
      quoted ?? plain ?? ""
    ),
  );
}

const TEMPLATE_PATH =
  /^\/?(?:[A-Za-z_][A-Za-z0-9_-]*|`[^`{}]+`)(?:\[(?:\d{1,9}|\*)?\])*(?:\.(?:[A-Za-z_][A-Za-z0-9_-]*|`[^`{}]+`)(?:\[(?:\d{1,9}|\*)?\])*)*$/;
const PATH_STEP = /`([^`]+)`|\[(\d*)\*?\]|([A-Za-z_][A-Za-z0-9_-]*)/g;

/** Reads a property; undefined when the text is none. */
export function readPath(text: string): Path | undefined {
  if (!TEMPLATE_PATH.test(text)) return undefined;
  const items = [...text.matchAll(PATH_STEP)].map(
    ([, quoted, index, plain]): PathItem => {
      const key = quoted ?? plain;
      if (key !== undefined) return Object.freeze({ key });
      return Object.freeze({
        index: index === "" || index === undefined ? "*" : Number(index),
      });
    },
  );
  return Object.freeze({
    type: "path",
    absolute: text.startsWith("/"),
    items: Object.freeze(items),
  });
}

/** Reads the template of a group; a text says what is wrong with it. */
export function readTemplate(text: string): Template | string {
  const parts: (string | Path)[] = [];
  for (const piece of text.split(/(\{[^{}]*\})/)) {
    if (piece === "") continue;
    if (!piece.startsWith("{") || !piece.endsWith("}")) {
      if (/[{}]/.test(piece)) return "a bracket of the group has no other end";
      parts.push(piece);
      continue;
    }
    const path = readPath(piece.slice(1, -1).trim());
    if (path === undefined) return `"${piece}" holds no property`;
    parts.push(path);
  }
  return Object.freeze({ type: "template", parts: Object.freeze(parts) });
}
