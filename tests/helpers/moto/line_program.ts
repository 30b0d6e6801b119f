/**
 * A program that answers each line with a line of JSON.
 *
 * @module
 */

import { readLines } from "@skymap/lib/ndjson";

/** It runs until it is disposed of; it answers one line after the other. */
export class LineProgram implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncIterator<string>;

  /** Starts it. */
  constructor(command: string, args: readonly string[]) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: { PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#answers = readLines(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** The value that it answers a line with. */
  async ask(line: string): Promise<unknown> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
    const { done, value } = await this.#answers.next();
    if (done === true) throw new Error(`No answer to "${line}": it has ended`);
    const { error, value: answer } = JSON.parse(value);
    if (error !== undefined) throw new Error(`Cannot do "${line}": ${error}`);
    return answer;
  }

  /** Ends its input, and with that the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#answers.return?.();
    await this.#child.status;
  }
}
