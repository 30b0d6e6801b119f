import type { TaskResource } from "@skymap/lib/plugin";
import type { ResourceDeclaration, Target } from "../declaration.ts";
import { PARTITIONS } from "../partitions.ts";
import type { WorkTools } from "./work_tools.ts";

/** A resource as the calls of its kind want to know it. */
export function targetOf(
  { id, region, reported }: TaskResource,
  { place }: Pick<ResourceDeclaration, "place">,
  { account }: Pick<WorkTools, "account">,
): Target {
  const { partition } = account;
  const home = PARTITIONS.find((each) => each.id === partition)?.home;
  return {
    id,
    region: place === "global" ? home ?? "us-east-1" : region,
    account: account.id,
    partition,
    reported,
  };
}
