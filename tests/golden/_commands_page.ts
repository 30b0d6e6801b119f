/**
 * The reference of all commands, as it stands in `docs/commands.md`.
 *
 * @module
 */

import { callOf } from "../../core/cli/cli_info.ts";
import { type Command, COMMAND_GROUPS } from "../../core/cli/command.ts";
import type { Form } from "../../core/cli/command.ts";
import {
  parameterMeaning,
  writtenParameter,
} from "../../core/cli/help/command_help.ts";
import { usageOf } from "../../core/cli/read_arguments.ts";

/** A text as a cell of a table. */
function cell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}

function formText(command: Command, form: Form): string {
  const rows = form.parameters.map((parameter) =>
    `| \`${cell(writtenParameter(parameter))}\` | ${
      cell(parameterMeaning(parameter)).replaceAll("*", "\\*")
        .replaceAll("<", "&lt;")
    } |`
  );
  return [
    "```",
    usageOf(callOf(command, form.verb), form),
    "```",
    ...(command.forms.length > 1 ? ["", `${form.brief}.`] : []),
    ...(rows.length > 0 ? ["", "| | |", "| --- | --- |", ...rows] : []),
  ].join("\n");
}

function commandText(command: Command): string {
  const { name, aliases = [], brief, description, forms, examples } = command;
  return [
    `### ${name}`,
    `${brief}.`,
    ...forms.map((form) => formText(command, form)),
    description,
    ...(aliases.length === 0
      ? []
      : [`Also called: ${aliases.map((each) => `\`${each}\``).join(", ")}.`]),
    ...(examples.length === 0 ? [] : [
      [
        "```",
        ...examples.flatMap(({ line, says, needs }) => [
          `# ${says}${needs === undefined ? "" : ` (needs ${needs})`}`,
          line,
        ]),
        "```",
      ].join("\n"),
    ]),
  ].join("\n\n");
}

/** The page, not yet formatted. */
export function commandsPage(commands: readonly Command[]): string {
  const groups = Object.entries(COMMAND_GROUPS).flatMap(([group, title]) => {
    const members = commands.filter((command) => command.group === group);
    return members.length === 0
      ? []
      : [`## ${title}`, ...members.map(commandText)];
  });
  return [
    "# Commands",
    "What there is to call, as `help COMMAND` tells it too. How lines are " +
    "written stands in [cli.md](cli.md), what a search can say in " +
    "[search.md](search.md).",
    ...groups,
  ].join("\n\n") + "\n";
}
