/**
 * Words and operators of the search language.
 *
 * @module
 */

import type { AggregateName, FunctionName, Operator } from "./ast.ts";

/** Operators as they are written, and what they are called in the tree. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  "<=": "<=",
  ">=": ">=",
  "<": "<",
  ">": ">",
  "==": "==",
  "!=": "!=",
  "=~": "=~",
  "!~": "!~",
  "=": "==",
  "~": "=~",
  in: "in",
  "not in": "not in",
};

/** Functions of a property. */
export const FUNCTION_NAMES: readonly FunctionName[] = [
  "in_subnet",
  "has_desired_change",
  "has_key",
];

/** Functions over a group. */
export const AGGREGATE_NAMES: readonly AggregateName[] = [
  "sum",
  "count",
  "min",
  "max",
  "avg",
  "stddev",
  "variance",
];

/** A key that needs no backticks. */
export const PLAIN_KEY: RegExp =
  /^[A-Za-z_](?:[A-Za-z0-9_]|-+(?=[A-Za-z0-9_]))*$/;
