/**
 * The lines of a job, run.
 *
 * @module
 */

import type { CliNote, CoverageJson } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import type { ExecuteStep } from "./job_source.ts";
import { OutputLog } from "./output_log.ts";
import type { LogEntry } from "./run.ts";
import type { RunLine } from "./run_line.ts";

/** What {@linkcode ExecuteLines} need. */
export interface ExecuteLinesOptions {
  /** Runs lines. */
  readonly runLine: RunLine;
  /** Adds to the log of a run. */
  readonly log: (run: string, entries: readonly LogEntry[]) => Promise<void>;
}

/** What a person has to know of an answer beside what it shows. */
function coverageWarnings(coverage: CoverageJson): readonly string[] {
  const { scopes, complete, gaps, warnings } = coverage;
  const parts = [
    ...(complete < scopes
      ? [`${scopes - complete} of ${scopes} scopes are not up to date`]
      : []),
    ...(gaps.length > 0 ? [`${gaps.length} kinds were never listed`] : []),
  ];
  return [
    ...(parts.length > 0
      ? [`The answer is not complete: ${parts.join(", ")}`]
      : []),
    ...warnings,
  ];
}

/** Runs the lines of jobs into the logs of their runs. */
export class ExecuteLines {
  readonly #options: ExecuteLinesOptions;
  readonly #progress = new Map<string, string>();

  /** Takes what runs lines; nothing runs yet. */
  constructor(options: ExecuteLinesOptions) {
    this.#options = options;
  }

  /** How far the lines of a run say they are, if they do. */
  progress(run: string): string | undefined {
    return this.#progress.get(run);
  }

  /** Runs the lines of a step. A line that fails ends the others. */
  readonly execute: ExecuteStep = async (
    { run, workflow, step, work },
    signal,
  ) => {
    const { runLine, log } = this.#options;
    const notes: LogEntry[] = [];
    const output = new OutputLog(step, (entries) => log(run, entries));
    const tell = async () => {
      if (notes.length > 0) await log(run, notes.splice(0));
    };
    try {
      const chunks = runLine(work.command, {
        environment: work.environment,
        subject: workflow,
        note: (note) => {
          if (note.type === "progress") this.#setProgress(run, note);
          else notes.push(...noteEntries(step, note));
        },
        signal,
      });
      for await (const chunk of chunks) {
        signal.throwIfAborted();
        await output.add(chunk);
        await tell();
      }
      signal.throwIfAborted();
    } finally {
      this.#progress.delete(run);
      await output.end().then(tell).catch((error) => {
        // A core that is stopping takes nothing more, and begins again anyhow.
        if (!isSkymapError(error, "unavailable")) throw error;
      });
    }
  };

  #setProgress(run: string, note: CliNote & { readonly type: "progress" }) {
    const { text, done, total } = note;
    const count = done === undefined
      ? ""
      : total === undefined
      ? ` (${done})`
      : ` (${done} of ${total})`;
    this.#progress.set(run, `${text}${count}`);
  }
}

function noteEntries(
  step: string,
  note: Exclude<CliNote, { readonly type: "progress" }>,
): readonly LogEntry[] {
  const common = { step, source: "output" };
  if (note.type === "message") {
    return [{ ...common, level: note.level, message: note.text }];
  }
  return coverageWarnings(note.coverage).map((message) => ({
    ...common,
    level: "warning",
    message,
  }));
}
