/**
 * The prompt: reads lines from a person and runs them.
 *
 * @module
 */

import type { CompletionsJson, CoreClient } from "@skymap/lib/client";
import { VERSION } from "@skymap/lib/version";
import type { LineRunner } from "./line_runner.ts";
import { localFiles } from "./local_files.ts";
import type { Paint } from "./paint.ts";
import { HistoryFile } from "./prompt/history_file.ts";
import { LineReader, type PromptTerminal } from "./prompt/line_reader.ts";

/** What the prompt works with. */
export interface InteractiveOptions {
  /** The terminal. */
  readonly terminal: PromptTerminal;
  /** Runs lines. */
  readonly runner: LineRunner;
  /** Asks core how lines go on. */
  readonly client: CoreClient;
  /** Graph and section that lines are about, where flags name them. */
  readonly about: {
    readonly graph: string | undefined;
    readonly section: string | undefined;
  };
  /** File that keeps the lines. */
  readonly historyPath: string;
  /** Colours. */
  readonly paint: Paint;
}

/** Exit codes of processes that a signal ends. */
const ENDED_BY = { SIGTERM: 143, SIGHUP: 129 } as const;

/** A tab waits no longer for core. */
const COMPLETION_MS = 1_000;

/** How a line may go on; undefined when core cannot say in time. */
async function findCompletions(
  line: string,
  offset: number,
  { client, about }: Pick<InteractiveOptions, "client" | "about">,
): Promise<CompletionsJson | undefined> {
  const signal = AbortSignal.timeout(COMPLETION_MS);
  try {
    const result = await client.complete(line, offset, { ...about, signal });
    if (!result.ok) return;
    const { data } = result;
    if (data.is_file !== true) return data;
    const typed = line.slice(data.start, offset);
    return { ...data, suggestions: await localFiles(typed) };
  } catch {
    // Whoever types on finds out what is wrong when the line runs.
    return;
  }
}

/** Runs lines until the person leaves. */
export async function runInteractive(
  options: InteractiveOptions,
): Promise<void> {
  const { terminal, runner, client, about, historyPath, paint } = options;
  terminal.write(
    `Skymap ${VERSION}${
      about.graph === undefined ? "" : `, graph ${about.graph}`
    } at ${client.coreUri}\n` +
      paint.dim('"help" tells what there is, Tab completes, "quit" ends') +
      "\n",
  );
  const file = await HistoryFile.open(historyPath);
  const reader = new LineReader({
    terminal,
    history: file.history,
    complete: (line, offset) => findCompletions(line, offset, options),
    paint,
  });
  let running: AbortController | undefined;
  // While a line is typed the terminal sends Ctrl-C as a key.
  Deno.addSignalListener("SIGINT", () => {
    if (runner.isEditing) return;
    running?.abort(new DOMException("Cancelled", "AbortError"));
  });
  Deno.addSignalListener("SIGWINCH", () => reader.redraw());
  // Whoever ends this process finds the terminal as it was.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      running?.abort(new DOMException("Cancelled", "AbortError"));
      try {
        reader.leave();
      } finally {
        // A terminal that is gone takes nothing any more.
        Deno.exit(ENDED_BY[signal]);
      }
    });
  }
  for (;;) {
    const read = await reader.read();
    if (read.type === "end") return;
    if (read.type === "cancel") {
      // It may have been meant for a line that had ended just before.
      if (read.wasEmpty) terminal.write('"quit" or Ctrl-D ends the shell\n');
      continue;
    }
    const line = read.text.trim();
    if (line === "") continue;
    if (/^(?:quit|exit)$/.test(line)) return;
    await file.add(read.text.trimEnd());
    running = new AbortController();
    await runner.run(line, running.signal);
    if (running.signal.aborted) terminal.write("Cancelled\n");
    running = undefined;
  }
}
