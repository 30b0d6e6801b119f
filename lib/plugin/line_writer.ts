const RESOLVED = Promise.resolve();

/** Writes JSON lines in chunks, and makes whoever writes too fast wait. */
export class LineWriter {
  readonly #send: (chunk: Uint8Array) => Promise<void>;
  readonly #chunkChars: number;
  readonly #encoder = new TextEncoder();
  #text = "";
  #sending: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Sends chunks of about `chunkChars`; a smaller rest goes out soon after. */
  constructor(
    send: (chunk: Uint8Array) => Promise<void>,
    chunkChars: number = 65_536,
  ) {
    this.#send = send;
    this.#chunkChars = chunkChars;
  }

  /** Adds a line; resolves when there is room for another. */
  write(value: unknown): Promise<void> {
    this.#text += `${JSON.stringify(value)}\n`;
    if (this.#text.length >= this.#chunkChars) return this.flush();
    // What is said must be heard, even when nothing follows for a while.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, 5);
    return RESOLVED;
  }

  /** Sends all that was written up to now. */
  flush(): Promise<void> {
    this.#sending ??= this.#drain().finally(() => this.#sending = undefined);
    return this.#sending;
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#text !== "") {
      const chunk = this.#encoder.encode(this.#text);
      this.#text = "";
      await this.#send(chunk);
    }
  }
}
