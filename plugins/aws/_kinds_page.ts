/**
 * The reference of all kinds, as it stands in `docs/aws-kinds.md`.
 *
 * @module
 */

import { ACCOUNT_CALLS } from "./account_facts.ts";
import { ORGANIZATION_CALLS } from "./collect_organization.ts";
import {
  type CallName,
  callsOf,
  type ResourceDeclaration,
} from "./declaration.ts";
import { ACCOUNT_KIND, REGION_KIND, ROOT_KIND, UNIT_KIND } from "./kinds.ts";
import { REGIONS_CALL } from "./regions.ts";
import { RESOURCES } from "./resources/mod.ts";

/** A row: what a kind is, how it is found, and what can be done to it. */
interface Row {
  readonly kind: string;
  readonly description: string;
  readonly calls: readonly CallName[];
  readonly place: string;
  readonly operations: readonly string[];
}

/** Kinds that no declaration stands for. */
const CONTAINERS: readonly Row[] = [
  {
    kind: ACCOUNT_KIND,
    description: "An account",
    calls: ACCOUNT_CALLS,
    place: "account",
    operations: [],
  },
  {
    kind: REGION_KIND,
    description: "A region that is enabled for the account",
    calls: [REGIONS_CALL],
    place: "account",
    operations: [],
  },
  {
    kind: ROOT_KIND,
    description: "The root of an organisation",
    calls: ORGANIZATION_CALLS,
    place: "account",
    operations: [],
  },
  {
    kind: UNIT_KIND,
    description: "A unit of an organisation",
    calls: ORGANIZATION_CALLS,
    place: "account",
    operations: [],
  },
];

function rowOf(resource: ResourceDeclaration): Row {
  const { description, detach, kind, place, remove, tagging } = resource;
  return {
    kind,
    description,
    calls: callsOf(resource),
    place: place === "global" ? "account" : "region",
    operations: [
      ...tagging === undefined ? [] : ["tag"],
      ...remove === undefined ? [] : ["delete"],
      ...detach === undefined ? [] : ["detach"],
    ],
  };
}

/** Calls by service: `ec2: DescribeVolumes, DescribeVpcs`. */
function callsText(calls: readonly CallName[]): string {
  const services = Map.groupBy(calls, ({ service }) => service);
  return [...services].map(([service, some]) => {
    const names = new Set(some.map(({ operation }) => `\`${operation}\``));
    return `${service}: ${[...names].join(", ")}`;
  }).join("; ") || "–";
}

function rowText({ calls, description, kind, operations, place }: Row): string {
  const cells = [
    `\`${kind}\``,
    description,
    place,
    callsText(calls),
    operations.join(", ") || "–",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The page, not yet formatted. */
export function kindsPage(): string {
  const rows = [...CONTAINERS, ...RESOURCES.map(rowOf)]
    .sort((one, other) => one.kind < other.kind ? -1 : 1);
  return [
    "# Kinds of AWS",
    "",
    "What the plugin `aws` collects ([how](aws.md)), written by",
    "`UPDATE_GOLDEN=1 deno task test plugins/aws/docs_test.ts`.",
    "",
    `${rows.length} kinds. *of* says whether each region has its own or the account`,
    "has them as a whole; *can* says what can be done to them beside reading:",
    "`tag`, `delete`, and `detach`, which takes away what they say of others where",
    "resources name each other in a circle.",
    "",
    "| kind | is | of | calls | can |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(rowText),
    "",
  ].join("\n");
}
