/**
 * A file that a person edits before it goes back to core.
 *
 * @module
 */

import { join } from "node:path";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { safeName } from "./received_file.ts";

/** A text to be edited. */
export interface EditedFile {
  /** Name of the file. */
  readonly name: string;
  /** What it holds. */
  readonly text: string;
  /** The line that takes it back. */
  readonly line: string;
}

/** What editing is done with. */
export interface EditOptions {
  /** Words that start the editor. */
  readonly editor: readonly string[];
  /** A folder that only this person can read. */
  readonly folder: string;
  /** Runs the line that takes the file back. */
  readonly send: (line: string, name: string, file: Blob) => Promise<void>;
  /** Told when the terminal belongs to the editor, and when no more. */
  readonly onEditor: (isOpen: boolean) => void;
  /** Tells the person something. */
  readonly note: (text: string) => void;
  /** Tells what is wrong with the file, and whether to edit it again. */
  readonly askAgain: (fault: SkymapError) => boolean;
}

/** Opens the editor and waits until it is closed. */
async function openEditor(
  [program = "vi", ...args]: readonly string[],
  path: string,
): Promise<void> {
  let code: number;
  try {
    const command = new Deno.Command(program, {
      args: [...args, path],
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    });
    ({ code } = await command.spawn().status);
  } catch (cause) {
    throw new SkymapError(
      "usage",
      `Cannot open editor "${program}": ${messageOf(cause)}; ` +
        "name another one in EDITOR",
      { cause },
    );
  }
  if (code === 0) return;
  throw new SkymapError(
    "usage",
    `Cannot take the edited file: editor "${program}" ended with code ${code}, ` +
      "nothing was changed",
  );
}

/** Lets a person edit a file until core takes it, or they give up. */
export async function editFile(
  { name, text, line }: EditedFile,
  { editor, folder, send, note, askAgain, onEditor }: EditOptions,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const place = await Deno.makeTempDir({ dir: folder, prefix: "edit-" });
  const path = join(place, safeName(name));
  await Deno.writeTextFile(path, text, { mode: 0o600, createNew: true });
  let isWorthKeeping = false;
  try {
    for (;;) {
      onEditor(true);
      await openEditor(editor, path).finally(() => onEditor(false));
      const edited = await Deno.readTextFile(path);
      if (edited === text) {
        isWorthKeeping = false;
        return note("Nothing was changed");
      }
      try {
        await send(line, name, new Blob([edited]));
        isWorthKeeping = false;
        return;
      } catch (error) {
        isWorthKeeping = true;
        if (!isSkymapError(error) || !askAgain(error)) throw error;
      }
    }
  } finally {
    if (isWorthKeeping) note(`What you wrote is kept in ${path}`);
    else await Deno.remove(place, { recursive: true });
  }
}
