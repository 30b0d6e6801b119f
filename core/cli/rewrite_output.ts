/**
 * The end of a line as people want it: what has no form is given one.
 *
 * @module
 */

import { SourceText } from "../query/source_text.ts";
import type { Stage } from "./command.ts";
import { calledForm, type CommandSet } from "./command_set.ts";
import type { PreparedStage } from "./prepared_line.ts";
import { readArguments } from "./read_arguments.ts";

/** What a stage gives, when it gets something. */
export function outputOf(
  { output }: Stage,
  input: Stage["output"] | undefined,
): Stage["output"] {
  return output === "same" ? input ?? "elements" : output;
}

/** What the last of some stages gives. */
export function outputOfAll(
  stages: readonly PreparedStage[],
  input: Stage["output"] | undefined,
): Stage["output"] | undefined {
  return stages.reduce(
    (before, { stage }) => outputOf(stage, before),
    input,
  );
}

/** The command that gives a form; without a wish a line for each element. */
function formatLine(format: string | undefined): string {
  if (format === undefined) return "list";
  return format === "csv" ? "list --csv" : `format --${format}`;
}

async function formatting(
  line: string,
  commands: CommandSet,
): Promise<PreparedStage | undefined> {
  const [word = ""] = line.split(" ");
  const command = commands.get(word);
  if (command === undefined) return;
  const { form, name, rest } = calledForm(command, SourceText.of(line));
  const args = readArguments(form, { name, source: rest });
  return { command, stage: await form.prepare(args) };
}

/** The form that a command has for its elements, when none is wished for. */
function ownForm(
  last: PreparedStage | undefined,
  format: string | undefined,
): PreparedStage | undefined {
  const shownBy = last?.stage.shownBy;
  if (last === undefined || shownBy === undefined) return;
  return format === undefined
    ? { command: last.command, stage: shownBy }
    : undefined;
}

/** What a line is rewritten with. */
export interface RewriteOptions {
  /** What there is to call. */
  readonly commands: CommandSet;
  /** What the stages get. Default: nothing. */
  readonly input: Stage["output"] | undefined;
  /** Whether what they get has its form. */
  readonly isFormatted: boolean;
  /** The form that is wished for. Default: a line for each element. */
  readonly format: string | undefined;
}

/**
 * The stages with a form where elements have none: at the end, or in front of
 * what makes a file of them.
 */
export async function rewriteOutput(
  stages: readonly PreparedStage[],
  { commands, input, isFormatted, format }: RewriteOptions,
): Promise<readonly PreparedStage[]> {
  if (isFormatted || stages.some(({ stage }) => stage.isFormat === true)) {
    return stages;
  }
  const last = stages.at(-1);
  const isSink = last?.stage.output === "file" &&
    (stages.length > 1 || input !== undefined);
  const open = isSink ? stages.slice(0, -1) : stages;
  if (outputOfAll(open, input) !== "elements") return stages;
  const formatted = ownForm(open.at(-1), format) ??
    await formatting(formatLine(format), commands);
  if (formatted === undefined) return stages;
  return isSink ? [...open, formatted, last] : [...open, formatted];
}
