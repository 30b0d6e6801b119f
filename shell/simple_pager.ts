/**
 * A pager for machines that have none.
 *
 * @module
 */

import { KeyReader } from "./prompt/keys.ts";
import type { PromptTerminal } from "./prompt/line_reader.ts";

const MORE = "-- more: space for a page, enter for a line, q to stop --";

/** Shows lines a screen at a time. */
export class SimplePager {
  readonly #terminal: PromptTerminal;
  readonly #keys = new KeyReader();
  #left: number;

  /** Begins behind the lines of the first screen. */
  constructor(terminal: PromptTerminal) {
    this.#terminal = terminal;
    this.#left = 0;
  }

  /** Shows lines; false when the person wants no more of them. */
  async show(lines: readonly string[]): Promise<boolean> {
    for (const line of lines) {
      if (this.#left <= 0) {
        this.#left = await this.#ask();
        if (this.#left === 0) return false;
      }
      this.#terminal.write(`${line}\n`);
      this.#left--;
    }
    return true;
  }

  /** How many more lines are wanted. */
  async #ask(): Promise<number> {
    const { write, setRaw, read, size } = this.#terminal;
    write(MORE);
    setRaw(true);
    try {
      const bytes = new Uint8Array(64);
      for (;;) {
        const count = await read(bytes);
        if (count === null) return 0;
        for (const key of this.#keys.read(bytes.subarray(0, count))) {
          const name = key.type === "text" ? key.text : key.name;
          if (name === " ") return Math.max(size().rows - 1, 1);
          if (name === "enter" || name === "down") return 1;
          if (/^(?:q|Q|ctrl-c|ctrl-d|escape)$/.test(name)) return 0;
        }
      }
    } finally {
      setRaw(false);
      write("\r\x1b[K");
    }
  }
}
