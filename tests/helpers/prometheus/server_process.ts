/**
 * A server of somebody else as a process that is killed in the end.
 *
 * @module
 */

import { ProcessOutput } from "../process_output.ts";
import { until } from "../system.ts";

/** A running program with a folder of its own. */
export class ServerProcess implements AsyncDisposable {
  /** Its folder, removed in the end. */
  readonly folder: string;
  readonly #child: Deno.ChildProcess;
  readonly #output: ProcessOutput;

  /** Starts it; what it prints is kept for whoever asks why. */
  constructor(folder: string, program: string, args: readonly string[]) {
    this.folder = folder;
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = new ProcessOutput(this.#child);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#output.text;
  }

  /** Makes it read its configuration anew. */
  reload(): void {
    this.#child.kill("SIGHUP");
  }

  /** Waits until a page of it answers. */
  async untilReady(url: string): Promise<void> {
    await until(`${url} answers`, async () => {
      if (this.#output.ended) return true;
      const answer = await fetch(url);
      await answer.body?.cancel();
      return answer.ok;
    }).catch((error) => {
      throw new Error(`The server printed:\n${this.text}`, { cause: error });
    });
    if (this.#output.ended) throw new Error(`The server ended:\n${this.text}`);
  }

  /** Kills it and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#output.ended) this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#output.done;
    await Deno.remove(this.folder, { recursive: true });
  }
}
