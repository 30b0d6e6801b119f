import type { LogEntry } from "./run.ts";

/** How many lines of an output are kept from its begin, and from its end. */
export const KEPT_LINES = 100;

/** How many characters of a line are kept. */
export const KEPT_CHARS = 1_000;

/**
 * Writes text into the log of a run: its first lines as they come, its last ones
 * at the end, and between them how much was left out. It holds no more than these.
 */
export class OutputLog {
  readonly #write: (entries: readonly LogEntry[]) => Promise<void>;
  readonly #step: string;
  readonly #last: string[] = [];
  #line = "";
  #lineChars = 0;
  #lines = 0;
  #leftOutLines = 0;
  #leftOutChars = 0;

  /** Writes by a function; entries belong to a step. */
  constructor(
    step: string,
    write: (entries: readonly LogEntry[]) => Promise<void>,
  ) {
    this.#step = step;
    this.#write = write;
  }

  /** Adds a piece of text, wherever it is cut. */
  async add(text: string): Promise<void> {
    const first: LogEntry[] = [];
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end < 0) break;
      this.#extend(text, start, end);
      this.#endLine(first);
      start = end + 1;
    }
    this.#extend(text, start, text.length);
    if (first.length > 0) await this.#write(first);
  }

  /** The output is whole, or nothing more comes of it. */
  async end(): Promise<void> {
    const entries: LogEntry[] = [];
    if (this.#lineChars > 0) this.#endLine(entries);
    if (this.#leftOutLines > 0) {
      entries.push(this.#entry(
        `… ${this.#leftOutLines} lines of ${this.#leftOutChars} characters are left out`,
        "core",
      ));
    }
    entries.push(...this.#last.splice(0).map((line) => this.#entry(line)));
    if (entries.length > 0) await this.#write(entries);
  }

  #extend(text: string, start: number, end: number): void {
    const room = KEPT_CHARS - this.#line.length;
    if (room > 0) this.#line += text.slice(start, Math.min(end, start + room));
    this.#lineChars += end - start;
  }

  #endLine(first: LogEntry[]): void {
    const more = this.#lineChars - this.#line.length;
    const line = more === 0
      ? this.#line
      : `${this.#line}… and ${more} characters more`;
    if (this.#lines < KEPT_LINES) first.push(this.#entry(line));
    else this.#last.push(line);
    this.#lines++;
    this.#line = "";
    this.#lineChars = 0;
    if (this.#last.length <= KEPT_LINES) return;
    this.#leftOutLines++;
    this.#leftOutChars += this.#last.shift()?.length ?? 0;
  }

  #entry(message: string, source: string = "output"): LogEntry {
    return { level: "info", step: this.#step, source, message };
  }
}
