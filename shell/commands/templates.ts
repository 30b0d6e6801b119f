/**
 * `templates`: stored pieces of searches.
 *
 * @module
 */

import { type TemplateJson, unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import {
  type Command,
  firstWord,
  type LineContext,
  usageError,
} from "./command.ts";

/** Stores a template that must not be there yet. */
async function add(
  name: string,
  text: string,
  { client }: LineContext,
): Promise<TemplateJson> {
  const known = unwrap(await client.templates());
  if (known.some((each) => each.name === name)) {
    throw new SkymapError(
      "conflict",
      `Cannot add template "${name}": there is one of that name; ` +
        `change it with "templates update ${name} TEXT"`,
    );
  }
  return unwrap(await client.putTemplate(name, text));
}

/** Replaces a template that must be there. */
async function update(
  name: string,
  text: string,
  { client }: LineContext,
): Promise<TemplateJson> {
  unwrap(await client.template(name));
  return unwrap(await client.putTemplate(name, text));
}

async function templates(rest: string, context: LineContext): Promise<void> {
  const { client, json, print } = context;
  const [verb, more] = firstWord(rest);
  const [name, text] = firstWord(more);
  const show = (found: TemplateJson) =>
    print(json ? JSON.stringify(found) : `${found.name}: ${found.template}`);
  if (verb === "" || (verb === "list" && name === "")) {
    for (const each of unwrap(await client.templates())) show(each);
  } else if (verb === "test" && more !== "") {
    print(unwrap(await client.testTemplate(more)).search);
  } else if (verb === "show" && name !== "" && text === "") {
    show(unwrap(await client.template(name)));
  } else if (verb === "add" && text !== "") {
    show(await add(name, text, context));
  } else if (verb === "update" && text !== "") {
    show(await update(name, text, context));
  } else if (verb === "delete" && name !== "" && text === "") {
    unwrap(await client.removeTemplate(name));
  } else {
    throw usageError(`templates ${rest}`, TEMPLATES);
  }
}

/** Shows, stores and tries pieces of searches. */
export const TEMPLATES: Command = {
  usage: "templates [list | show NAME | add NAME TEXT | update NAME TEXT | " +
    "delete NAME | test QUERY]",
  help: "Shows, stores and tries templates for expand(…)",
  run: templates,
};
