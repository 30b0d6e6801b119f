/**
 * What a command does and how it is called, for people.
 *
 * @module
 */

import { choicesOf } from "../check_value.ts";
import { callOf } from "../cli_info.ts";
import { type Command, COMMAND_GROUPS, type Parameter } from "../command.ts";
import { usageOf, valueName } from "../read_arguments.ts";
import { definitions, indented, wrapMarkdown, wrapText } from "./wrap_text.ts";

/** How help is written. */
export interface HelpStyle {
  /** Characters of a line at most. */
  readonly width: number;
  /** Makes a heading stand out. */
  readonly heading: (text: string) => string;
}

/** How a parameter is written in help. */
export function writtenParameter({ name, short, type }: Parameter): string {
  if (!name.startsWith("-")) {
    return name.toUpperCase().replaceAll("-", "_");
  }
  const names = short === undefined ? name : `${short}, ${name}`;
  return type === undefined ? names : `${names} ${valueName(name, type)}`;
}

/** What a parameter is for, and what it takes. */
export function parameterMeaning(parameter: Parameter): string {
  const { help, type, isRepeated, default: fallback } = parameter;
  const choices = choicesOf(type);
  const facts = [
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(isRepeated === true ? ["may be given several times"] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  return facts.length === 0 ? help : `${help} (${facts.join("; ")})`;
}

/** Lines about one command, or one of its forms. */
export function commandHelp(
  command: Command,
  verb: string | undefined,
  { width, heading }: HelpStyle,
): readonly string[] {
  const { aliases = [], description } = command;
  const forms = verb === undefined
    ? command.forms
    : command.forms.filter((form) => form.verb === verb);
  const several = forms.length > 1;
  const call = callOf(command, verb);
  const brief = verb === undefined ? command.brief : forms[0]?.brief ?? "";
  const examples = command.examples.filter(({ line }) =>
    verb === undefined || line.includes(call)
  );
  return [
    ...wrapText(`${heading(call)}: ${brief}`, width),
    "",
    ...forms.flatMap((form) => {
      const usage = usageOf(callOf(command, form.verb), form);
      const [first = "", ...rest] = indented(usage, 2, width);
      return [
        first,
        ...rest.map((line) => `    ${line}`),
        ...(several ? indented(form.brief, 6, width) : []),
        ...definitions(
          form.parameters.map((each) => [
            writtenParameter(each),
            parameterMeaning(each),
          ]),
          width - 4,
        ).map((line) => `    ${line}`),
        "",
      ];
    }),
    ...wrapMarkdown(description, width),
    ...(aliases.length === 0
      ? []
      : ["", ...wrapText(`Also called: ${aliases.join(", ")}`, width)]),
    ...(examples.length === 0 ? [] : [
      "",
      heading("Examples"),
      ...examples.flatMap(({ line, says, needs }) => [
        ...indented(
          needs === undefined ? says : `${says} (needs ${needs})`,
          2,
          width,
        ),
        `    ${line}`,
      ]),
    ]),
  ];
}

/** Lines about all commands. */
export function commandsHelp(
  commands: readonly Command[],
  { width, heading }: HelpStyle,
): readonly string[] {
  const groups = Object.entries(COMMAND_GROUPS).flatMap(([group, title]) => {
    const members = commands.filter((command) => command.group === group);
    return members.length === 0 ? [] : [
      heading(title),
      ...definitions(members.map(({ name, brief }) => [name, brief]), width),
      "",
    ];
  });
  return [
    ...wrapText(
      "A line is commands with | between them: what one finds, the next works " +
        "on. ; separates lines, quotes protect both.",
      width,
    ),
    "",
    ...groups,
    ...wrapText(
      '"help COMMAND" tells more of one; "help variables", "help placeholders" ' +
        'and "help aliases" list these.',
      width,
    ),
  ];
}
