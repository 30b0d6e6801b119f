/**
 * Shows what core answers to lines: text, files, notes, faults.
 *
 * @module
 */

import type { CliFrame, CliNote } from "@skymap/lib/client";
import { SkymapError, unreachable } from "@skymap/lib/errors";
import { coverageText } from "./coverage_text.ts";
import type { EditedFile } from "./edited_file.ts";
import type { Paint } from "./paint.ts";
import { printable, PrintableText } from "./printable.ts";
import type { ProgressLine } from "./progress_line.ts";
import { type DownloadPlace, ReceivedFile } from "./received_file.ts";
import type { TextOutput } from "./text_output.ts";

/** What answers are shown with. */
export interface AnswerOptions {
  /** Takes the text. */
  readonly output: TextOutput;
  /** Whether the text is shown on a terminal, which it must not steer. */
  readonly isTerminal: boolean;
  /** Where files go. */
  readonly download: DownloadPlace;
  /** Tells the person something beside the answer. */
  readonly note: (text: string) => void;
  /** Shows that work goes on. Default: nothing does. */
  readonly progress?: ProgressLine | undefined;
  /** Colours of notes. */
  readonly paint: Paint;
  /** The present, in milliseconds. */
  readonly now: () => number;
}

/** Thrown when the person wants no more of an answer. */
export class AnswerLeft extends Error {
  /** Makes it. */
  constructor() {
    super("Nobody reads the answer any more");
    this.name = "AnswerLeft";
  }
}

/** What stands between the outputs of two lines. */
const BETWEEN = "---\n";

const encoder = new TextEncoder();

/** Takes the frames of one request. */
class Answer {
  readonly #options: AnswerOptions;
  readonly #clean = new PrintableText();
  readonly #edits: EditedFile[] = [];
  #notes: CliNote[] = [];
  #begun: Extract<CliFrame, { type: "begin" }> | undefined;
  #file: ReceivedFile | undefined;
  #edited: string | undefined;
  readonly #decoder = new TextDecoder();
  #isFirst = true;
  #isLineStart = true;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  get edits(): readonly EditedFile[] {
    return this.#edits;
  }

  async take(frame: CliFrame): Promise<void> {
    switch (frame.type) {
      case "begin":
        return await this.#begin(frame);
      case "text":
        return await this.#text(frame.text);
      case "bytes":
        return this.#bytes(Uint8Array.fromBase64(frame.base64));
      case "note":
        return this.#note(frame.note);
      case "end":
        return await this.#end();
      case "error": {
        const { code, detail, details = {} } = frame.problem;
        throw new SkymapError(code, detail, { details });
      }
      default:
        unreachable(frame);
    }
  }

  async #begin(frame: Extract<CliFrame, { type: "begin" }>): Promise<void> {
    this.#begun = frame;
    if (!this.#isFirst) await this.#print(BETWEEN);
    this.#isFirst = false;
    if (frame.output === "text") return;
    if (frame.edited_by !== undefined) {
      this.#edited = "";
      return;
    }
    const { name = "" } = frame;
    this.#file = await ReceivedFile.begin(name, this.#options.download);
  }

  async #text(text: string): Promise<void> {
    if (this.#begun?.output === "file") {
      return this.#bytes(encoder.encode(text));
    }
    await this.#print(
      this.#options.isTerminal ? this.#clean.add(text) : text,
    );
  }

  #bytes(bytes: Uint8Array): void {
    this.#file?.add(bytes);
    if (this.#edited === undefined) return;
    this.#edited += this.#decoder.decode(bytes, { stream: true });
  }

  async #print(text: string): Promise<void> {
    if (text === "") return;
    const { progress, output } = this.#options;
    progress?.clear();
    this.#isLineStart = text.endsWith("\n");
    // A line that is shown in part would be written over.
    progress?.hold(!this.#isLineStart);
    if (!await output.write(text)) throw new AnswerLeft();
  }

  #note(note: CliNote): void {
    if (note.type === "progress") {
      const { text, done, total } = note;
      this.#options.progress?.set({ text: printable(text), done, total });
    } else if (note.type === "message") {
      this.#tell(note);
    } else {
      // It is about the whole answer, and stands below it.
      this.#notes.push(note);
    }
  }

  #tell({ level, text }: Extract<CliNote, { type: "message" }>): void {
    const { note, progress, paint } = this.#options;
    progress?.clear();
    const shown = printable(text);
    note(
      level === "error"
        ? paint.red(shown)
        : level === "warning"
        ? paint.yellow(shown)
        : shown,
    );
  }

  async #end(): Promise<void> {
    const { note, paint, progress, now } = this.#options;
    if (this.#file !== undefined) {
      const file = this.#file;
      this.#file = undefined;
      await file.end();
      progress?.clear();
      note(`Received ${file.path}, ${file.size} bytes`);
    }
    if (this.#edited !== undefined) {
      const { name = "edited", edited_by: line = "" } = this.#begun ?? {};
      this.#edits.push({ name, line, text: this.#edited });
      this.#edited = undefined;
    }
    await this.#print(this.#clean.end());
    if (!this.#isLineStart && this.#options.isTerminal) await this.#print("\n");
    this.#begun = undefined;
    const notes = this.#notes;
    this.#notes = [];
    for (const each of notes) {
      if (each.type !== "coverage") continue;
      progress?.clear();
      const lines = coverageText(each, each.coverage, now());
      for (const line of lines) {
        const isWarning = /^Warning:|NOT UP TO DATE/.test(line);
        note(isWarning ? paint.yellow(line) : paint.dim(line));
      }
    }
  }

  /** Forgets what did not come whole. */
  async cancel(): Promise<void> {
    await this.#file?.cancel();
  }
}

/**
 * Shows an answer as it comes; gives the files that the person is to edit.
 *
 * @throws {SkymapError} What core says went wrong.
 * @throws {AnswerLeft} When nobody reads on.
 */
export async function showAnswer(
  frames: AsyncIterable<CliFrame>,
  options: AnswerOptions,
): Promise<readonly EditedFile[]> {
  const answer = new Answer(options);
  try {
    for await (const frame of frames) await answer.take(frame);
    return answer.edits;
  } finally {
    await answer.cancel();
  }
}
