/**
 * The text that is being typed, and what keys do to it.
 *
 * @module
 */

import { graphemes } from "./text_width.ts";

/** A text and a place in it. */
export interface EditBuffer {
  /** The text. */
  readonly text: string;
  /** Offset of the cursor. */
  readonly cursor: number;
  /** What was cut last, for `ctrl-y`. Default: nothing. */
  readonly cut?: string;
}

/** Nothing is typed yet. */
export const EMPTY_BUFFER: EditBuffer = { text: "", cursor: 0 };

/** Replaces a stretch of the text; the cursor stands behind what is new. */
export function replace(
  { text, ...rest }: EditBuffer,
  start: number,
  end: number,
  more: string,
): EditBuffer {
  return {
    ...rest,
    text: text.slice(0, start) + more + text.slice(end),
    cursor: start + more.length,
  };
}

/** Types a text at the cursor. */
export function insert(buffer: EditBuffer, text: string): EditBuffer {
  return replace(buffer, buffer.cursor, buffer.cursor, text);
}

function lineStart({ text, cursor }: EditBuffer): number {
  return text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd({ text, cursor }: EditBuffer): number {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
}

function previous({ text, cursor }: EditBuffer): number {
  return cursor - (graphemes(text.slice(0, cursor)).at(-1)?.length ?? 0);
}

function next({ text, cursor }: EditBuffer): number {
  return cursor + (graphemes(text.slice(cursor))[0]?.length ?? 0);
}

function wordStart({ text, cursor }: EditBuffer): number {
  return cursor -
    (/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.[0]
      .length ?? 0);
}

function wordEnd({ text, cursor }: EditBuffer): number {
  return cursor +
    (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ??
      0);
}

/** Start of the word before the cursor; only blanks end it. */
function blankStart({ text, cursor }: EditBuffer): number {
  return cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

function cut(buffer: EditBuffer, start: number, end: number): EditBuffer {
  if (start === end) return buffer;
  const taken = buffer.text.slice(start, end);
  return { ...replace(buffer, start, end, ""), cut: taken };
}

function move(buffer: EditBuffer, cursor: number): EditBuffer {
  return { ...buffer, cursor };
}

type Edit = (buffer: EditBuffer) => EditBuffer;

const EDITS: Readonly<Record<string, Edit>> = {
  left: (buffer) => move(buffer, previous(buffer)),
  right: (buffer) => move(buffer, next(buffer)),
  home: (buffer) => move(buffer, lineStart(buffer)),
  end: (buffer) => move(buffer, lineEnd(buffer)),
  "alt-b": (buffer) => move(buffer, wordStart(buffer)),
  "alt-f": (buffer) => move(buffer, wordEnd(buffer)),
  backspace: (buffer) => replace(buffer, previous(buffer), buffer.cursor, ""),
  delete: (buffer) =>
    move(replace(buffer, buffer.cursor, next(buffer), ""), buffer.cursor),
  "ctrl-k": (buffer) => cut(buffer, buffer.cursor, lineEnd(buffer)),
  "ctrl-u": (buffer) => cut(buffer, lineStart(buffer), buffer.cursor),
  "ctrl-w": (buffer) => cut(buffer, blankStart(buffer), buffer.cursor),
  "alt-backspace": (buffer) => cut(buffer, wordStart(buffer), buffer.cursor),
  "alt-d": (buffer) => cut(buffer, buffer.cursor, wordEnd(buffer)),
  "ctrl-y": (buffer) => insert(buffer, buffer.cut ?? ""),
};

const SAME_KEYS: Readonly<Record<string, string>> = {
  "ctrl-a": "home",
  "ctrl-b": "left",
  "ctrl-d": "delete",
  "ctrl-e": "end",
  "ctrl-f": "right",
  "ctrl-h": "backspace",
  "ctrl-backspace": "backspace",
};

/** What a key makes of the text; undefined for a key that edits nothing. */
export function edit(buffer: EditBuffer, key: string): EditBuffer | undefined {
  const name = SAME_KEYS[key] ?? key;
  return Object.hasOwn(EDITS, name) ? EDITS[name]?.(buffer) : undefined;
}
