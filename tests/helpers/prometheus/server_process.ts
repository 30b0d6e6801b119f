/**
 * A server of somebody else as a process that is killed in the end.
 *
 * @module
 */

import { until } from "../system.ts";

/** A running program with a folder of its own. */
export class ServerProcess implements AsyncDisposable {
  /** Its folder, removed in the end. */
  readonly folder: string;
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  #text = "";
  #ended = false;

  /** Starts it; what it prints is kept for whoever asks why. */
  constructor(folder: string, program: string, args: readonly string[]) {
    this.folder = folder;
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = Promise.all(
      [this.#child.stdout, this.#child.stderr].map(async (stream) => {
        for await (const part of stream.pipeThrough(new TextDecoderStream())) {
          this.#text += part;
        }
      }),
    ).then(() => {});
    this.#child.status.then(() => this.#ended = true);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#text;
  }

  /** Makes it read its configuration anew. */
  reload(): void {
    this.#child.kill("SIGHUP");
  }

  /** Waits until a page of it answers. */
  async untilReady(url: string): Promise<void> {
    await until(`${url} answers\n${this.#text}`, async () => {
      if (this.#ended) return true;
      const answer = await fetch(url);
      await answer.body?.cancel();
      return answer.ok;
    });
    if (this.#ended) throw new Error(`The server ended:\n${this.#text}`);
  }

  /** Kills it and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#output;
    await Deno.remove(this.folder, { recursive: true });
  }
}
