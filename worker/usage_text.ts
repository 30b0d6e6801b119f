import type { JsonObject } from "@skymap/lib/json";
import type { CollectOutcome } from "./plugin/host.ts";
import type { ScopeReport, UsageReport } from "./plugin/usage_tally.ts";

function scopeText({ kind, region, seconds, usage }: ScopeReport): string {
  const where = region === "" ? kind : `${kind} in ${region}`;
  const calls = usage === undefined ? "" : `, ${usage.calls} calls`;
  return `${where} (${seconds} s${calls})`;
}

/** What an account took, in a few words. */
export function usageText(
  { seconds, scopes, usage, slowest }: UsageReport,
): string {
  const parts = [`${seconds} s`, `${scopes} scopes`];
  if (usage !== undefined) {
    const { calls, throttles, bytes, waited_ms } = usage;
    parts.push(
      `${calls} calls`,
      `${throttles} throttled`,
      `${(bytes / 1e6).toFixed(1)} MB`,
      `waited ${(waited_ms / 1_000).toFixed(1)} s`,
    );
  }
  return parts.join(", ") +
    (slowest.length === 0
      ? ""
      : `; slowest ${slowest.map(scopeText).join(", ")}`);
}

/** The same for programs, with what was found. */
export function usageDetails(
  { nodes, failedScopes, usage: report }: CollectOutcome,
): JsonObject {
  const { seconds, scopes, usage, slowest } = report;
  return {
    nodes,
    scopes,
    failed_scopes: failedScopes,
    seconds,
    ...(usage !== undefined && { ...usage }),
    slowest: slowest.map((
      { kind, region, seconds, usage },
    ) => ({ kind, region, seconds, ...usage })),
  };
}
