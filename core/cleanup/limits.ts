/**
 * How much one plan may delete.
 *
 * @module
 */

import type { CleanupConfig, CleanupLimit } from "../config/cleanup_section.ts";
import type { LiveCount } from "../index/marked_nodes.ts";
import type { PlanItem } from "./plan.ts";

/** The limits of a configuration. */
export type Limits = Pick<CleanupConfig, CleanupLimit | "share_from">;

/** A limit that a plan crosses. */
export interface CrossedLimit {
  /** Its name. */
  readonly limit: CleanupLimit;
  /** What it is about: a kind or an account; empty for the whole plan. */
  readonly subject: string;
  /** How much the plan deletes: a number, or a share from 0 to 1. */
  readonly value: number;
  /** How much it may. */
  readonly allowed: number;
  /** The same as a sentence without its end. */
  readonly message: string;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

function add(counts: Map<string, number>, key: string, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/**
 * The limits that a plan crosses. A share counts only from so many resources on:
 * of three volumes two may well be too many.
 *
 * @param isCounted Whether nodes of a kind are resources, in the eyes of shares.
 */
export function crossedLimits(
  items: readonly Pick<PlanItem, "action" | "node">[],
  live: readonly LiveCount[],
  limits: Limits,
  isCounted: (kind: string) => boolean,
): readonly CrossedLimit[] {
  const kinds = new Map<string, number>();
  const accounts = new Map<string, number>();
  const names = new Map<string, string>();
  let all = 0;
  for (const { action, node } of items) {
    if (action !== "delete") continue;
    const account = JSON.stringify([node.cloud, node.account]);
    all++;
    add(kinds, node.kind);
    add(accounts, account);
    names.set(account, `account ${node.account} of ${node.cloud}`);
  }
  const there = new Map<string, number>();
  const inAccounts = new Map<string, number>();
  let total = 0;
  for (const { cloud, account, kind, count } of live) {
    if (!isCounted(kind)) continue;
    total += count;
    add(there, kind, count);
    add(inAccounts, JSON.stringify([cloud, account]), count);
  }
  const crossed: CrossedLimit[] = [];
  const look = (
    suffix: "" | "_per_kind" | "_per_account",
    subject: string,
    count: number,
    whole: number,
  ) => {
    const about = subject === "" ? "" : ` of ${subject}`;
    const most = limits[`max_count${suffix}`];
    if (count > most) {
      crossed.push({
        limit: `max_count${suffix}`,
        subject,
        value: count,
        allowed: most,
        message: `it deletes ${count} resources${about}, ` +
          `max_count${suffix} is ${most}`,
      });
    }
    const share = whole === 0 ? 1 : count / whole;
    const largest = limits[`max_share${suffix}`];
    if (count <= limits.share_from || share <= largest) return;
    crossed.push({
      limit: `max_share${suffix}`,
      subject,
      value: share,
      allowed: largest,
      message:
        `it deletes ${percent(share)} of the ${whole} resources${about}` +
        `, max_share${suffix} is ${percent(largest)}`,
    });
  };
  look("", "", all, total);
  for (const [kind, count] of [...kinds].sort()) {
    look("_per_kind", kind, count, there.get(kind) ?? 0);
  }
  for (const [account, count] of [...accounts].sort()) {
    const name = names.get(account) ?? account;
    look("_per_account", name, count, inAccounts.get(account) ?? 0);
  }
  return crossed;
}
