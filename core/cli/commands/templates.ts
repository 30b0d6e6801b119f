/**
 * `templates`: stored pieces of searches.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { Command, Form, Parameter, Stage } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";

const NAME: Parameter = {
  name: "name",
  type: "template",
  isRequired: true,
  help: "Name of the template",
};

const TEXT: Parameter = {
  name: "text",
  type: "search",
  isRequired: true,
  isRest: true,
  help: "A piece of a search, with {{…}} for what is given",
};

function records(
  make: (context: LineContext) => Promise<readonly object[]>,
  isChange = false,
): Stage {
  return {
    output: "elements",
    isChange,
    run: (_input, context) => recordFlow(() => make(context)),
  };
}

function list({ services }: LineContext): Promise<readonly object[]> {
  return Promise.resolve(services.templates.list());
}

const FORMS: readonly Form[] = [
  {
    verb: "list",
    brief: "Lists the templates",
    parameters: [],
    prepare: () => records(list),
  },
  {
    verb: "show",
    brief: "Shows a template",
    parameters: [NAME],
    prepare: (args) => records(one(args.must("name"))),
  },
  {
    verb: "add",
    brief: "Stores a new template",
    parameters: [{ ...NAME, type: "text" }, TEXT],
    prepare: (args) => {
      const name = args.must("name");
      const text = args.must("text");
      return records(async ({ services: { templates } }) => {
        if (templates.list().some((each) => each.name === name)) {
          throw new SkymapError(
            "conflict",
            `Cannot add template "${name}": there is one of that name; ` +
              `change it with "templates update ${name} TEXT"`,
          );
        }
        return [await templates.put(name, text)];
      }, true);
    },
  },
  {
    verb: "update",
    brief: "Stores a template in place of the one of that name",
    parameters: [NAME, TEXT],
    prepare: (args) => {
      const name = args.must("name");
      const text = args.must("text");
      return records(async ({ services: { templates } }) => {
        templates.get(name);
        return [await templates.put(name, text)];
      }, true);
    },
  },
  {
    verb: "delete",
    brief: "Removes a template that no other uses",
    parameters: [NAME],
    prepare: (args) => {
      const name = args.must("name");
      return records(async ({ services: { templates }, note }) => {
        await templates.remove(name);
        note({
          type: "message",
          level: "info",
          text: `Template "${name}" is removed`,
        });
        return [];
      }, true);
    },
  },
  {
    verb: "test",
    brief: "Shows the search that a text with templates stands for",
    parameters: [{ ...TEXT, help: "A search with expand(…)" }],
    prepare: (args) => {
      const source = args.source("text");
      return {
        output: "text",
        run: (_input, { services, graph, clock, timeZone }) => {
          const { text } = services.graph(graph).expand(source, {
            nowMs: clock.now(),
            timeZone,
          });
          return {
            type: "text",
            chunks: async function* () {
              yield await Promise.resolve(`${text}\n`);
            }(),
          };
        },
      };
    },
  },
  {
    brief: "Lists the templates, or shows one",
    parameters: [{ ...NAME, isRequired: false }],
    prepare: (args) => {
      const name = args.get("name");
      return records(name === undefined ? list : one(name));
    },
  },
];

function one(
  name: string,
): (context: LineContext) => Promise<readonly object[]> {
  return ({ services }) =>
    Promise.resolve().then(() => [services.templates.get(name)]);
}

/** Shows, stores and tries pieces of searches. */
export const TEMPLATES: Command = {
  name: "templates",
  aliases: ["template"],
  group: "search",
  brief: "Shows, stores and tries templates of searches",
  description:
    `A template is a piece of a search with gaps: \`{{name}}\`. A search uses it by
\`expand(template, name=value)\`. Placeholders such as \`@TODAY@\` stay in it and are
replaced when it is used.`,
  position: "source",
  keepsPlaceholders: true,
  forms: FORMS,
  examples: [
    {
      line: "templates add big is(volume) and volume_size > {{size}}",
      says: "Stores a search of large volumes",
    },
    {
      line: "templates test expand(big, size=100)",
      says: "Shows what it stands for",
    },
    { line: "search expand(big, size=100)", says: "Uses it" },
    { line: "templates show big", says: "Shows it with its gaps" },
    { line: "templates list", says: "Lists the templates" },
    {
      line: "templates update big is(volume) and volume_size >= {{size}}",
      says: "Changes it",
    },
    { line: "templates delete big", says: "Removes it" },
  ],
};
