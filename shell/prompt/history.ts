/**
 * The lines that were run before.
 *
 * @module
 */

/** Lines that are kept. */
const MOST_LINES = 1000;

/** Options, headers and assignments whose values nobody else may see. */
const SECRET =
  /--(?:auth|bearer|token|psk|password)\b|\b(?:authorization\s*:|[\w.-]*(?:password|passwd|secret|token|psk|api[_-]?key|routing_key)[\w.-]*["']?\s*[=:])/i;

/** Whether a line may hold a secret, and so is not written to a file. */
export function isSecret(line: string): boolean {
  return SECRET.test(line);
}

/** A line as one line of a file. */
export function toStored(line: string): string {
  return line.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** The line that a line of a file stands for. */
export function fromStored(stored: string): string {
  return stored.replaceAll(
    /\\([^])/g,
    (_, sign: string) => sign === "n" ? "\n" : sign,
  );
}

/** Lines, the oldest first; one that is run again moves to the end. */
export class History {
  #lines: string[];

  /** Begins with what was run before. */
  constructor(lines: readonly string[] = []) {
    this.#lines = [...new Set(lines.toReversed())].reverse().slice(-MOST_LINES);
  }

  /** The lines, the oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Adds a line. */
  add(line: string): void {
    this.#lines = [...this.#lines.filter((each) => each !== line), line]
      .slice(-MOST_LINES);
  }

  /** Where the next line before a place is that begins so; -1 for none. */
  before(place: number, begin: string): number {
    return this.#lines.findLastIndex((line, at) =>
      at < place && line.startsWith(begin)
    );
  }

  /** Where the next line behind a place is that begins so; -1 for none. */
  after(place: number, begin: string): number {
    return this.#lines.findIndex((line, at) =>
      at > place && line.startsWith(begin)
    );
  }

  /** Where the next line before a place is that holds a text; -1 for none. */
  find(place: number, text: string): number {
    const wanted = text.toLowerCase();
    return this.#lines.findLastIndex((line, at) =>
      at < place && line.toLowerCase().includes(wanted)
    );
  }
}
