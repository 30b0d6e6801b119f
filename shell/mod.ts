/**
 * The role `shell`: sends lines to core and prints the answers.
 *
 * @module
 */

import { createInterface } from "node:readline/promises";
import { stdin, stdout } from "node:process";
import { createToken } from "@skymap/lib/auth";
import { CoreClient } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { findKey, type KeySettings } from "@skymap/lib/key";
import { readSettings } from "@skymap/lib/settings";
import type { LineContext } from "./commands/command.ts";
import { runLine } from "./run_line.ts";
import { SETTINGS } from "./settings.ts";

const encoder = new TextEncoder();

type Sink = { writeSync(bytes: Uint8Array): number };

/** Writes all of some bytes; a reader that went away ends the process in peace. */
function writeAll(to: Sink, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
    throw error;
  }
}

function writeLine(to: Sink, line: string): void {
  writeAll(to, encoder.encode(`${line}\n`));
}

/** What lines run with; a client for each, which its signal stops. */
type ShellContext = Omit<LineContext, "signal" | "client"> & {
  readonly clientOf: (signal: AbortSignal) => CoreClient;
};

async function runStoppable(
  line: string,
  { clientOf, ...context }: ShellContext,
  signal: AbortSignal,
): Promise<void> {
  await runLine(line, { ...context, client: clientOf(signal), signal });
}

/** Runs lines until the input ends; a failed line does not end it. */
async function runLines(
  context: ShellContext,
  interactive: boolean,
): Promise<number> {
  const lines = createInterface({
    input: stdin,
    ...(interactive && { output: stdout, prompt: "> " }),
    historySize: 1000,
  });
  let code = 0;
  let running: AbortController | undefined;
  lines.on("SIGINT", () => {
    if (running !== undefined) {
      running.abort(new DOMException("Cancelled", "AbortError"));
    } else if (lines.line === "") {
      // It may have been meant for a search that was answered just before.
      context.note('\n"quit" or Ctrl-D ends the shell');
      lines.prompt();
    } else {
      lines.write(null, { ctrl: true, name: "e" });
      lines.write(null, { ctrl: true, name: "u" });
    }
  });
  if (interactive) lines.prompt();
  for await (const line of lines) {
    if (/^\s*(quit|exit)\s*$/.test(line)) break;
    running = new AbortController();
    try {
      await runStoppable(line, context, running.signal);
    } catch (error) {
      context.note(`Error: ${messageOf(error)}`);
      code = 1;
    }
    running = undefined;
    if (interactive) lines.prompt();
  }
  lines.close();
  return interactive ? 0 : code;
}

/** The key; that there is none means that no core has run here. */
async function findOwnKey(
  settings: KeySettings & { readonly coreUri: string },
): Promise<string> {
  try {
    return await findKey(settings);
  } catch (cause) {
    if (!isSkymapError(cause, "token_missing")) throw cause;
    throw new SkymapError(
      "core_unreachable",
      `Cannot talk to core at ${settings.coreUri}: ${cause.message}; ` +
        `start one with "deno task start", or name its key with --psk-file`,
      { cause },
    );
  }
}

/** Runs the words as one line, or lines of the input; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, words } = readSettings(SETTINGS, {
    role: "shell",
    brief: "Sends a line to core and prints the answer.",
    args,
    words: "LINE",
  });
  const key = await findOwnKey(settings);
  const token = () =>
    createToken(key, {
      subject: "skymap.shell",
      role: "operator",
      ttlSeconds: 3600,
    });
  const print = (line: string) => writeLine(Deno.stdout, line);
  if (settings.printToken) {
    print(await token());
    return 0;
  }
  const context = {
    clientOf: (signal: AbortSignal) =>
      new CoreClient({ coreUri: settings.coreUri, token, signal }),
    graph: settings.graph,
    section: settings.section,
    json: settings.json,
    at: settings.at,
    requireComplete: settings.requireComplete,
    count: settings.count,
    format: settings.format,
    timeout: settings.timeout,
    print,
    write: (bytes: Uint8Array) => writeAll(Deno.stdout, bytes),
    note: (line: string) => writeLine(Deno.stderr, line),
  };
  if (words.length === 0) {
    return await runLines(context, Deno.stdin.isTerminal());
  }
  const cancel = new AbortController();
  Deno.addSignalListener("SIGINT", () => cancel.abort());
  try {
    await runStoppable(words.join(" "), context, cancel.signal);
    return 0;
  } catch (error) {
    if (cancel.signal.aborted) return 130;
    context.note(`Error: ${messageOf(error)}`);
    return isSkymapError(error, "usage") ? 2 : 1;
  }
}
