/**
 * Variables that a line runs with: `graph=prod section=desired search …`.
 *
 * @module
 */

import { parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import type { EdgeType } from "@skymap/lib/plugin";
import { nearestNames } from "../model/nearest_names.ts";
import { normalizeDatetime } from "../model/coerce_value.ts";
import { checkValue } from "./check_value.ts";
import type { ParameterType } from "./command.ts";
import type { Environment } from "./line_context.ts";
import type { Assignment } from "./parse_lines.ts";
import { usageError } from "./usage_error.ts";
import { readWords } from "./words.ts";

/** A variable that lines know. */
export interface Variable {
  /** Its name. */
  readonly name: string;
  /** What it takes. */
  readonly type: ParameterType;
  /** What it is for: a sentence without its end. */
  readonly help: string;
  /** What counts when it is left out, for people. */
  readonly default?: string;
}

const FLAG = ["true", "false"] as const;

/** Every variable. */
export const VARIABLES: readonly Variable[] = [
  {
    name: "graph",
    type: "graph",
    help: "The graph that commands are about",
    default: "main",
  },
  {
    name: "section",
    type: "section",
    help: "The section in which paths begin, empty for the node itself",
    default: "reported",
  },
  {
    name: "at",
    type: "time",
    help: "Searches the past: a time, a duration ago or a snapshot",
    default: "now",
  },
  {
    name: "edge_type",
    type: "edge_type",
    help: "The edges that navigations walk which name none",
    default: "default",
  },
  {
    name: "search_timeout",
    type: "duration",
    help: "Stops a search after this time",
  },
  {
    name: "require_complete",
    type: FLAG,
    help: "Whether a search fails whose answer is not complete",
    default: "false",
  },
  {
    name: "count",
    type: FLAG,
    help: "Whether a search also counts what there is without its last limit",
    default: "false",
  },
  {
    name: "format",
    type: [
      "json",
      "ndjson",
      "yaml",
      "graphml",
      "dot",
      "cytoscape",
      "csv",
    ],
    help: "The form of an answer to which no command gives one",
    default: "a line for each element",
  },
  {
    name: "no_rewrite",
    type: FLAG,
    help: "Whether the end of the line stays as it was written",
    default: "false",
  },
  {
    name: "now",
    type: "time",
    help: "The time at which the line believes to run",
    default: "the clock of core",
  },
  {
    name: "time_zone",
    type: "time_zone",
    help: "The zone of @TODAY@ and its like",
    default: "UTC",
  },
];

const BY_NAME = new Map(VARIABLES.map((each) => [each.name, each]));

/** What is wrong with a variable, or undefined. */
function problemOf(
  name: string,
  value: string,
):
  | { readonly problem: string; readonly suggestions: readonly string[] }
  | void {
  const variable = BY_NAME.get(name);
  if (variable === undefined) {
    const known = VARIABLES.map((each) => each.name);
    return {
      problem: `there is no variable "${name}", wanted ${known.join(", ")}`,
      suggestions: nearestNames(name, known),
    };
  }
  if (name === "now" && timeOf(value) === undefined) {
    return {
      problem:
        `"now" is "${value}", wanted a time such as 2026-01-31T12:00:00Z`,
      suggestions: [],
    };
  }
  const found = checkValue(variable.type, value);
  if (found !== undefined) {
    return { ...found, problem: `"${name}": ${found.problem}` };
  }
  if (name === "search_timeout" && !isTimeout(parseDuration(value))) {
    return {
      problem: `"${name}": it is "${value}", wanted ${TIMEOUTS}`,
      suggestions: [],
    };
  }
}

/** Which time-outs searches take. */
export const TIMEOUTS: string = "more than 0s and at most 24d";

/** Whether a search can be stopped after so many milliseconds. */
export function isTimeout(milliseconds: number): boolean {
  return milliseconds > 0 && milliseconds < 2 ** 31;
}

function timeOf(text: string): number | undefined {
  const time = normalizeDatetime(text) ??
    normalizeDatetime(`${text}T00:00:00Z`);
  return time === undefined ? undefined : Date.parse(time);
}

/**
 * Checks variables that came beside the line.
 *
 * @throws {SkymapError} `usage`
 */
export function checkEnvironment(environment: Environment): void {
  for (const [name, value] of Object.entries(environment)) {
    const found = problemOf(name, value);
    if (found === undefined) continue;
    throw new SkymapError("usage", `Cannot read variables: ${found.problem}`, {
      details: { suggestions: found.suggestions },
    });
  }
}

/**
 * The variables of a line: those in front of it count more.
 *
 * @throws {SkymapError} `usage`, with the place.
 */
export function readEnvironment(
  assignments: readonly Assignment[],
  outer: Environment,
): Environment {
  const environment: Record<string, string> = { ...outer };
  for (const { name, value, place } of assignments) {
    const text = readWords(value.text)[0]?.value ?? "";
    const found = problemOf(name, text);
    if (found !== undefined) {
      throw usageError({
        tried: "Cannot read line",
        source: BY_NAME.has(name) ? value : place,
        offset: 0,
        ...found,
      });
    }
    environment[name] = text;
  }
  return environment;
}

/** What variables mean. */
export interface ReadVariables {
  readonly graph: string;
  readonly section: string;
  readonly edgeType: EdgeType;
  readonly timeZone: string;
  readonly requireComplete: boolean;
  readonly counts: boolean;
  readonly noRewrite: boolean;
  readonly at?: string;
  readonly format?: string;
  readonly timeoutMs?: number;
  readonly nowMs?: number;
}

/** What checked variables mean, with what counts when they are left out. */
export function meaningOf(environment: Environment): ReadVariables {
  const { graph = "main", section = "reported", time_zone = "UTC" } =
    environment;
  const { at, edge_type = "default", search_timeout, now, format } =
    environment;
  const is = (name: string) => environment[name] === "true";
  const nowMs = now === undefined ? undefined : timeOf(now);
  return {
    graph,
    section: section === "root" ? "" : section.replace(/^\//, ""),
    edgeType: edge_type as EdgeType,
    timeZone: time_zone,
    requireComplete: is("require_complete"),
    counts: is("count"),
    noRewrite: is("no_rewrite"),
    ...(at !== undefined && { at }),
    ...(format !== undefined && { format }),
    ...(search_timeout !== undefined && {
      timeoutMs: parseDuration(search_timeout),
    }),
    ...(nowMs !== undefined && { nowMs }),
  };
}
