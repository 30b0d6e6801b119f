import type { JsonObject } from "@skymap/lib/plugin";
import { ACCOUNT_CALLS, ALIASES_CALL } from "./account_facts.ts";
import { ORGANIZATION_CALLS } from "./collect_organization.ts";
import {
  actionOf,
  type CallName,
  callsOf,
  removalCallsOf,
  type ResourceDeclaration,
  taggingCallsOf,
} from "./declaration.ts";
import { ACCOUNT_KIND, ROOT_KIND } from "./kinds.ts";
import { ORGANIZATION_ACCOUNTS_CALL } from "./organization_accounts.ts";
import { REGIONS_CALL } from "./regions.ts";
import { isSelected, selectResources } from "./select_resources.ts";
import type { AwsConfig } from "./settings.ts";

/** What a policy is to allow beside reading. */
export interface PolicyOptions {
  /** Changing tags. Default: false. */
  readonly tag?: boolean;
  /** Deleting what is cleaned up. Default: false. */
  readonly cleanup?: boolean;
}

/** The parts of the configuration that a policy follows from. */
export type PolicyConfig = Pick<
  AwsConfig,
  | "collect"
  | "collect_instance_user_data"
  | "no_collect"
  | "role"
  | "scrape_org"
>;

function actionsOf(calls: readonly CallName[]): string[] {
  return [...new Set(calls.map(actionOf))].sort();
}

function readCalls(
  resources: readonly ResourceDeclaration[],
  config: PolicyConfig,
): CallName[] {
  return [
    REGIONS_CALL,
    ALIASES_CALL,
    ...(isSelected(ACCOUNT_KIND, config) ? ACCOUNT_CALLS : []),
    ...(isSelected(ROOT_KIND, config) ? ORGANIZATION_CALLS : []),
    ...resources.flatMap((resource) =>
      callsOf({
        ...resource,
        details: (resource.details ?? []).filter(({ option }) =>
          option === undefined || config[option]
        ),
      })
    ),
  ];
}

/**
 * The least IAM policy for what the configuration wants: each action once, the
 * ones that read before those that change something.
 */
export function policyOf(
  resources: readonly ResourceDeclaration[],
  config: PolicyConfig,
  { tag = false, cleanup = false }: PolicyOptions = {},
): { readonly Version: string; readonly Statement: readonly JsonObject[] } {
  const selected = selectResources(resources, config);
  const parts: readonly (readonly [sid: string, actions: string[]])[] = [
    ["SkymapRead", actionsOf(readCalls(selected, config))],
    ["SkymapTag", tag ? actionsOf(selected.flatMap(taggingCallsOf)) : []],
    [
      "SkymapCleanup",
      cleanup ? actionsOf(selected.flatMap(removalCallsOf)) : [],
    ],
    [
      "SkymapAccounts",
      config.scrape_org ? actionsOf([ORGANIZATION_ACCOUNTS_CALL]) : [],
    ],
  ];
  const said = new Set<string>();
  const statements: JsonObject[] = [];
  for (const [sid, actions] of parts) {
    const fresh = actions.filter((action) => !said.has(action));
    for (const action of fresh) said.add(action);
    if (fresh.length === 0) continue;
    statements.push({
      Sid: sid,
      Effect: "Allow",
      Action: fresh,
      Resource: "*",
    });
  }
  if (config.role !== undefined) {
    statements.push({
      Sid: "SkymapRole",
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: `arn:*:iam::*:role/${config.role}`,
    });
  }
  return { Version: "2012-10-17", Statement: statements };
}
