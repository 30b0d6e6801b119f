/**
 * Whether a template can become a search.
 *
 * @module
 */

import type { Json, JsonObject } from "@skymap/lib/json";
import { messageOf } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import { isSearch, parseQuery } from "../query/parse.ts";
import { suggestionText } from "../query/syntax_error.ts";
import {
  callStarts,
  expandCall,
  type TemplateLookup,
} from "./template_expand.ts";
import {
  parseTemplate,
  type TemplateNode,
  templateParameters,
  TemplateProblem,
} from "./template_text.ts";

const NAME = /\s*([A-Za-z0-9_][\w-]*)/y;

/** Where a piece of a search may stand; a template need not be a whole one. */
const PLACES: readonly (readonly [string, string])[] = [
  ["", ""],
  ["all ", ""],
  ["a = ", ""],
  ["a ", " 1"],
  ["is(", ")"],
  ["", " = 1"],
  ["all -", "->"],
  ["aggregate(", "): all"],
];

/** What a parameter may be; nothing when it is not given. */
const SAMPLES: readonly (Json | undefined)[] = [
  "x",
  1,
  ["x"],
  "1d",
  undefined,
  "asc",
  "delete",
  ">",
  true,
];

/** Fillings that are tried; with more of them nothing is said. */
const MAX_TRIES = 1_000;
/** Characters that are parsed for it. */
const MAX_PARSED = 2_000_000;

/** Names of the templates that a template uses. */
function usedTemplates(template: string): readonly string[] {
  const names: string[] = [];
  for (const { open } of callStarts(template)) {
    NAME.lastIndex = open;
    const name = NAME.exec(template)?.[1];
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** Whether a template uses another. */
export function usesTemplate(template: string, name: string): boolean {
  return usedTemplates(template).includes(name);
}

/** What is wrong with a template that is to be stored, or undefined. */
export function checkTemplate(
  name: string,
  template: string,
  others: TemplateLookup,
  nowMs: number,
): string | undefined {
  const templates: TemplateLookup = {
    text: (other) => other === name ? template : others.text(other),
    names: () => [...new Set([...others.names(), name])],
  };
  try {
    const nodes = parseTemplate(template);
    return usageProblem(name, templates, []) ??
      searchProblem(name, nodes, templates, nowMs);
  } catch (thrown) {
    if (thrown instanceof TemplateProblem) return thrown.message;
    throw thrown;
  }
}

function usageProblem(
  name: string,
  templates: TemplateLookup,
  outer: readonly string[],
): string | undefined {
  const chain = [...outer, name];
  if (outer.includes(name)) return `it expands itself (${chain.join(" → ")})`;
  const template = templates.text(name);
  if (template === undefined) {
    return `it expands "${name}", and there is no such template${
      suggestionText(nearestNames(name, templates.names()))
    }`;
  }
  for (const used of usedTemplates(template)) {
    const problem = usageProblem(used, templates, chain);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Tries the template with all sorts of values. */
function searchProblem(
  name: string,
  nodes: readonly TemplateNode[],
  templates: TemplateLookup,
  nowMs: number,
): string | undefined {
  const parameters = templateParameters(nodes);
  const choices = parameters.map((parameter) => samplesFor(parameter, nodes));
  let reason: string | undefined;
  let tries = 0;
  let parsed = 0;
  for (const values of fillings(parameters, choices)) {
    if (++tries > MAX_TRIES || parsed > MAX_PARSED) return undefined;
    let text: string;
    try {
      text = expandCall({ name, values }, { templates, nowMs });
    } catch (thrown) {
      if (!(thrown instanceof TemplateProblem)) throw thrown;
      reason ??= thrown.message;
      continue;
    }
    parsed += text.length * PLACES.length;
    if (PLACES.some(([before, after]) => isSearch(before + text + after))) {
      return undefined;
    }
    reason = tries === 1 ? reasonOf(text) : reason ?? reasonOf(text);
  }
  // What goes in as it is may be anything: no sample stands for all of it.
  return hasRaw(nodes) ? undefined : `no values make a search of it: ${reason}`;
}

function hasRaw(nodes: readonly TemplateNode[]): boolean {
  return nodes.some((node) =>
    node.type === "section"
      ? hasRaw(node.nodes)
      : node.type === "value" && node.isRaw
  );
}

function reasonOf(text: string): string {
  try {
    parseQuery(text);
  } catch (error) {
    return messageOf(error);
  }
  return text;
}

/** Values that a parameter may have, by how the template reads it. */
function samplesFor(
  parameter: string,
  nodes: readonly TemplateNode[],
): readonly (Json | undefined)[] {
  const steps = new Set<string>();
  collectSteps(parameter, nodes, steps);
  if (steps.has("from_now") || steps.has("ago")) return ["1d", undefined];
  if (steps.has("with_index")) return [["x"], undefined];
  if (steps.has("as_list")) return [{ x: "x" }, undefined];
  steps.delete("parens");
  if (steps.size === 0) return SAMPLES;
  return [Object.fromEntries([...steps].map((step) => [step, "x"])), undefined];
}

function collectSteps(
  parameter: string,
  nodes: readonly TemplateNode[],
  steps: Set<string>,
): void {
  for (const node of nodes) {
    if (node.type === "text") continue;
    const [first, second] = node.path;
    if (first === parameter && second !== undefined) steps.add(second);
    if (node.type === "section") collectSteps(parameter, node.nodes, steps);
  }
}

/** Every way to fill the parameters, all with the same sample first. */
function* fillings(
  names: readonly string[],
  choices: readonly (readonly (Json | undefined)[])[],
): Generator<JsonObject> {
  const widest = Math.max(1, ...choices.map((each) => each.length));
  for (let at = 0; at < widest; at++) {
    yield filled(names, choices.map((each) => each[at % each.length]));
  }
  const counts = choices.map(() => 0);
  for (;;) {
    yield filled(names, choices.map((each, at) => each[counts[at] ?? 0]));
    let at = 0;
    for (; at < counts.length; at++) {
      const next = (counts[at] ?? 0) + 1;
      if (next < (choices[at]?.length ?? 0)) {
        counts[at] = next;
        break;
      }
      counts[at] = 0;
    }
    if (at === counts.length) return;
  }
}

function filled(
  names: readonly string[],
  values: readonly (Json | undefined)[],
): JsonObject {
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const value = values[at];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
