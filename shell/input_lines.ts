/**
 * Lines of the standard input, each run by itself.
 *
 * @module
 */

import { EXIT, type LineRunner } from "./line_runner.ts";

/** Whole lines of a stream. */
export async function* readLines(
  input: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of input.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Runs every line; one that fails does not keep the next from being run. */
export async function runInput(
  input: ReadableStream<Uint8Array>,
  runner: LineRunner,
  signal: AbortSignal,
): Promise<number> {
  let code: number = EXIT.ok;
  for await (const text of readLines(input)) {
    const line = text.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (/^(?:quit|exit)$/.test(line)) break;
    const ended = await runner.run(line, signal);
    if (signal.aborted) return EXIT.cancelled;
    if (ended !== EXIT.ok) code = EXIT.failed;
  }
  return code;
}
