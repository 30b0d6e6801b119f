/**
 * The document `skymap.commands`: commands that are templates of lines.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { z } from "zod";
import { parseTemplate, templateParameters } from "../search/template_text.ts";

const NAME = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/;
/** Parameters are names of gaps, too. */
const PARAMETER = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

/** The parameter of a command. */
const ParameterSchema = z.strictObject({
  name: z.string().regex(
    PARAMETER,
    "wanted small letters, digits and _, as in webhook_url",
  ).refine((name) => name !== "args", "args are all words of the call")
    .describe(
      "Gap {{name}} of the template. A call says --name VALUE, with - for _, or name=VALUE",
    ),
  description: z.string().default("").describe(
    "What it is for: a sentence without its end",
  ),
  default: z.string().optional().describe(
    "Value when it is left out. Without one the parameter must be given",
  ),
});

/** A command. */
const CommandSchema = z.strictObject({
  name: z.string().regex(
    NAME,
    "wanted small letters, digits, - and _, as in notify-team",
  ).describe("Word that calls it"),
  info: z.string().min(1).describe(
    "What it does: a sentence without its end",
  ),
  description: z.string().default("").describe(
    "What a person has to know beyond that, as Markdown",
  ),
  template: z.string().min(1).describe(
    "Line that it stands for. {{name}} is the value of a parameter, " +
      "{{args}} all words of the call",
  ),
  parameters: z.array(ParameterSchema).default([]).describe(
    "What a call may say",
  ).superRefine(checkNames),
  allowed_in_source_position: z.boolean().default(false).describe(
    "Whether it stands first in a line, and not behind a |",
  ),
}).superRefine(checkTemplate);

/** Tells a template that cannot be read, or has a gap that nobody fills. */
function checkTemplate(
  { template, parameters }: {
    readonly template: string;
    readonly parameters: readonly { readonly name: string }[];
  },
  context: z.RefinementCtx,
): void {
  const fault = (message: string) =>
    context.addIssue({ code: "custom", path: ["template"], message });
  try {
    const known = new Set(["args", ...parameters.map(({ name }) => name)]);
    for (const name of templateParameters(parseTemplate(template))) {
      if (!known.has(name)) fault(`{{${name}}} is none of the parameters`);
    }
  } catch (error) {
    fault(messageOf(error));
  }
}

/** Tells each name that is there twice. */
function checkNames(
  named: readonly { readonly name: string }[],
  context: z.RefinementCtx,
): void {
  for (const [at, { name }] of named.entries()) {
    if (named.findIndex((each) => each.name === name) === at) continue;
    context.addIssue({
      code: "custom",
      path: [at, "name"],
      message: `"${name}" is there twice`,
    });
  }
}

/** What `skymap.commands` holds. */
export const COMMANDS_SCHEMA = z.strictObject({
  custom_commands: z.strictObject({
    commands: z.array(CommandSchema).default([]).superRefine(checkNames)
      .describe("Commands beside those that come with Skymap"),
  }).prefault({}).describe("Commands that are templates of lines"),
});

/** The document `skymap.commands`. */
export type CommandsDocument = z.infer<typeof COMMANDS_SCHEMA>;

/** A command of that document. */
export type CustomCommand =
  CommandsDocument["custom_commands"]["commands"][number];
