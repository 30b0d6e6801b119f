/**
 * Reads lines from a person at a terminal.
 *
 * @module
 */

import type { CompletionsJson } from "@skymap/lib/client";
import type { Paint } from "../paint.ts";
import { complete, renderChoices } from "./completion.ts";
import type { History } from "./history.ts";
import { KeyReader } from "./keys.ts";
import {
  editing,
  type EditorState,
  type EditorStep,
  NEW_STATE,
  press,
} from "./line_editor.ts";
import { drawLine, type DrawnLine, eraseLine } from "./line_view.ts";

/** The terminal that lines are read from. */
export interface PromptTerminal {
  /** Bytes that were typed; null at the end. Called only when they are wanted. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Shows a text. */
  write(text: string): void;
  /** Switches the reading of single keys on or off. */
  setRaw(on: boolean): void;
  /** How large it is. */
  size(): { readonly columns: number; readonly rows: number };
}

/** What lines are read with. */
export interface LineReaderOptions {
  /** The terminal. */
  readonly terminal: PromptTerminal;
  /** Lines that were run before. */
  readonly history: History;
  /** How a line may go on; undefined when nobody knows. */
  readonly complete: (
    line: string,
    offset: number,
  ) => Promise<CompletionsJson | undefined>;
  /** Colours. */
  readonly paint: Paint;
}

/** What a person did: gave a line, gave up the one that was begun, or left. */
export type LineRead =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "cancel"; readonly wasEmpty: boolean }
  | { readonly type: "end" };

const PROMPT = "> ";
const MORE = "… ";
const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";

/** Reads one line after the other. */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #keys = new KeyReader();
  #state: EditorState = NEW_STATE;
  #drawn: Pick<DrawnLine, "cursorRow"> | undefined;
  #waiting: ReturnType<KeyReader["read"]> = [];
  #isReading = false;

  /** Nothing is read yet. */
  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  /** Reads the next line. Keys are taken off the terminal only meanwhile. */
  async read(): Promise<LineRead> {
    const { terminal } = this.#options;
    this.#state = NEW_STATE;
    this.#drawn = undefined;
    this.#isReading = true;
    terminal.setRaw(true);
    terminal.write(PASTE_ON);
    try {
      return await this.#readKeys();
    } finally {
      this.leave();
    }
  }

  /** Draws the line again, for a terminal of another size. */
  redraw(): void {
    if (this.#drawn !== undefined) this.#draw();
  }

  /** Gives the terminal back, also in the midst of a line. */
  leave(): void {
    const { terminal } = this.#options;
    terminal.setRaw(false);
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#finish();
    terminal.write(PASTE_OFF);
  }

  async #readKeys(): Promise<LineRead> {
    const bytes = new Uint8Array(4096);
    for (;;) {
      while (this.#waiting.length > 0) {
        const [key, ...later] = this.#waiting;
        this.#waiting = later;
        if (key === undefined) continue;
        const step = press(this.#state, key, this.#options.history);
        const read = await this.#take(step);
        if (read !== undefined) return read;
      }
      this.#draw();
      const count = await this.#options.terminal.read(bytes);
      if (count === null) return { type: "end" };
      this.#waiting = this.#keys.read(bytes.subarray(0, count));
    }
  }

  async #take(step: EditorStep): Promise<LineRead | undefined> {
    const { buffer } = this.#state;
    switch (step.type) {
      case "edit":
        this.#state = step.state;
        return;
      case "complete":
        await this.#complete();
        return;
      case "clear_screen":
        this.#options.terminal.write("\x1b[H\x1b[2J");
        this.#drawn = undefined;
        return;
      case "run":
        return { type: "line", text: step.text };
      case "cancel":
        return { type: "cancel", wasEmpty: buffer.text === "" };
      case "end":
        return { type: "end" };
    }
  }

  async #complete(): Promise<void> {
    const { buffer } = this.#state;
    const found = await this.#options.complete(buffer.text, buffer.cursor);
    if (found === undefined) return;
    const { buffer: completed, choices } = complete(buffer, found);
    this.#state = { ...editing(completed), choices };
  }

  #draw(height?: number): void {
    const { terminal, paint } = this.#options;
    const { buffer, choices, search } = this.#state;
    const { columns, rows } = terminal.size();
    const room = { columns, rows: Math.max(Math.floor(rows / 2), 3) };
    const { output, cursorRow } = drawLine({
      prompt: search === undefined
        ? PROMPT
        : `(${search.place === -1 ? "not found" : "search"} "${search.text}") `,
      more: MORE,
      paint: paint.bold,
      text: buffer.text,
      cursor: buffer.cursor,
      below: renderChoices(choices, room, paint),
    }, { columns, rows: height ?? rows });
    const erased = this.#drawn === undefined ? "" : eraseLine(this.#drawn);
    terminal.write(erased + output);
    this.#drawn = { cursorRow };
  }

  /** Leaves the line as it is and goes below it. */
  #finish(): void {
    const { terminal } = this.#options;
    const { buffer } = this.#state;
    this.#state = editing({ ...buffer, cursor: buffer.text.length });
    // All of it, however long it is, for whoever scrolls back.
    this.#draw(Infinity);
    terminal.write("\r\n");
    this.#drawn = undefined;
  }
}
