import type { FoundEdge, JsonObject } from "@skymap/lib/plugin";
import type { DemoConfig } from "./settings.ts";
import { fraction, hash, hashName, hexId, pick } from "./random.ts";

/** Hours since 1970 at which the oldest resources were made: 2024-01-01. */
const FIRST_TICK = 473_352;
const HOUR_MS = 3_600_000;

const OWNERS = ["ada", "grace", "linus", "margaret", "dennis", "barbara"];
const COST_CENTERS = ["shop", "search", "billing", "data", "platform"];
const SERVICES = [
  "web",
  "api",
  "worker",
  "search",
  "billing",
  "cache",
  "queue",
  "gateway",
];

/** How many resources of each kind one region of one account has. */
export interface RegionPlan {
  readonly networks: number;
  readonly subnets: number;
  readonly securityGroups: number;
  readonly instances: number;
  readonly addresses: number;
  readonly volumes: number;
  readonly snapshots: number;
  readonly loadBalancers: number;
  readonly databases: number;
}

/** Resources of a whole cloud of size 1. */
export const NODES_OF_SIZE_ONE = 2_000;

/** Spreads the wanted resources over a region, at least one of each kind. */
export function planRegion(
  { size, regions }: DemoConfig,
  accounts: number,
): RegionPlan {
  const wanted = size * NODES_OF_SIZE_ONE / (accounts * regions.length);
  // Each instance brings 5 others along, its network included.
  const instances = Math.max(1, Math.round((wanted - 9) / 5.2));
  const some = (share: number) => Math.max(1, Math.round(instances * share));
  const networks = some(1 / 60);
  return {
    networks,
    subnets: networks * 3,
    securityGroups: networks * 4,
    instances,
    addresses: some(0.3),
    volumes: some(1.4),
    snapshots: some(1.2),
    loadBalancers: some(0.05),
    databases: some(0.06),
  };
}

/** One region of one account at one hour: what everything follows from. */
export class Place {
  readonly config: DemoConfig;
  readonly plan: RegionPlan;
  /** Number that stands for seed, account and region. */
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  /** `production`, `staging` and so on, from the account's name. */
  readonly environment: string;

  constructor(
    config: DemoConfig,
    plan: RegionPlan,
    account: { readonly id: string; readonly name?: string },
    region: string,
  ) {
    this.config = config;
    this.plan = plan;
    this.account = account.id;
    this.region = region;
    this.seed = hash(config.seed, hashName(account.id), hashName(region));
    this.environment = (account.name ?? "").split("-").at(1) ?? "production";
  }

  /** The id of the resource with this number. */
  id(prefix: string, index: number, generation = 0): string {
    return hexId(
      prefix,
      this.seed,
      hashName(prefix),
      index,
      generation,
    );
  }

  /** A whole number below `limit` that belongs to a resource. */
  number(limit: number, ...parts: readonly number[]): number {
    return hash(this.seed, ...parts) % limit;
  }

  /** A number from 0 to below 1 that belongs to a resource. */
  fraction(...parts: readonly number[]): number {
    return fraction(this.seed, ...parts);
  }

  /** One of the values, for a resource. */
  pick<T>(values: readonly T[], ...parts: readonly number[]): T {
    return pick(values, this.seed, ...parts);
  }

  /** The zone of a resource: one of three. */
  zone(index: number): string {
    return this.region + ("abc"[index % 3] ?? "a");
  }

  /** ISO time of an hour. */
  time(tick: number): string {
    return new Date(tick * HOUR_MS).toISOString();
  }

  /** When a lasting resource was made: within two years after 2024. */
  ctime(...parts: readonly number[]): string {
    return this.time(FIRST_TICK + this.number(17_520, 901, ...parts));
  }

  /** A name such as `api-07`. */
  name(index: number): string {
    const number = String(Math.floor(index / SERVICES.length) + 1);
    return `${SERVICES[index % SERVICES.length]}-${number.padStart(2, "0")}`;
  }

  /** Tags; some resources have none, as in life. */
  tags(...parts: readonly number[]): JsonObject {
    const owner = this.fraction(911, ...parts);
    if (owner < 0.1) return {};
    const expires = this.fraction(912, ...parts);
    return {
      costCenter: this.pick(COST_CENTERS, 913, ...parts),
      environment: this.environment,
      ...(owner > 0.2 && { owner: this.pick(OWNERS, 914, ...parts) }),
      ...(expires < 0.05 && {
        expires: this.ctime(915, ...parts).slice(0, 10),
      }),
    };
  }
}

/** Both edges of "the first contains the second, which must go first". */
export function contains(
  from: FoundEdge["from"],
  to: FoundEdge["to"],
): FoundEdge[] {
  return [{ from, to }, { from, to, type: "delete" }];
}

/** Both edges of "the first uses the second, and must go before it". */
export function uses(
  from: FoundEdge["from"],
  to: FoundEdge["to"],
): FoundEdge[] {
  return [{ from, to }, { from: to, to: from, type: "delete" }];
}
