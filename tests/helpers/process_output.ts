/** What a process printed on both of its outputs, and whether it has ended. */
export class ProcessOutput {
  /** Resolves when there is no more to come. */
  readonly done: Promise<void>;
  #text = "";
  #ended = false;

  /** Reads all of it from now on. */
  constructor({ stdout, stderr, status }: Deno.ChildProcess) {
    this.done = Promise.all([stdout, stderr].map(async (stream) => {
      for await (const part of stream.pipeThrough(new TextDecoderStream())) {
        this.#text += part;
      }
    })).then(() => {});
    status.then(() => this.#ended = true);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#text;
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#ended;
  }
}
