/**
 * Runs lines in core and shows what they give.
 *
 * @module
 */

import type { CliFrame } from "@skymap/lib/client";
import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { AnswerLeft, showAnswer } from "./answer.ts";
import { type EditedFile, editFile } from "./edited_file.ts";
import type { Paint } from "./paint.ts";
import { printable } from "./printable.ts";
import { ProgressLine } from "./progress_line.ts";
import type { DownloadPlace } from "./received_file.ts";
import {
  type Files,
  readRequested,
  requestedNames,
} from "./requested_files.ts";
import type { TextOutput } from "./text_output.ts";

/** Sends a line to core. */
export type SendLine = (
  line: string,
  options: { readonly files?: Files; readonly signal: AbortSignal },
) => AsyncIterable<CliFrame>;

/** How editing is done. */
export interface Editing {
  /** Words that start the editor. */
  readonly editor: readonly string[];
  /** A folder that only this person can read. */
  readonly folder: string;
  /** Asks something that is answered by yes or no. */
  readonly ask: (question: string) => boolean;
}

/** What lines are run with. */
export interface LineRunnerOptions {
  /** Sends them. */
  readonly send: SendLine;
  /** Makes what takes the text of an answer. */
  readonly output: (onPager: (isOpen: boolean) => void) => TextOutput;
  /** Whether that is a terminal. */
  readonly isTerminal: boolean;
  /** Where files go. */
  readonly download: DownloadPlace;
  /** How files are edited. */
  readonly editing: Editing;
  /** Writes to where notes go. */
  readonly writeNote: (text: string) => void;
  /** Columns of the terminal that shows progress. Default: none is shown. */
  readonly progressColumns?: (() => number) | undefined;
  /** Colours of notes. */
  readonly paint: Paint;
}

/** Exit codes, as shells have them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** Faults of a line that is not understood; nothing of it was run. */
const NOT_UNDERSTOOD = ["usage", "query_syntax"] as const;

function textOf(error: unknown): string {
  if (isSkymapError(error, "token_invalid")) {
    return `${error.message}; this shell has another key than core, name the ` +
      "right one with --psk-file or --data-dir";
  }
  if (isSkymapError(error) || !(error instanceof Error)) {
    return messageOf(error);
  }
  // What the system refuses has a code, and no place in this program.
  return "code" in error
    ? `Cannot go on: ${error.message}`
    : error.stack ?? error.message;
}

/** Runs lines; one at a time. */
export class LineRunner {
  readonly #options: LineRunnerOptions;
  #isEditing = false;

  /** Makes a runner; nothing is sent yet. */
  constructor(options: LineRunnerOptions) {
    this.#options = options;
  }

  /** Whether an editor is open: Ctrl-C is meant for it then. */
  get isEditing(): boolean {
    return this.#isEditing;
  }

  /** Runs a line, tells what goes wrong, and gives the exit code. */
  async run(line: string, signal: AbortSignal): Promise<number> {
    try {
      await this.#runWithFiles(line, signal);
      return EXIT.ok;
    } catch (error) {
      if (signal.aborted) return EXIT.cancelled;
      if (error instanceof AnswerLeft) return EXIT.ok;
      this.#tellFault(error);
      return NOT_UNDERSTOOD.some((code) => isSkymapError(error, code))
        ? EXIT.usage
        : EXIT.failed;
    }
  }

  #note(text: string): void {
    this.#options.writeNote(`${text}\n`);
  }

  #tellFault(error: unknown): void {
    // A fault of ours ends the line and not the shell; where it was helps to mend it.
    this.#note(
      this.#options.paint.red(printable(`Error: ${textOf(error)}`)),
    );
  }

  async #runWithFiles(line: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#show(line, signal);
    } catch (error) {
      const names = requestedNames(error);
      if (names === undefined) throw error;
      await this.#show(line, signal, await readRequested(line, names));
    }
  }

  async #show(line: string, signal: AbortSignal, files?: Files): Promise<void> {
    const { send, isTerminal, download, paint, progressColumns, writeNote } =
      this.#options;
    // Whoever leaves the answer ends its making in core too.
    const left = new AbortController();
    using progress = progressColumns === undefined
      ? undefined
      : new ProgressLine({ write: writeNote, columns: progressColumns });
    const notes = new LateNotes((text) => this.#note(text));
    const output = this.#options.output((isOpen) => {
      progress?.hold(isOpen);
      notes.hold(isOpen);
    });
    const request = {
      ...(files !== undefined && { files }),
      signal: AbortSignal.any([signal, left.signal]),
    };
    let edits: readonly EditedFile[];
    try {
      edits = await showAnswer(send(line, request), {
        output,
        isTerminal,
        download,
        progress,
        paint,
        note: (text) => notes.add(text),
        now: () => Date.now(),
      });
    } catch (error) {
      left.abort();
      throw error;
    } finally {
      await output.end();
      notes.hold(false);
    }
    progress?.[Symbol.dispose]();
    for (const file of edits) await this.#edit(file, signal);
  }

  async #edit(file: EditedFile, signal: AbortSignal): Promise<void> {
    const { editor, folder, ask } = this.#options.editing;
    await editFile(file, {
      editor,
      folder,
      onEditor: (isOpen) => this.#isEditing = isOpen,
      note: (text) => this.#note(text),
      send: (line, name, content) =>
        this.#show(line, signal, new Map([[name, content]])),
      askAgain: (fault) => {
        this.#tellFault(fault);
        return ask("Edit it again? [Y/n] ");
      },
    });
  }
}

/** Notes that wait while the terminal belongs to the pager. */
class LateNotes {
  readonly #tell: (text: string) => void;
  #waiting: string[] = [];
  #isHeld = false;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  add(text: string): void {
    if (this.#isHeld) this.#waiting.push(text);
    else this.#tell(text);
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) return;
    for (const text of this.#waiting.splice(0)) this.#tell(text);
  }
}
