/**
 * Bytes as lines, many at a time.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** Characters of one line at most: 64 Mi. */
export const MAX_LINE_CHARS: number = 64 * 1024 * 1024;

/** Splits chunks of bytes into lines without their end. */
export class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #maxChars: number;
  #rest: string[] = [];
  #restChars = 0;
  #lines = 0;

  /** Makes a splitter that refuses longer lines. */
  constructor(maxChars: number = MAX_LINE_CHARS) {
    this.#maxChars = maxChars;
  }

  /** Number of lines that were given out. */
  get lines(): number {
    return this.#lines;
  }

  /** Takes a chunk and gives the lines that end in it. */
  push(chunk: Uint8Array): readonly string[] {
    const text = this.#decode(chunk);
    const lines = text.split("\n");
    const tail = lines.pop() ?? "";
    if (lines.length > 0 && this.#rest.length > 0) {
      this.#rest.push(lines[0] ?? "");
      lines[0] = this.#rest.join("");
      this.#rest = [];
      this.#restChars = 0;
    }
    if (tail !== "") {
      this.#rest.push(tail);
      this.#restChars += tail.length;
      if (this.#restChars > this.#maxChars) {
        throw new SkymapError(
          "merge_malformed",
          `Cannot read line ${
            this.#lines + lines.length + 1
          }: it is longer than ${this.#maxChars} characters`,
          { details: { line: this.#lines + lines.length + 1 } },
        );
      }
    }
    this.#lines += lines.length;
    return lines;
  }

  /** Gives what follows the last line end, if anything. */
  end(): string | undefined {
    this.#decode();
    const rest = this.#rest.join("");
    this.#rest = [];
    if (rest === "") return undefined;
    this.#lines++;
    return rest;
  }

  #decode(chunk?: Uint8Array): string {
    try {
      return chunk === undefined
        ? this.#decoder.decode()
        : this.#decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new SkymapError(
        "merge_malformed",
        `Cannot read line ${
          this.#lines + 1
        } or one soon after it: its bytes are not UTF-8`,
        { cause, details: { line: this.#lines + 1 } },
      );
    }
  }
}
