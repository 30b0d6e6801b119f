/**
 * A cleanup plan as a table that people read.
 *
 * @module
 */

import type { CleanupItemJson, CleanupPlanJson } from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";

/** What a report is made of. */
export interface CleanupReport extends CleanupPlanJson {
  /** The first steps of it. */
  readonly first_steps: readonly Pick<
    CleanupItemJson,
    "wave" | "action" | "kind" | "id" | "name" | "account" | "region"
  >[];
}

/** Groups that are shown one by one. */
const SHOWN_GROUPS = 30;

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`;
}

/** How long something has been there. */
function ago(time: string, nowMs: number): string {
  const ms = nowMs - Date.parse(time);
  return ms < 1_000 ? "now" : formatDuration(ms, 1);
}

/** Rows with their cells one below the other; numbers stand on the right. */
function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, at) =>
    Math.max(...all.map((row) => row[at]?.length ?? 0))
  );
  const isNumber = heads.map((_, at) =>
    rows.every((row) => /^[\d.]*$/.test(row[at] ?? ""))
  );
  return all.map((row) =>
    "  " +
    row.map((cell, at) =>
      isNumber[at] === true
        ? cell.padStart(widths[at] ?? 0)
        : cell.padEnd(widths[at] ?? 0)
    ).join("  ").trimEnd()
  );
}

function waveText({ waves, wave_steps }: CleanupPlanJson): string {
  if (waves < 2) return "in one wave";
  const more = waves > wave_steps.length ? ", …" : "";
  return `in ${waves} waves of ${wave_steps.join(", ")}${more} steps`;
}

function groupLines(plan: CleanupPlanJson, nowMs: number): string[] {
  const shown = plan.groups.slice(0, SHOWN_GROUPS);
  const rows = shown.map((group) => {
    const { deleted, blocked, kind, account, account_name, oldest, cost } =
      group;
    return [
      String(deleted),
      String(blocked),
      kind,
      account === account_name ? account : `${account} (${account_name})`,
      oldest === undefined ? "" : ago(oldest, nowMs),
      cost === undefined ? "" : String(Math.round(cost * 10_000) / 10_000),
    ];
  });
  const heads = ["deleted", "stay", "kind", "account", "oldest", "price"];
  const left = plan.groups.length - shown.length;
  return [
    ...table(heads, rows),
    ...(left > 0 ? [`  and ${count(left, "more group")}`] : []),
  ];
}

function progressLine({ progress, state, error }: CleanupPlanJson): string {
  const parts = Object.entries(progress).filter(([, number]) => number > 0)
    .map(([name, number]) => `${number} ${name}`);
  const why = error === undefined ? "" : `; ${error}`;
  return `${state}: ${parts.join(", ")}${why}`;
}

/** What a person does next. */
function nextLine(plan: CleanupPlanJson): string | undefined {
  const id = plan.id.slice(0, 8);
  if (plan.deletions === 0) return;
  const raise = plan.crossed.map(({ limit, value }) => {
    const wanted = limit.startsWith("max_share")
      ? Math.ceil(value * 1_000) / 1_000
      : value;
    return ` --raise ${limit}=${wanted}`;
  });
  const unique = [...new Set(raise)].join("");
  switch (plan.state) {
    case "planned":
    case "failed":
      return `Apply it: cleanup apply${unique} ${id}`;
    case "expired":
      return "It is too old: make another one by cleanup plan";
  }
}

/** The report as text. */
export function cleanupReportText(
  plan: CleanupReport,
  nowMs: number,
): string {
  const { id, graph, state, by, created_at, checked_at } = plan;
  const lines: string[] = [];
  const seen = checked_at === created_at
    ? ""
    : `, the same when looked at ${ago(checked_at, nowMs)} ago`;
  const age = ago(created_at, nowMs);
  lines.push(
    `Plan ${id} of graph ${graph}: ${state}`,
    `Made by ${by} ${age === "now" ? "now" : `${age} ago`}${seen}`,
  );
  if (plan.search !== undefined) {
    lines.push(`Only what matches: ${plan.search}`);
  }
  lines.push("");
  if (plan.deletions + plan.blocked === 0) {
    lines.push("Nothing is marked to be cleaned up");
  } else {
    lines.push(
      plan.deletions === 0
        ? "Nothing can be deleted"
        : `${count(plan.deletions, "resource")} to delete, ${waveText(plan)}` +
          (plan.detachments === 0
            ? ""
            : `; ${plan.detachments} of them are detached first`),
      "",
      ...groupLines(plan, nowMs),
    );
  }
  if (plan.first_steps.length > 0) {
    lines.push("", "First steps");
    for (const step of plan.first_steps) {
      const { wave, action, kind, id, name, account, region } = step;
      const where = region === "" ? account : `${account}, ${region}`;
      const called = name === id ? "" : ` (${name})`;
      lines.push(`  ${wave}  ${action} ${kind} ${id}${called} in ${where}`);
    }
  }
  if (plan.blocked > 0) {
    lines.push("", `${count(plan.blocked, "marked resource")} to keep`);
    for (const { reason, count, example } of plan.reasons) {
      lines.push(`  ${count}  ${reason}: ${example}`);
    }
    lines.push(`  All of them: cleanup show --blocked ${id.slice(0, 8)}`);
  }
  if (plan.unseen !== undefined) {
    lines.push(
      "",
      "Taken as absent, for nobody lists them (unseen_kinds): " +
        plan.unseen.join(", "),
    );
  }
  if (plan.deleted_before > 0) {
    lines.push(
      "",
      `${count(plan.deleted_before, "marked resource")} deleted by earlier ` +
        "plans, and still listed",
    );
  }
  if (plan.crossed.length > 0) {
    lines.push("", "It crosses limits, and cannot be applied as it is");
    lines.push(...plan.crossed.map(({ message }) => `  ${message}`));
  }
  for (const { limit, value, by, at } of plan.raised) {
    lines.push("", `${limit} was raised to ${value} by ${by} at ${at}`);
  }
  if (plan.dry_run !== undefined) {
    const { by, at, would_be_done, problems } = plan.dry_run;
    lines.push(
      "",
      `Dry run by ${by} at ${at}: ${would_be_done} steps would be done, ` +
        `${problems} would not; NOTHING was deleted`,
    );
  }
  if (plan.started_at !== undefined || plan.error !== undefined) {
    lines.push("", progressLine(plan));
  }
  const next = nextLine(plan);
  if (next !== undefined) lines.push("", next);
  return lines.map((line) => `${line}\n`).join("");
}
