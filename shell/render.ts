/**
 * Records as text: one line each.
 *
 * @module
 */

import type { CoverageJson, NodeJson, SearchRecord } from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";
import { isObject } from "@skymap/lib/json";

/** Whether a record is a node. */
export function isNode(record: SearchRecord): record is NodeJson {
  return record["type" as keyof SearchRecord] === "node";
}

/** Whether a record says how complete the answer is. */
export function isCoverage(record: SearchRecord): record is CoverageJson {
  return record["type" as keyof SearchRecord] === "coverage";
}

/** How long ago an ISO time is, in two units, or undefined. */
function age(time: unknown, now: number): string | undefined {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : formatDuration(now - at, 2);
}

// deno-lint-ignore no-control-regex -- control characters are what it finds
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** A value as text; control characters of a name must not steer the terminal. */
function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replaceAll(
    CONTROL,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function pairs(entries: readonly (readonly [string, unknown])[]): string {
  return entries
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${plain(value)}`)
    .join(", ");
}

/** `kind=aws_ec2_volume, id=vol-1, name=data, age=5mo26d, cloud=aws, …` */
export function renderNode(node: NodeJson, now: number): string {
  const { reported, ancestors, stale } = node;
  return pairs([
    ["kind", reported["kind"]],
    ["id", reported["id"]],
    ["name", reported["name"]],
    ["age", age(reported["ctime"], now)],
    ["cloud", ancestors.cloud?.reported.name],
    ["account", ancestors.account?.reported.name],
    ["region", ancestors.region?.reported.name],
    ["zone", ancestors.zone?.reported.name],
    ["stale", stale?.reason],
  ]);
}

/** Any other record, such as a row of an aggregation: `region=eu, count=3`. */
export function renderRow(record: SearchRecord): string {
  return pairs(
    Object.entries(record).flatMap(([key, value]) =>
      key === "group" && isObject(value)
        ? Object.entries(value)
        : [[key, value]]
    ),
  );
}

/** How complete and old the answer is: `from 120 scopes, 2 not up to date`. */
export function renderCoverage(
  shown: number,
  coverage: CoverageJson,
  now: number,
): string {
  const { scopes, stale, oldest } = coverage;
  const since = age(oldest, now);
  return `${shown} ${shown === 1 ? "record" : "records"} from ${scopes} ` +
    `${scopes === 1 ? "scope" : "scopes"}` +
    (stale === 0 ? "" : `, ${stale} NOT UP TO DATE`) +
    (since === undefined ? "" : `, oldest ${since} ago`);
}
