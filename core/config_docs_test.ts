import { deepStrictEqual, ok } from "node:assert/strict";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import {
  type ConfigSchema,
  dereference,
  isSection,
} from "./config/config_schema.ts";
import { knownDocuments } from "./config/known_documents.ts";
import { limitsText } from "./config/print_document.ts";

const DOCS = new URL("../docs/configuration.md", import.meta.url);

function typeText(schema: ConfigSchema): string {
  const { type, items, anyOf, additionalProperties } = schema;
  if (anyOf !== undefined) return anyOf.map(typeText).join(" or ");
  if (type === "array") {
    return `list of ${
      typeof items === "object" ? typeText(items) : "anything"
    }`;
  }
  if (type === "object") {
    return typeof additionalProperties === "object" ? "by name" : "properties";
  }
  return { string: "text", integer: "whole number", boolean: "true or false" }[
    String(type)
  ] ?? String(type);
}

/** A row for each property of a schema, sections by their paths. */
function rows(
  schema: ConfigSchema,
  root: ConfigSchema,
  path: string,
): readonly string[] {
  const inner = schema.type === "array" && typeof schema.items === "object"
    ? [[`${path}[]`, dereference(schema.items, root)] as const]
    : typeof schema.additionalProperties === "object"
    ? [
      [`${path}.NAME`, dereference(schema.additionalProperties, root)] as const,
    ]
    : [];
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
      const found = dereference(each, root);
      const place = path === "" ? name : `${path}.${name}`;
      return [
        ...(isSection(found) ? [] : [row(place, found)]),
        ...rows(found, root, place),
      ];
    }),
    ...inner.filter(([, each]) => each.properties !== undefined)
      .flatMap(([place, each]) => rows(each, root, place)),
  ];
}

function row(path: string, schema: ConfigSchema): string {
  const { description = "", default: value } = schema;
  const limits = limitsText(schema);
  const type = limits === "" || schema.enum !== undefined
    ? typeText(schema)
    : `${typeText(schema)}, ${limits}`;
  const choices = schema.enum === undefined ? "" : ` (${limits})`;
  const shown = value === undefined ? "" : `\`${JSON.stringify(value)}\``;
  const cells = [`\`${path}\``, type, shown, `${description}${choices}`];
  return `|${cells.map((cell) => cell.replaceAll("|", "\\|")).join("|")}|`;
}

function cells(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) =>
      line.split(/(?<!\\)\|/).map((cell) => cell.trim()).join("|")
    );
}

Deno.test("docs/configuration.md has every property of every document", async () => {
  const text = await Deno.readTextFile(DOCS);
  const sections = new Map(
    text.split(/^## /m).slice(1).map((section) => {
      const [title = ""] = section.split("\n");
      return [title.replaceAll("`", ""), section];
    }),
  );
  const documents = knownDocuments({
    workflows: BUILTIN_WORKFLOWS,
    scheduleProblem: () => undefined,
    plugins: () => [],
  });
  for (const rules of documents) {
    const section = sections.get(rules.id);
    ok(section !== undefined, `a section on ${rules.id}`);
    const schema = rules.schema();
    deepStrictEqual(cells(section), rows(schema, schema, ""), rules.id);
  }
});
