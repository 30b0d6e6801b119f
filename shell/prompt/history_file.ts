/**
 * The file that keeps the lines of a person from one shell to the next.
 *
 * @module
 */

import { dirname } from "node:path";
import { fromStored, History, isSecret, toStored } from "./history.ts";

/** The file is written anew when it has more lines than this. */
const MOST_STORED = 2000;

/**
 * Lines in a file of the person's own. A file that cannot be read or written
 * leaves the history of this shell as it is: nothing depends on it.
 */
export class HistoryFile {
  readonly #path: string;
  /** The lines. */
  readonly history: History;

  private constructor(path: string, history: History) {
    this.#path = path;
    this.history = history;
  }

  /** Reads the file; several shells may write to it. */
  static async open(path: string): Promise<HistoryFile> {
    const text = await Deno.readTextFile(path).catch(() => "");
    const stored = text.split("\n").filter((line) => line !== "");
    const file = new HistoryFile(path, new History(stored.map(fromStored)));
    if (stored.length > MOST_STORED) await file.#rewrite();
    return file;
  }

  /**
   * Adds a line. One that may hold a secret, or begins with a blank, is kept by
   * this shell alone.
   */
  async add(line: string): Promise<void> {
    this.history.add(line);
    if (isSecret(line) || /^\s/.test(line)) return;
    await this.#write(`${toStored(line)}\n`, { append: true });
  }

  async #rewrite(): Promise<void> {
    const { lines } = this.history;
    const text = lines.map((line) => `${toStored(line)}\n`).join("");
    await this.#write(text, { append: false });
  }

  async #write(text: string, how: { readonly append: boolean }): Promise<void> {
    try {
      const folder = dirname(this.#path);
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      await Deno.writeTextFile(this.#path, text, { ...how, mode: 0o600 });
    } catch {
      // A home that cannot be written to is no reason to fail a line.
    }
  }
}
