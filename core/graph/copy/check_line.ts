/**
 * Lines of an export, checked before anything is done with them.
 *
 * @module
 */

import type { ScopeStatus } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import { isSnapshotLabel } from "../snapshots.ts";
import {
  GRAPH_LINES_VERSION,
  type GraphLine,
  OLDEST_GRAPH_LINES_VERSION,
} from "./graph_lines.ts";

/** The error for what cannot be imported. */
export function importFault(problem: string, cause?: unknown): SkymapError {
  return new SkymapError("body_invalid", `Cannot import graph: ${problem}`, {
    ...(cause !== undefined && { cause }),
  });
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const whole: Check = (value) => Number.isSafeInteger(value);
const scope: Check = (value) =>
  Array.isArray(value) && value.length === 4 && value.every(text);
const time: Check = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) &&
  !Number.isNaN(Date.parse(value));
const label: Check = (value) =>
  typeof value === "string" && isSnapshotLabel(value);

function optional(check: Check): Check {
  return (value) => value === undefined || value === null || check(value);
}

function shape(checks: Readonly<Record<string, Check>>): Check {
  return (value) =>
    isObject(value) &&
    Object.entries(checks).every(([name, check]) => check(value[name]));
}

const STATUSES: readonly unknown[] = [
  "complete",
  "failed",
  "unmentioned",
  "gone",
] satisfies readonly ScopeStatus[];

/** A row of the ledger, without its id. */
const ledgerRow = shape({
  sid: (value) => whole(value) && Number(value) > 0,
  account_name: optional(text),
  region_name: optional(text),
  status: (value) => STATUSES.includes(value),
  error: optional(shape({ code: text, message: text })),
  since: time,
  last_attempt: time,
  last_success: optional(time),
  count: whole,
  duration_ms: optional((value) => typeof value === "number"),
  edges: text,
});

const count: Check = (value) => whole(value) && Number(value) >= 0;

const texts: Check = (value) => Array.isArray(value) && value.every(text);

/** A row of a time series, without its id. */
const series = shape({
  labels: texts,
  oldest: whole,
  newest: whole,
  points: count,
  values: count,
  runs: texts,
  search: optional(text),
  search_since: optional(whole),
});

/** A row of a point of a time series, without its id. */
const seriesPoint = shape({
  at: whole,
  span: count,
  snapshots: (value) => count(value) && value !== 0,
  function: optional(text),
  labels: texts,
  groups: count,
  blocks: count,
  bytes: count,
  coverage: shape({
    at: whole,
    scopes: count,
    complete: count,
    stale: count,
    failed: count,
    gaps: count,
    named_gaps: texts,
    sequence: count,
  }),
  incomplete: count,
});

const deferredEdge = shape({ from: isObject, to: isObject, type: text });

/** JSON of deferred edges. */
const deferredEdges: Check = (value) => {
  if (typeof value !== "string") return false;
  try {
    const edges: unknown = JSON.parse(value);
    return Array.isArray(edges) && edges.every(deferredEdge);
  } catch {
    return false;
  }
};

/** What each type of line must hold. */
const SHAPES: Readonly<Record<GraphLine["type"], Record<string, Check>>> = {
  skymap_graph: {
    version: whole,
    graph: text,
    created_at: time,
    sequence: whole,
    commit: whole,
    nodes: whole,
    edges: whole,
  },
  kinds: { plugin: text, version: text, model: isObject },
  scope: { scope, state: ledgerRow },
  deferred_edges: {
    id: text,
    row: shape({ scope, run: optional(text), edges: deferredEdges }),
  },
  snapshot: { label, sequence: whole, at: time, created_at: time },
  pruned: {
    sequence: whole,
    at: time,
    held: (value) => Array.isArray(value) && value.every(whole),
    done: (value) => typeof value === "boolean",
    pruned_at: time,
  },
  timeseries: { name: text, row: series },
  timeseries_point: {
    name: text,
    at: whole,
    row: seriesPoint,
    blocks: (value) =>
      Array.isArray(value) &&
      value.every((each) =>
        text(each) && /^[A-Za-z0-9+/]*={0,2}$/.test(String(each))
      ),
  },
  history: {
    first: whole,
    last: whole,
    valid: whole,
    commit: whole,
    at: time,
    text,
  },
  end: { lines: whole, sha256: text },
};

function isLineType(value: unknown): value is GraphLine["type"] {
  return typeof value === "string" && Object.hasOwn(SHAPES, value);
}

function isReadable(version: unknown): boolean {
  return typeof version === "number" && Number.isInteger(version) &&
    version >= OLDEST_GRAPH_LINES_VERSION && version <= GRAPH_LINES_VERSION;
}

/**
 * Reads a line; the first has to be a head.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function checkLine(json: string, number: number): GraphLine {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw importFault(
      `line ${number} is not JSON (${messageOf(cause)})`,
      cause,
    );
  }
  const type = isObject(value) ? value.type : undefined;
  if (!isObject(value) || !isLineType(type)) {
    throw importFault(
      number === 1
        ? "it does not begin as an export of a graph does"
        : `line ${number} is none of an export`,
    );
  }
  if ((number === 1) !== (type === "skymap_graph")) {
    throw importFault(
      number === 1
        ? `it begins with "${type}", wanted the head of an export`
        : `line ${number} is a second head`,
    );
  }
  if (type === "skymap_graph" && !isReadable(value.version)) {
    throw importFault(
      `it has version ${JSON.stringify(value.version)}, this version of ` +
        `Skymap reads ${OLDEST_GRAPH_LINES_VERSION} to ${GRAPH_LINES_VERSION}`,
    );
  }
  for (const [name, check] of Object.entries(SHAPES[type])) {
    if (!check(value[name])) {
      throw importFault(`"${name}" of line ${number} is not what it should be`);
    }
  }
  // Checked above, property by property.
  return value as unknown as GraphLine;
}
