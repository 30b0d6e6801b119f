/**
 * The command `format`.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import type { Arguments } from "../arguments.ts";
import type { Batches } from "../batch.ts";
import type { Command, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import type { Flow } from "../flow.ts";
import { FORMATS } from "../formats/all_formats.ts";
import { flatText } from "../formats/flat_text.ts";
import type { LineContext } from "../line_context.ts";
import { type Template, templateFiller } from "../template.ts";
import { templateArgument } from "../template_argument.ts";
import { unquote } from "../words.ts";
import { writeElements } from "../write_elements.ts";

/** What each form is for; the names are those of the API. */
const HELP = {
  json: "As one array of JSON",
  yaml: "As YAML, a document each",
  ndjson: "As JSON, one line each",
  graphml: "As GraphML, for programs that draw graphs",
  dot: "In the language of Graphviz",
  cytoscape: "As JSON of Cytoscape",
} as const;

const FLAGS: readonly string[] = [
  ...Object.keys(HELP).map((name) => `--${name}`),
  "--text",
];

async function* texts(
  batches: Batches,
  textOf: (element: Json) => string,
  between = "",
): AsyncGenerator<string> {
  let lead = "";
  for await (const { values } of batches) {
    let text = "";
    for (const value of values) {
      text += lead + textOf(value);
      lead = between;
    }
    if (text !== "") yield text;
  }
}

function filled(template: Template): Stage["run"] {
  return (input, { section, clock }) => {
    const fill = templateFiller(template, { section, nowMs: clock.now() });
    return {
      type: "text",
      chunks: texts(elementsOf(input).batches, (each) => `${fill(each)}\n`),
    };
  };
}

function written(
  flag: string,
  input: Flow | undefined,
  { section }: LineContext,
): Flow {
  const flow = elementsOf(input);
  const format = FORMATS.find(({ name }) => flag === `--${name}`);
  if (format === undefined) {
    return {
      type: "text",
      chunks: texts(flow.batches, (each) => flatText(each, section), "---\n"),
    };
  }
  return {
    type: "text",
    mediaType: format.mediaType,
    chunks: writeElements(flow, format),
  };
}

function templateOf(args: Arguments): Template {
  const text = unquote(args.must("template"));
  return templateArgument(args, { command: "format", name: "template", text });
}

function prepare(args: Arguments): Stage {
  const [flag, other] = FLAGS.filter((name) => args.has(name));
  if (other !== undefined) {
    throw args.fault(`"${flag}" and "${other}" are given, wanted one`, other);
  }
  const isTemplate = args.has("template");
  if (flag !== undefined && isTemplate) {
    throw args.fault(
      `"${flag}" and a template are given, wanted one`,
      "template",
    );
  }
  if (flag === undefined && !isTemplate) {
    throw args.fault(
      `it is not told how, wanted one of ${FLAGS.join(", ")} or a template`,
    );
  }
  return {
    output: "text",
    isFormat: true,
    run: flag === undefined
      ? filled(templateOf(args))
      : (input, context) => written(flag, input, context),
  };
}

/** Writes elements in a form. */
export const FORMAT: Command = {
  name: "format",
  group: "format",
  brief: "Writes elements in a form, or as a text of your own",
  description:
    `A template is filled for each element: \`{name}\` is a property of the section,
\`{/id}\` one of the node itself, \`{parts[0].n}\` goes into lists, \`{account}\` is the
name of a container, \`{age}\` a time since. What an element does not have is
\`null\`; \`{{\` and \`}}\` are braces.

\`--graphml\`, \`--dot\` and \`--cytoscape\` draw nodes, with
\`search --with-edges\` their edges too. Every form is written while elements come;
its end shows that it is whole.`,
  position: "flow",
  forms: [{
    brief: "Writes elements in a form, or as a text of your own",
    parameters: [
      ...Object.entries(HELP).map(([name, help]) => ({
        name: `--${name}`,
        help,
      })),
      { name: "--text", help: "As text, a line for each property" },
      {
        name: "template",
        type: "text",
        isRest: true,
        help: "A text with properties in braces",
      },
    ],
    prepare,
  }],
  examples: [
    {
      line: "search is(volume) limit 3 | format '{name} has {volume_size} GB'",
      says: "A text for each volume",
    },
    {
      line: "search is(instance) limit 3 | format --json",
      says: "Instances as one array of JSON",
    },
    {
      line: "search --with-edges is(account) -[0:1]-> | format --dot",
      says: "Accounts and what lies directly in them, for Graphviz",
    },
  ],
};
