/**
 * The terminal that this process was started in.
 *
 * @module
 */

import type { PromptTerminal } from "./prompt/line_reader.ts";

const encoder = new TextEncoder();

/** Where bytes can be written. */
type Sink = { writeSync(bytes: Uint8Array): number };

/** Writes all of a text; a reader that went away ends the process in peace. */
export function writeAll(to: Sink, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

/** The size of the terminal, or what terminals once had. */
export function terminalSize(): {
  readonly columns: number;
  readonly rows: number;
} {
  try {
    const { columns, rows } = Deno.consoleSize();
    return { columns: columns || 80, rows: rows || 24 };
  } catch {
    return { columns: 80, rows: 24 };
  }
}

/** Standard input and output as a terminal. */
export const TERMINAL: PromptTerminal = {
  read: (buffer) => Deno.stdin.read(buffer),
  write: (text) => writeAll(Deno.stdout, text),
  setRaw: (on) => Deno.stdin.setRaw(on),
  size: terminalSize,
};
