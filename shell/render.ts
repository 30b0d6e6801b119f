/**
 * Records as text: one line each.
 *
 * @module
 */

import type {
  ChangeJson,
  CoverageJson,
  NodeJson,
  SearchRecord,
} from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";
import { isObject, type Json } from "@skymap/lib/json";

/** Whether a record is a node. */
export function isNode(record: SearchRecord): record is NodeJson {
  return record["type" as keyof SearchRecord] === "node";
}

/** Whether a record says how complete the answer is. */
export function isCoverage(
  record: SearchRecord | ChangeJson,
): record is CoverageJson {
  return "type" in record && record.type === "coverage";
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

/** What a plugin's command printed: a text as it is, but for what steers terminals. */
export function renderValue(value: Json): string {
  return typeof value === "string"
    ? value.split("\n").map(plain).join("\n")
    : plain(value);
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

/** `node_updated aws_ec2_volume vol-1 …`, or the ends of an edge. */
export function renderChange(change: ChangeJson): string {
  const { changed_at, run } = change;
  const facts: readonly (readonly [string, unknown])[] = change.type === "edge"
    ? [
      ["from", change.from],
      ["to", change.to],
      ["edge_type", change.edge_type],
    ]
    : [
      ["kind", change.reported["kind"]],
      ["id", change.reported["id"]],
      ["name", change.reported["name"]],
      ["account", change.ancestors.account?.reported.name],
      ["region", change.ancestors.region?.reported.name],
      ["changed", change.changed?.join(" ")],
    ];
  return `${changed_at} ${change.change} ${pairs([...facts, ["run", run]])}`;
}

/** How much of an answer was printed. */
export interface Shown {
  /** Records; undefined when they were not counted. */
  readonly shown?: number;
  /** Records that there are without the limit, if they were counted. */
  readonly total?: number;
}

/** Scopes that are named at most. */
const NAMED = 3;

function records({ shown, total }: Shown): string {
  if (shown === undefined) return "Answered";
  return (total === undefined ? `${shown}` : `${shown} of ${total}`) +
    ((total ?? shown) === 1 ? " record" : " records");
}

/**
 * How complete and old the answer is: `5 records from 120 scopes, 2 NOT UP TO
 * DATE`, then which of them and why.
 */
export function renderCoverage(
  printed: Shown,
  coverage: CoverageJson,
  now: number,
): readonly string[] {
  const { scopes, stale, failed, oldest, at, gaps, warnings } = coverage;
  const since = age(oldest, now);
  const named = coverage.problems.slice(0, NAMED);
  const more = coverage.problems_total - named.length;
  return [
    `${records(printed)} from ${scopes} ${scopes === 1 ? "scope" : "scopes"}` +
    (stale === 0 ? "" : `, ${stale} NOT UP TO DATE (${failed} failed)`) +
    (since === undefined ? "" : `, oldest ${since} ago`) +
    (at === undefined ? "" : `, as of ${at}`),
    ...named.map((problem) => {
      const { cloud, account, region, kind, status, reason } = problem;
      const place = [cloud, account, region, kind].filter(Boolean).join("/");
      const last = age(problem.since, now);
      return `  ${plain(place)}: ${status}` +
        (reason === status ? "" : `, ${plain(reason)}`) +
        (last === undefined ? ", never listed" : `, listed ${last} ago`);
    }),
    ...(named.length > 0 && more > 0
      ? [`  and ${more} more; "ledger failed" lists what failed`]
      : []),
    ...[...gaps, ...warnings].map((text) => `Warning: ${plain(text)}`),
  ];
}
