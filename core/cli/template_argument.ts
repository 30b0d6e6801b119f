import type { Arguments } from "./arguments.ts";
import { readTemplate, type Template } from "./template.ts";
import { usageError } from "./usage_error.ts";

/**
 * The template that an argument holds; `text` is what it means, without quotes.
 *
 * @throws {SkymapError} `usage`, with a caret under the gap that is wrong.
 */
export function templateArgument(
  args: Arguments,
  { command, name, text }: {
    readonly command: string;
    readonly name: string;
    readonly text: string;
  },
): Template {
  const template = readTemplate(text);
  if (!("problem" in template)) return template;
  const source = args.source(name);
  // Quotes and backslashes may stand before it in what was written.
  const rest = text.slice(template.at);
  const at = source.text.lastIndexOf(rest.replace(/[\\"'|;\s][^]*$/, ""));
  throw usageError({
    tried: `Cannot run "${command}"`,
    source,
    offset: Math.max(0, at),
    problem: template.problem,
  });
}
