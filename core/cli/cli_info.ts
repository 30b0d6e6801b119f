/**
 * What there is to call, for programs.
 *
 * @module
 */

import type {
  CliInfoJson,
  CommandJson,
  ParameterJson,
} from "@skymap/lib/client";
import { PLACEHOLDERS } from "../query/placeholders.ts";
import { choicesOf } from "./check_value.ts";
import {
  type Command,
  COMMAND_GROUPS,
  type Parameter,
  type ParameterType,
} from "./command.ts";
import { VARIABLES } from "./environment.ts";
import { usageOf } from "./read_arguments.ts";

function typeJson(type: ParameterType) {
  const choices = choicesOf(type);
  return {
    type: typeof type === "string" ? type : "choice",
    ...(choices !== undefined && { choices }),
  };
}

function parameterJson(parameter: Parameter): ParameterJson {
  const { name, short, type, help, default: fallback } = parameter;
  const isFlag = type === undefined && name.startsWith("-");
  return {
    name,
    ...(short !== undefined && { short }),
    ...(!isFlag && typeJson(type ?? "text")),
    is_required: parameter.isRequired ?? false,
    is_repeated: parameter.isRepeated ?? false,
    is_rest: parameter.isRest ?? false,
    help,
    ...(fallback !== undefined && { default: fallback }),
  };
}

function commandJson(command: Command): CommandJson {
  const { name, aliases = [], group, brief, description, position, forms } =
    command;
  return {
    name,
    aliases,
    group,
    brief,
    description,
    position,
    forms: forms.map((form) => ({
      ...(form.verb !== undefined && { verb: form.verb }),
      usage: usageOf(callOf(command, form.verb), form),
      brief: form.brief,
      parameters: form.parameters.map(parameterJson),
    })),
    examples: command.examples,
  };
}

/** How a command is called, with its verb. */
export function callOf({ name }: Command, verb: string | undefined): string {
  return verb === undefined ? name : `${name} ${verb}`;
}

/** Commands, variables and placeholders. */
export function cliInfo(commands: readonly Command[]): CliInfoJson {
  return {
    groups: COMMAND_GROUPS,
    commands: commands.map(commandJson),
    environment: VARIABLES.map(({ name, type, help, default: fallback }) => ({
      name,
      ...typeJson(type),
      help,
      ...(fallback !== undefined && { default: fallback }),
    })),
    placeholders: PLACEHOLDERS.map((name) => `@${name}@`),
  };
}
