/**
 * Whether a value fits the type of its parameter.
 *
 * @module
 */

import { isDuration } from "@skymap/lib/duration";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { nearestNames } from "../model/nearest_names.ts";
import type { ParameterType } from "./command.ts";

/** Why a value does not fit. */
export interface ValueProblem {
  /** What it is, and what was wanted. */
  readonly problem: string;
  /** What may have been meant. */
  readonly suggestions: readonly string[];
}

/** The words that a type allows; undefined if it allows others. */
export function choicesOf(
  type: ParameterType | undefined,
): readonly string[] | undefined {
  if (type === "edge_type") return EDGE_TYPES;
  return typeof type === "object" ? type : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function wanted(type: ParameterType, value: string): string | undefined {
  switch (type) {
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value))
        ? undefined
        : "a number";
    case "duration":
      return isDuration(value) ? undefined : "a duration such as 10s or 3d";
    case "time_zone":
      return isTimeZone(value)
        ? undefined
        : 'the name of a time zone such as "Europe/Berlin"';
    case "json":
      return isJson(value) ? undefined : "JSON";
    case "assignment":
      return /^(?:`[^`]*`|[^\s=`])+=/.test(value) ? undefined : "name=value";
    default:
      return undefined;
  }
}

/** Why a value does not fit its type; undefined if it does. */
export function checkValue(
  type: ParameterType,
  value: string,
): ValueProblem | undefined {
  const shown = JSON.stringify(value);
  const choices = choicesOf(type);
  if (choices !== undefined) {
    if (choices.includes(value)) return;
    return {
      problem: `it is ${shown}, wanted ${choices.join(", ")}`,
      suggestions: nearestNames(value, choices),
    };
  }
  const form = wanted(type, value);
  return form === undefined
    ? undefined
    : { problem: `it is ${shown}, wanted ${form}`, suggestions: [] };
}
