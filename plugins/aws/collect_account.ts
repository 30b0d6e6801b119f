import { type CollectContext, mapConcurrent } from "@skymap/lib/plugin";
import { freshCredentials, unpackAccess } from "./account_credentials.ts";
import {
  accountFacts,
  type Organization,
  organizationOf,
} from "./account_facts.ts";
import type { AwsCallError } from "./aws_error.ts";
import { AwsClient } from "./client.ts";
import { collectOrganization } from "./collect_organization.ts";
import { beginListing, type BegunListing } from "./collect_scope.ts";
import { type ResourceDeclaration, sourceOf } from "./declaration.ts";
import { ACCOUNT_KIND, REGION_KIND, ROOT_KIND } from "./kinds.ts";
import { isNotOffered } from "./not_offered.ts";
import { homeOf } from "./partitions.ts";
import { RateGovernors } from "./rate_governor.ts";
import { RegionFindings } from "./region_findings.ts";
import { REGION_NAMES } from "./region_names.ts";
import { listRegions } from "./regions.ts";
import { isSelected, selectResources } from "./select_resources.ts";
import type { AwsConfig } from "./settings.ts";

type Context = CollectContext<AwsConfig>;

/** What the parts of one account's collect share. */
interface AccountTools {
  readonly client: AwsClient;
  /** Region for what the account has as a whole. */
  readonly home: string;
  readonly partition: string;
  /** The organisation it belongs to; asked for once. */
  readonly organization: () => Promise<Organization | undefined>;
}

async function collectAccountNode(
  { account, config, scope }: Context,
  { client, home, organization }: AccountTools,
): Promise<void> {
  const { partition, profile, role } = unpackAccess(account);
  const own = client.forKind(ACCOUNT_KIND);
  await scope({ kind: ACCOUNT_KIND }, async (found) => {
    try {
      const facts = isSelected(ACCOUNT_KIND, config)
        ? await accountFacts(own, home, account.id, await organization())
        : {};
      await found.node({
        id: account.id,
        reported: {
          name: account.name ?? account.id,
          arn: `arn:${partition}:iam::${account.id}:root`,
          partition,
          ...(role !== undefined && { role }),
          ...(profile !== undefined && { profile }),
          ...facts,
        },
      });
    } finally {
      found.usage(own.usage);
    }
  });
}

/** The regions of the account, each with its node. */
async function collectRegions(
  { account, config, issue, scope }: Context,
  { client, home }: AccountTools,
): Promise<string[]> {
  let regions: string[] = [];
  let failure: unknown;
  const own = client.forKind(REGION_KIND);
  await scope({ kind: REGION_KIND }, async (found) => {
    try {
      regions = await listRegions(
        own,
        config.region[0] ?? home,
        config.region,
      );
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      found.usage(own.usage);
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

/** A kind that is listed in one region, or once for the account. */
interface Work {
  readonly resource: ResourceDeclaration;
  /** Region that is asked. */
  readonly region: string;
  readonly findings: RegionFindings;
}

/** Lists every kind of every region, a bounded number side by side. */
class ResourceCollect {
  readonly #context: Context;
  readonly #tools: AccountTools;
  readonly #kinds: ReadonlySet<string>;
  readonly #globalKinds: ReadonlySet<string>;
  /** Kinds that cannot be asked for, by region. */
  readonly #notOffered = new Map<string, string[]>();
  /** What kinds are complete without, by what it is. */
  readonly #missed = new Map<string, Missed>();

  constructor(
    context: Context,
    tools: AccountTools,
    all: readonly ResourceDeclaration[],
  ) {
    this.#context = context;
    this.#tools = tools;
    this.#kinds = new Set(all.map(({ kind }) => kind));
    this.#globalKinds = new Set([
      ACCOUNT_KIND,
      REGION_KIND,
      ...all.filter(({ place }) => place === "global").map(({ kind }) => kind),
    ]);
  }

  async run(
    regions: readonly string[],
    resources: readonly ResourceDeclaration[],
  ): Promise<void> {
    const { account, config, progress, signal } = this.#context;
    const { client, home } = this.#tools;
    const work = worksOf(home, regions, resources);
    const left = new Map<string, number>();
    for (const { region } of work) {
      left.set(region, (left.get(region) ?? 0) + 1);
    }
    let done = 0;
    await mapConcurrent(work, async (each) => {
      await this.#collect(each);
      progress([account.id], ++done, work.length);
      const { region } = each;
      const open = (left.get(region) ?? 0) - 1;
      left.set(region, open);
      // Its services are many, and each one's part of the SDK is large.
      if (open === 0) client.release(region);
    }, { limit: config.resource_pool_size, signal });
    this.#tellNotOffered();
    this.#tellMissed();
  }

  async #collect({ resource, region, findings }: Work): Promise<void> {
    const { account, config, scope, signal } = this.#context;
    const { client, partition } = this.#tools;
    const { kind } = resource;
    const own = client.forKind(kind);
    const place = { account: account.id, partition, region };
    let begun: BegunListing | undefined;
    let failure: unknown;
    try {
      begun = await beginListing(resource, {
        client: own,
        config,
        findings,
        place,
        isMissed: (what) => this.#missed.has(what),
        missed: (what, error) => {
          const { kinds = [], regions = [] } = this.#missed.get(what) ?? {};
          this.#missed.set(what, {
            error,
            kinds: new Set([...kinds, kind]),
            regions: new Set([...regions, region]),
          });
        },
      });
    } catch (error) {
      failure = error;
    }
    try {
      signal.throwIfAborted();
      if (isNotOffered(failure)) {
        const kinds = this.#notOffered.get(region) ?? [];
        this.#notOffered.set(region, [...kinds, kind]);
        return;
      }
      const isGlobal = resource.place === "global";
      await scope(isGlobal ? { kind } : { kind, region }, async (found) => {
        try {
          if (begun === undefined) throw failure;
          await begun.write(found, {
            region: isGlobal ? "" : region,
            kinds: this.#kinds,
            globalKinds: this.#globalKinds,
          });
        } catch (error) {
          failure = error;
          throw error;
        } finally {
          found.usage(own.usage);
        }
      });
    } finally {
      // Always, or else whoever goes by this listing would wait for ever.
      findings.settle(kind, signal.aborted ? signal.reason : failure);
    }
  }

  #tellMissed(): void {
    const { account, issue } = this.#context;
    for (const [what, { error, kinds, regions }] of this.#missed) {
      issue("warning", `There are no ${what}: ${error.message}`, {
        account: account.id,
        code: error.code,
        kinds: [...kinds].sort(),
        permission: error.permission,
        regions: [...regions].sort(),
      });
    }
  }

  #tellNotOffered(): void {
    const { account, issue } = this.#context;
    for (const [region, kinds] of [...this.#notOffered].sort()) {
      issue(
        "info",
        `Region "${region}" does not offer ${kinds.length} kinds: nothing is known of them there`,
        { account: account.id, region, kinds: kinds.sort() },
      );
    }
  }
}

/** Details that could not be read, though nothing failed. */
interface Missed {
  readonly kinds: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** Why, the last time. */
  readonly error: AwsCallError;
}

/** What is to be listed, one region after the other. */
function worksOf(
  home: string,
  regions: readonly string[],
  resources: readonly ResourceDeclaration[],
): Work[] {
  const wanted = resources.flatMap(({ list }) => sourceOf(list) ?? []);
  const works = (region: string, some: readonly ResourceDeclaration[]) => {
    const findings = new RegionFindings(wanted);
    return some.map((resource) => ({ region, resource, findings }));
  };
  const isGlobal = ({ place }: ResourceDeclaration) => place === "global";
  return [
    ...works(home, resources.filter(isGlobal)),
    ...regions.flatMap((region) =>
      works(region, resources.filter((each) => !isGlobal(each)))
    ),
  ];
}

/** Collects one account: its node, its regions and everything in them. */
export async function collectAccount(
  context: Context,
  resources: readonly ResourceDeclaration[],
): Promise<void> {
  const { account, config, freshAccount, signal } = context;
  const { partition } = unpackAccess(account);
  using client = new AwsClient({
    credentials: freshCredentials(account, freshAccount),
    endpoint: config.endpoint,
    governors: new RateGovernors({
      byDefault: config.resource_pool_tasks_per_service_default,
      services: config.resource_pool_tasks_per_service,
    }),
    signal,
  });
  const home = homeOf(partition);
  let organization: Promise<Organization | undefined> | undefined;
  const tools: AccountTools = {
    client,
    home,
    partition,
    organization: () => organization ??= organizationOf(client, home),
  };
  await collectAccountNode(context, tools);
  const regions = await collectRegions(context, tools);
  if (isSelected(ROOT_KIND, config)) {
    await collectOrganization(context, client, home, tools.organization);
  }
  await new ResourceCollect(context, tools, resources)
    .run(regions, selectResources(resources, config));
}
