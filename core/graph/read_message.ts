/**
 * Lines of a merge stream as messages.
 *
 * @module
 */

import { messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import type { MergeMessage } from "@skymap/lib/plugin_host";
import { jsonFault } from "./json_fault.ts";

/** The error for a line that is no message. */
export function malformed(
  line: number,
  problem: string,
  details: Record<string, unknown> = {},
  cause?: unknown,
): SkymapError {
  return new SkymapError(
    "merge_malformed",
    `Cannot read line ${line} of the merge stream: ${problem}`,
    {
      details: { line, ...details },
      ...(cause !== undefined && { cause }),
    },
  );
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const filled: Check = (value) => typeof value === "string" && value !== "";
const scopeNumber: Check = (value) =>
  Number.isInteger(value) && (value as number) > 0;
const optional = (check: Check): Check => (value) =>
  value === undefined || check(value);
const failure: Check = (value) =>
  isObject(value) && text(value.code) && text(value.message) &&
  optional(text)(value.permission);
const amount: Check = (value) =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const usage: Check = (value) =>
  isObject(value) && amount(value.calls) && amount(value.throttles) &&
  amount(value.bytes) && amount(value.waited_ms);
const selector: Check = (value) =>
  isObject(value) && (filled(value.node_id) || filled(value.search));

/** What each type of message must hold. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  node: {
    scope: scopeNumber,
    id: filled,
    zone: optional(text),
    reported: isObject,
  },
  edge: {
    scope: scopeNumber,
    from: text,
    to: text,
    edge_type: optional(text),
    reported: optional(isObject),
  },
  deferred_edge: {
    scope: scopeNumber,
    from: selector,
    to: selector,
    edge_type: optional(text),
  },
  accounts: {
    cloud: filled,
    accounts: (value) => Array.isArray(value) && value.every(text),
  },
  account_failed: { cloud: filled, account: filled, error: failure },
  progress: {
    path: Array.isArray,
    current: Number.isFinite,
    total: Number.isFinite,
  },
  issue: { level: text, message: text },
  end: {
    collected: optional((value) =>
      isObject(value) && filled(value.cloud) && filled(value.account)
    ),
  },
};

/** What a message about a scope must hold. */
const SCOPE_SHAPES: typeof SHAPES = {
  open: {
    scope: scopeNumber,
    cloud: filled,
    account: filled,
    region: text,
    kind: filled,
    account_name: optional(text),
    region_name: optional(text),
  },
  complete: { scope: scopeNumber, usage: optional(usage) },
  failed: { scope: scopeNumber, error: failure, usage: optional(usage) },
};

/** What is read of a value that may be anything. */
function show(value: unknown): string {
  const json = JSON.stringify(value) ?? "missing";
  return json.length <= 60 ? json : `${json.slice(0, 59)}…`;
}

/**
 * Reads a line.
 *
 * @throws SkymapError `merge_malformed` with line and column.
 */
export function readMessage(line: string, number: number): MergeMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const column = jsonFault(line) + 1;
    throw malformed(
      number,
      `column ${column} is not JSON (${messageOf(cause)})`,
      { column },
      cause,
    );
  }
  if (!isObject(value)) {
    throw malformed(number, `it is ${show(value)}, expected an object`);
  }
  const { type } = value;
  const shape = type === "scope"
    ? SCOPE_SHAPES[String(value.state)]
    : SHAPES[String(type)];
  if (shape === undefined) {
    throw malformed(
      number,
      type === "scope"
        ? `its "state" is ${
          show(value.state)
        }, expected open, complete or failed`
        : `its "type" is ${
          show(type)
        }, expected scope, node, edge, deferred_edge, accounts, account_failed, progress, issue or end`,
    );
  }
  for (const key in shape) {
    if (shape[key]?.(value[key]) === false) {
      throw malformed(
        number,
        `the "${key}" of its "${type}" message is ${show(value[key])}`,
        { property: key },
      );
    }
  }
  // Checked above, property by property.
  return value as unknown as MergeMessage;
}
