import { type CollectContext, mapConcurrent } from "@skymap/lib/plugin";
import { unpackAccess } from "./account_credentials.ts";
import { RateGovernors } from "./rate_governor.ts";
import { AwsClient } from "./client.ts";
import { collectScope } from "./collect_scope.ts";
import { type ResourceDeclaration, sourceOf } from "./declaration.ts";
import { ACCOUNT_KIND, REGION_KIND } from "./kinds.ts";
import { HOME_REGIONS, partitionOf } from "./partitions.ts";
import { RegionFindings } from "./region_findings.ts";
import { REGION_NAMES } from "./region_names.ts";
import { listRegions } from "./regions.ts";
import type { AwsConfig } from "./settings.ts";
import { selectResources } from "./select_resources.ts";

type Context = CollectContext<AwsConfig>;

async function collectAccountNode({ account, scope }: Context): Promise<void> {
  const { partition, profile, role } = unpackAccess(account);
  await scope({ kind: ACCOUNT_KIND }, (found) =>
    found.node({
      id: account.id,
      reported: {
        name: account.name ?? account.id,
        arn: `arn:${partition}:iam::${account.id}:root`,
        partition,
        ...(role !== undefined && { role }),
        ...(profile !== undefined && { profile }),
      },
    }));
}

/** The regions of the account, each with its node. */
async function collectRegions(
  { account, config, issue, scope }: Context,
  client: AwsClient,
): Promise<string[]> {
  const { partition } = unpackAccess(account);
  const home = config.region[0] ??
    HOME_REGIONS.find((region) => partitionOf(region).id === partition) ??
    "us-east-1";
  let regions: string[] = [];
  let failure: unknown;
  await scope({ kind: REGION_KIND }, async (found) => {
    try {
      regions = await listRegions(client, home, config.region);
    } catch (error) {
      failure = error;
      throw error;
    }
    for (const id of regions) {
      const place = REGION_NAMES[id];
      await found.node({
        id,
        reported: {
          name: id,
          ...(place !== undefined && { long_name: place }),
        },
      });
    }
  });
  if (failure !== undefined) {
    // What is configured can be listed all the same; else nobody knows where.
    if (config.region.length > 0) return [...config.region];
    throw failure;
  }
  for (const region of config.region) {
    if (regions.includes(region)) continue;
    issue("warning", `Region "${region}" is not enabled for this account`, {
      account: account.id,
      region,
    });
  }
  return regions;
}

/** Lists every kind of every region, a bounded number side by side. */
async function collectResources(
  { account, config, progress, scope, signal }: Context,
  client: AwsClient,
  regions: readonly string[],
  resources: readonly ResourceDeclaration[],
): Promise<void> {
  const wanted = resources.flatMap(({ list }) => sourceOf(list) ?? []);
  const work = regions.flatMap((region) => {
    const findings = new RegionFindings(wanted);
    return resources.map((resource) => ({ region, resource, findings }));
  });
  let done = 0;
  await mapConcurrent(work, async ({ region, resource, findings }) => {
    const { kind } = resource;
    let failure: unknown = new Error(`Cannot list ${kind}: it was not tried`);
    try {
      await scope({ kind, region }, async (found) => {
        try {
          const tools = { client, config, findings, region };
          await collectScope(found, resource, tools);
          failure = undefined;
        } catch (error) {
          failure = error;
          throw error;
        }
      });
    } finally {
      // Always, or else whoever goes by this listing would wait for ever.
      findings.settle(kind, failure);
    }
    progress([account.id], ++done, work.length);
  }, { limit: config.resource_pool_size, signal });
}

/** Collects one account: its node, its regions and everything in them. */
export async function collectAccount(
  context: Context,
  resources: readonly ResourceDeclaration[],
): Promise<void> {
  const { account, config, signal } = context;
  using client = new AwsClient({
    credentials: unpackAccess(account).credentials,
    endpoint: config.endpoint,
    governors: new RateGovernors({
      byDefault: config.resource_pool_tasks_per_service_default,
      services: config.resource_pool_tasks_per_service,
    }),
    signal,
  });
  await collectAccountNode(context);
  const regions = await collectRegions(context, client);
  await collectResources(
    context,
    client,
    regions,
    selectResources(resources, config),
  );
}
