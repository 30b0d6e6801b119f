import { ACCESS_MARK, AccessAudit, type AccessReport } from "./audit.ts";
import type { GrantedPermissions } from "@skymap/lib/plugin_host";
import { plainText } from "./plain_text.ts";

const MAX_TAIL = 16_384;
const MAX_LINE = 65_536;
const MAX_REASON = 500;

/**
 * Reads what a process prints on standard error: takes the accesses that Deno
 * tells out of it, and keeps the last part of the rest. It reads as fast as the
 * process writes and keeps little, so no flood holds anybody up.
 */
export class StderrReader {
  readonly #audit: AccessAudit;
  #tail = "";
  #line = "";
  /** Resolves when nothing more is to come. */
  readonly ended: Promise<void>;

  /** Starts to read. */
  constructor(
    stream: ReadableStream<Uint8Array>,
    granted: GrantedPermissions,
  ) {
    this.#audit = new AccessAudit(granted);
    this.ended = this.#read(stream).catch(() => {});
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.#add(decoder.decode(chunk, { stream: true }));
    }
    this.#take(this.#line);
  }

  #add(text: string): void {
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#line += line;
      this.#take(this.#line);
      this.#line = "";
    }
    this.#line += rest;
    if (this.#line.length > MAX_LINE) this.#shorten();
  }

  /** Takes a line that does not end, but for where an access may begin. */
  #shorten(): void {
    const at = this.#line.lastIndexOf(ACCESS_MARK);
    const end = at > 0 ? at : this.#line.length - ACCESS_MARK.length;
    this.#take(at > 0 ? this.#line.slice(0, at) : this.#line);
    this.#line = this.#line.slice(end);
  }

  #take(line: string): void {
    const rest = this.#audit.take(line);
    if (rest !== "") this.#tail = `${this.#tail}${rest}\n`.slice(-MAX_TAIL);
  }

  /** Whether its last part holds a text. */
  includes(text: string): boolean {
    return this.#tail.includes(text);
  }

  /** The last part. */
  get text(): string {
    return this.#tail;
  }

  /** What the process reached for up to now. */
  get accesses(): AccessReport {
    return this.#audit.report;
  }

  /** The line that tells most about why the process ended. */
  get reason(): string {
    const lines = this.#tail.split("\n").map((line) => line.trim())
      .filter((line) => line !== "" && !/^(at |#|=|\d+: )/.test(line));
    const last = lines.findLast((line) =>
      /^(error:|Uncaught|Fatal|.*Error:)/i.test(line)
    );
    return plainText(last ?? lines.at(-1) ?? "", MAX_REASON);
  }
}
