import { messageOf } from "@skymap/lib/errors";
import type { CustomCommand } from "../../config/commands_document.ts";
import { nearestNames } from "../../model/nearest_names.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import {
  parseTemplate,
  templateParameters,
  TemplateProblem,
} from "../../search/template_text.ts";
import type { Arguments } from "../arguments.ts";
import type { Command, Parameter } from "../command.ts";
import { fillTemplate } from "./fill_template.ts";
import type { ShippedCommand } from "./shipped_command.ts";

/** Name of the argument that takes `name=value`. */
const ASSIGNMENT = "name=value";
/** Name of the argument that takes everything. */
const ARGS = "args";

type CustomParameter = CustomCommand["parameters"][number];

function optionOf(name: string): string {
  return `--${name.replaceAll("_", "-")}`;
}

function usesArgs(template: string): boolean {
  try {
    return templateParameters(parseTemplate(template)).includes(ARGS);
  } catch {
    // Told when it is called.
    return false;
  }
}

function parametersOf(
  { parameters, template }: CustomCommand,
): readonly Parameter[] {
  const options = parameters.map((
    { name, description, default: value },
  ): Parameter => ({
    name: optionOf(name),
    type: "text",
    help: `${description === "" ? `Value of ${name}` : description}${
      value === undefined ? " (must be given)" : ""
    }`,
    ...(value !== undefined && value !== "" && { default: value }),
  }));
  if (options.length === 0 && usesArgs(template)) {
    return [{ name: ARGS, isRest: true, help: "What the template asks for" }];
  }
  if (options.length === 0) return [];
  return [...options, {
    name: ASSIGNMENT,
    isRepeated: true,
    type: "assignment",
    help: "The same as --name value",
  }];
}

/** Values of all parameters, given or by default. */
function valuesOf(
  { parameters }: CustomCommand,
  args: Arguments,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (parameters.length === 0) return values;
  for (const { name } of parameters) {
    const value = args.get(optionOf(name));
    if (value !== undefined) values.set(name, value);
  }
  const names = parameters.map(({ name }) => name);
  for (const [at, assignment] of args.all(ASSIGNMENT).entries()) {
    const sign = assignment.indexOf("=");
    const written = assignment.slice(0, sign);
    const name = written.replaceAll("-", "_");
    if (!names.includes(name)) {
      throw args.fault(
        `there is no parameter "${written}", wanted ${names.join(", ")}` +
          suggestionText(nearestNames(name, names)),
        ASSIGNMENT,
        at,
      );
    }
    if (values.has(name)) {
      throw args.fault(
        `"${name}" is given twice, wanted once`,
        ASSIGNMENT,
        at,
      );
    }
    values.set(name, assignment.slice(sign + 1));
  }
  const missing: CustomParameter[] = [];
  for (const parameter of parameters) {
    if (values.has(parameter.name)) continue;
    if (parameter.default === undefined) missing.push(parameter);
    else values.set(parameter.name, parameter.default);
  }
  if (missing.length > 0) {
    const wanted = parameters.filter((each) => each.default === undefined)
      .map(({ name }) => `${optionOf(name)} ${name.toUpperCase()}`);
    throw args.fault(
      `${
        missing.map(({ name, description }) =>
          `"${optionOf(name)}"${description === "" ? "" : ` (${description})`}`
        ).join(", ")
      } ${missing.length === 1 ? "is" : "are"} missing, wanted ${
        [args.word, ...wanted].join(" ")
      }`,
    );
  }
  return values;
}

function expand(
  custom: CustomCommand,
  args: Arguments,
  nowMs: number,
): string {
  const values = valuesOf(custom, args);
  try {
    return fillTemplate(parseTemplate(custom.template), {
      values,
      args: args.text,
      nowMs,
    });
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    throw args.fault(`its template cannot be filled: ${messageOf(error)}`);
  }
}

/** A command that stands for a line: what the configuration says of it. */
function customCommand(
  custom: CustomCommand | ShippedCommand,
): Command {
  const { name, info, description, template } = custom;
  return {
    name,
    group: "automate",
    brief: info,
    description: `${
      description === "" ? "" : `${description}\n\n`
    }It stands for this line:\n\n\`\`\`\n${template}\n\`\`\``,
    position: custom.allowed_in_source_position ? "either" : "flow",
    forms: [{
      brief: info,
      parameters: parametersOf(custom),
      prepare: () => {
        throw new TypeError(`Cannot prepare "${name}": it stands for a line`);
      },
      expand: (args, nowMs) => expand(custom, args, nowMs),
    }],
    examples: "examples" in custom ? custom.examples : [],
  };
}

/**
 * Commands that stand for lines; of two of one name the first counts, so those
 * of the configuration stand first.
 */
export function customCommands(
  ...lists: readonly (readonly (CustomCommand | ShippedCommand)[])[]
): readonly Command[] {
  const byName = new Map<string, CustomCommand>();
  for (const custom of lists.flat()) {
    if (!byName.has(custom.name)) byName.set(custom.name, custom);
  }
  return [...byName.values()].map(customCommand);
}
