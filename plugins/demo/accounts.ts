import type { Account } from "@skymap/lib/plugin";
import { hash } from "./random.ts";
import type { DemoConfig } from "./settings.ts";

const NAMES = [
  "acme-production",
  "acme-staging",
  "acme-development",
  "acme-data",
  "acme-security",
  "acme-sandbox",
];

/** Twelve digits, as an account has in most clouds. */
function accountId(seed: number, index: number): string {
  const high = hash(seed, 11, index) % 1_000_000;
  const low = hash(seed, 12, index) % 1_000_000;
  return `${high}`.padStart(6, "0") + `${low}`.padStart(6, "0");
}

/** The accounts of the demo cloud. */
export function listAccounts({ seed, accounts }: DemoConfig): Account[] {
  const names = typeof accounts === "number"
    ? Array.from(
      { length: accounts },
      (_, index) => NAMES[index] ?? `acme-team-${index - NAMES.length + 1}`,
    )
    : accounts;
  return names.map((name, index) => ({ id: accountId(seed, index), name }));
}
