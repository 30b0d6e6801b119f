/**
 * The end of a line as people want it: what has no form is listed.
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

async function listing(
  commands: CommandSet,
): Promise<PreparedStage | undefined> {
  const command = commands.get("list");
  if (command === undefined) return;
  const { form, name, rest } = calledForm(command, SourceText.of("list"));
  const args = readArguments(form, { name, source: rest });
  return { command, stage: await form.prepare(args) };
}

/**
 * The stages with `list` where elements have no form: at the end, or in front of
 * what makes a file of them.
 *
 * @param input What they get. Default: nothing.
 * @param isFormatted Whether what they get has its form.
 */
export async function rewriteOutput(
  stages: readonly PreparedStage[],
  commands: CommandSet,
  input: Stage["output"] | undefined,
  isFormatted: boolean,
): Promise<readonly PreparedStage[]> {
  if (isFormatted || stages.some(({ stage }) => stage.isFormat === true)) {
    return stages;
  }
  const last = stages.at(-1);
  const isSink = last?.stage.output === "file" &&
    (stages.length > 1 || input !== undefined);
  const open = isSink ? stages.slice(0, -1) : stages;
  if (outputOfAll(open, input) !== "elements") return stages;
  const list = await listing(commands);
  if (list === undefined) return stages;
  return isSink ? [...open, list, last] : [...open, list];
}
