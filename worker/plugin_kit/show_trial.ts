import type { CollectedScope } from "@skymap/lib/plugin_host";
import type { Findings } from "./find_faults.ts";
import type { Trial } from "./try_plugin.ts";

/** Resources of a scope that are named at most. */
const MAX_NAMES = 5;

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function scopeLine({ kind, region, nodes, edges, error }: CollectedScope) {
  const names = nodes.slice(0, MAX_NAMES)
    .map(({ id, reported }) => String(reported["name"] ?? id)).join(", ");
  const more = nodes.length > MAX_NAMES ? ", …" : "";
  const found = error === undefined
    ? count(nodes.length, "node")
    : `failed: ${error.code}`;
  return [
    `  ${region || "-"}`.padEnd(16),
    kind.padEnd(28),
    found.padEnd(10),
    edges.length > 0 ? `${count(edges.length, "edge")}  ` : "",
    names + more,
  ].join(" ").trimEnd();
}

/** What a plugin found, as lines: its accounts, and each scope of them. */
export function showGraph({ manifest, accounts, scopes }: Trial): string[] {
  const all = [...scopes.values()];
  const nodes = all.reduce((sum, each) => sum + each.nodes.length, 0);
  const edges = all.reduce((sum, each) => sum + each.edges.length, 0);
  return [
    `${manifest.name} ${manifest.version}: ${
      [
        count(accounts.accounts.length, "account"),
        count(all.length, "scope"),
        count(nodes, "node"),
        count(edges, "edge"),
      ].join(", ")
    }`,
    ...accounts.accounts.flatMap(({ id, name }) => [
      `account ${id}${name === undefined ? "" : ` (${name})`}`,
      ...all.filter(({ account }) => account === id).map(scopeLine),
    ]),
  ];
}

/** What was found wrong, or worth a look, as lines. */
export function showFindings({ faults, notes }: Findings): string[] {
  return [
    ...faults.map((fault) => `fault: ${fault}`),
    ...notes.map((note) => `note: ${note}`),
  ];
}
