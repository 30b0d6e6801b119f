/**
 * What keys do to the line that is being typed: editing, history and search,
 * as a state that every key makes anew.
 *
 * @module
 */

import type { CompletionJson } from "@skymap/lib/client";
import { edit, type EditBuffer, EMPTY_BUFFER, insert } from "./edit_buffer.ts";
import type { History } from "./history.ts";
import type { Key } from "./keys.ts";
import { continued } from "./open_line.ts";

/** A search for a line that was run before. */
export interface HistorySearch {
  /** What is searched. */
  readonly text: string;
  /** Where it was found; -1 when it was not. */
  readonly place: number;
}

/** The line that is being typed. */
export interface EditorState {
  /** The text and the cursor. */
  readonly buffer: EditBuffer;
  /** What a tab suggested. */
  readonly choices: readonly CompletionJson[];
  /** Set while the history is searched. */
  readonly search?: HistorySearch;
  /** Set while `up` and `down` go through the history. */
  readonly walk?: {
    /** Where the line stands in the history. */
    readonly place: number;
    /** What was typed before. */
    readonly typed: EditBuffer;
  };
}

/** What a key comes to. */
export type EditorStep =
  | { readonly type: "edit"; readonly state: EditorState }
  | { readonly type: "complete" }
  | { readonly type: "clear_screen" }
  | { readonly type: "run"; readonly text: string }
  | { readonly type: "cancel" }
  | { readonly type: "end" };

/** Nothing is typed yet. */
export const NEW_STATE: EditorState = { buffer: EMPTY_BUFFER, choices: [] };

/** A state with nothing but a text and a cursor. */
export function editing(buffer: EditBuffer): EditorState {
  return { buffer, choices: [] };
}

function whole(text: string, { buffer }: EditorState): EditBuffer {
  return { ...buffer, text, cursor: text.length };
}

function walk(
  state: EditorState,
  history: History,
  direction: "before" | "after",
): EditorState {
  const { lines } = history;
  const { place, typed } = state.walk ??
    { place: lines.length, typed: state.buffer };
  const begin = typed.text.slice(0, typed.cursor);
  let found = place;
  do found = history[direction](found, begin); while (
    lines[found] === state.buffer.text
  );
  const line = lines[found];
  if (line !== undefined) {
    // The cursor stays where the beginning ends, as one looks further.
    const buffer = begin === ""
      ? whole(line, state)
      : { ...state.buffer, text: line, cursor: begin.length };
    return { buffer, choices: [], walk: { place: found, typed } };
  }
  return direction === "after" ? editing(typed) : { ...state, choices: [] };
}

/** Whether there is a line of the text above or below the cursor. */
function hasRow({ text, cursor }: EditBuffer, key: string): boolean {
  return key === "up"
    ? text.lastIndexOf("\n", cursor - 1) !== -1 && cursor > 0
    : text.includes("\n", cursor);
}

function moveRow(buffer: EditBuffer, key: string): EditBuffer {
  const { text, cursor } = buffer;
  const start = text.lastIndexOf("\n", cursor - 1) + 1;
  const column = cursor - start;
  if (key === "up") {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    return { ...buffer, cursor: Math.min(above + column, start - 1) };
  }
  const below = text.indexOf("\n", cursor) + 1;
  const end = text.indexOf("\n", below);
  const last = end === -1 ? text.length : end;
  return { ...buffer, cursor: Math.min(below + column, last) };
}

function searching(
  state: EditorState,
  history: History,
  text: string,
  from: number,
): EditorState {
  if (text === "") {
    const place = history.lines.length;
    return { buffer: state.buffer, choices: [], search: { text, place } };
  }
  const place = history.find(from, text);
  const line = history.lines[place];
  return {
    buffer: line === undefined ? state.buffer : whole(line, state),
    choices: [],
    search: { text, place },
  };
}

/** What a key does while the history is searched; undefined when it ends that. */
function searchKey(
  state: EditorState,
  { text, place }: HistorySearch,
  key: Key,
  history: History,
): EditorState | undefined {
  if (key.type === "text") {
    // What is shown may still go with more text.
    const from = place === -1 ? history.lines.length : place + 1;
    return searching(state, history, text + key.text, from);
  }
  if (key.name === "backspace") {
    const shorter = text.slice(0, -1);
    return searching(state, history, shorter, history.lines.length);
  }
  if (key.name === "ctrl-r") {
    const found = searching(state, history, text, place);
    return found.search?.place === -1 ? { ...state, choices: [] } : found;
  }
  return undefined;
}

function enter({ buffer }: EditorState): EditorStep {
  const more = continued(buffer.text);
  return more === undefined ? { type: "run", text: buffer.text } : {
    type: "edit",
    state: editing({ ...buffer, text: more, cursor: more.length }),
  };
}

/** What a key does to the line. */
export function press(
  state: EditorState,
  key: Key,
  history: History,
): EditorStep {
  const to = (next: EditorState): EditorStep => ({ type: "edit", state: next });
  const { buffer, search } = state;
  if (search !== undefined) {
    const next = searchKey(state, search, key, history);
    if (next !== undefined) return to(next);
  }
  if (key.type === "text") return to(editing(insert(buffer, key.text)));
  switch (key.name) {
    case "enter":
      return enter(state);
    case "tab":
      return { type: "complete" };
    case "ctrl-c":
      return { type: "cancel" };
    case "ctrl-d":
      if (buffer.text === "") return { type: "end" };
      break;
    case "ctrl-l":
      return { type: "clear_screen" };
    case "ctrl-g":
    case "escape":
      return to(editing(buffer));
    case "ctrl-r":
      return to(searching(state, history, "", history.lines.length));
    case "up":
    case "down":
      return to(
        state.walk === undefined && hasRow(buffer, key.name)
          ? editing(moveRow(buffer, key.name))
          : walk(state, history, key.name === "up" ? "before" : "after"),
      );
    case "ctrl-p":
      return to(walk(state, history, "before"));
    case "ctrl-n":
      return to(walk(state, history, "after"));
  }
  const edited = edit(buffer, key.name);
  return to(edited === undefined ? { ...state, choices: [] } : editing(edited));
}
