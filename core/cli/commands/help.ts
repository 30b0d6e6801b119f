/**
 * `help`: what there is to call.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { PLACEHOLDERS, replacePlaceholders } from "../../query/placeholders.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import type { Command } from "../command.ts";
import { VARIABLES } from "../environment.ts";
import {
  commandHelp,
  commandsHelp,
  type HelpStyle,
} from "../help/command_help.ts";
import { definitions, helpWidth, wrapText } from "../help/wrap_text.ts";
import type { LineContext } from "../line_context.ts";

function variablesHelp({ width }: HelpStyle): readonly string[] {
  return [
    ...wrapText(
      "Variables stand in front of a line and count for that line: graph=main " +
        "section=desired search clean = true",
      width,
    ),
    "",
    ...definitions(
      VARIABLES.map(({ name, help, default: fallback }) => [
        name,
        fallback === undefined ? help : `${help} (default: ${fallback})`,
      ]),
      width,
    ),
  ];
}

function placeholdersHelp(
  { clock, timeZone }: LineContext,
  { width }: HelpStyle,
): readonly string[] {
  return [
    ...wrapText(
      "Placeholders are replaced before a line is read, in capitals or small " +
        "letters. Days and hours are those of the variable time_zone.",
      width,
    ),
    "",
    ...definitions(
      PLACEHOLDERS.map((name) => {
        const text = `@${name}@`;
        return [text, replacePlaceholders(text, clock.now(), timeZone).text];
      }),
      width,
    ),
  ];
}

/** Other names with a tab behind each, and the name of the command. */
function aliasLines(commands: readonly Command[]): readonly string[] {
  return commands.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias) => `${alias}\t${name}`)
  ).sort();
}

function helpLines(
  topic: string | undefined,
  verb: string | undefined,
  context: LineContext,
): readonly string[] {
  const { commands, terminal } = context;
  const style: HelpStyle = {
    width: helpWidth(terminal.columns),
    heading: terminal.hasColors
      ? (text) => `\u001b[1m${text}\u001b[0m`
      : (text) => text,
  };
  const command = topic === undefined ? undefined : commands.get(topic);
  if (command !== undefined) {
    const verbs = command.forms.map((form) => form.verb);
    if (verb === undefined || verbs.includes(verb)) {
      return commandHelp(command, verb, style);
    }
    throw new SkymapError(
      "usage",
      `Cannot help with "${command.name} ${verb}": there is no such form, ` +
        `wanted ${verbs.filter((each) => each !== undefined).join(", ")}`,
    );
  }
  switch (topic) {
    case undefined:
      return commandsHelp(commands.all, style);
    case "variables":
    case "environment":
      return variablesHelp(style);
    case "placeholders":
      return placeholdersHelp(context, style);
    case "aliases":
      return aliasLines(commands.all);
  }
  throw new SkymapError(
    "usage",
    `Cannot help with "${topic}": there is no such command, "help" lists ` +
      `them all${suggestionText(commands.nearest(topic))}`,
  );
}

/** Tells what there is to call. */
export const HELP: Command = {
  name: "help",
  aliases: ["man"],
  group: "help",
  brief: "Tells what there is to call, and how",
  description: "`help aliases` lists other names, a tab behind each.",
  position: "source",
  forms: [{
    brief: "Tells what there is to call, and how",
    parameters: [
      {
        name: "topic",
        type: "command",
        help: "A command, or variables, placeholders or aliases",
      },
      { name: "verb", type: "text", help: "One of its forms, such as add" },
    ],
    prepare: (args) => ({
      output: "text",
      run: (_input, context) => {
        const lines = helpLines(args.get("topic"), args.get("verb"), context);
        return {
          type: "text",
          chunks: async function* () {
            yield await Promise.resolve(`${lines.join("\n")}\n`);
          }(),
        };
      },
    }),
  }],
  examples: [
    { line: "help", says: "Lists every command" },
    { line: "help search", says: "Tells how to search" },
    {
      line: "help placeholders",
      says: "Shows what @NOW@ and others stand for",
    },
    { line: "help aliases", says: "Lists other names of commands" },
  ],
};
