/**
 * A run as somebody follows it who waits for its end.
 *
 * @module
 */

import type { RunJson, RunLogJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { TextFlow } from "./flow.ts";
import type { LineContext } from "./line_context.ts";
import { currentStep, waitsFor } from "./run_record.ts";

/** A line of a run's log, as text. */
function logText({ at, level, step, source, message }: RunLogJson) {
  const time = at.slice(11, 19);
  const from = step === "" ? source : `${step}, ${source}`;
  const mark = level === "info" ? "" : `${level.toUpperCase()} `;
  return `${time} ${mark}${from}: ${message}\n`;
}

/** Where a run is: its step, and whom it waits for. */
function progressOf(run: RunJson): string {
  const step = currentStep(run);
  if (step === undefined) return `${run.workflow}: ${run.state}`;
  const parts = [...waitsFor(step), ...(step.progress ?? [])];
  return parts.length === 0
    ? `${run.workflow}: ${step.name}`
    : `${run.workflow}: ${step.name}, ${parts.join(", ")}`;
}

async function* follow(id: string, context: LineContext) {
  const { services, signal, note } = context;
  let last: RunJson | undefined;
  for await (const frame of services.workflows.follow(id, signal)) {
    if (frame.type === "log") {
      yield logText(frame.line);
      continue;
    }
    last = frame.run;
    note({
      type: "progress",
      text: progressOf(last),
      done: last.steps.filter((step) => step.ended_at !== undefined).length,
      total: last.steps.length,
    });
  }
  if (last === undefined || last.state === "done") return;
  throw new SkymapError(
    "run_failed",
    `Cannot say that ${last.workflow} is done: run "${id}" ${
      last.state === "failed" ? "failed" : "was stopped"
    }`,
  );
}

/**
 * The log of a run as it comes, to its end; how far the run is goes into notes.
 * A run that fails or is stopped is an error of the line.
 */
export async function followLines(
  start: (context: LineContext) => Promise<RunJson>,
  context: LineContext,
): Promise<TextFlow> {
  const { id } = await start(context);
  return { type: "text", chunks: follow(id, context) };
}
