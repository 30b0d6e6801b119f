import type { JsonObject } from "@skymap/lib/plugin";
import { z } from "zod";

const HOUR_MS = 3_600_000;

/** Regions of the made-up cloud, and where they are. */
export const REGION_NAMES: Readonly<Record<string, string>> = {
  "eu-west": "Europe (Dublin)",
  "us-east": "North America (Virginia)",
  "ap-south": "Asia Pacific (Mumbai)",
  "eu-north": "Europe (Stockholm)",
  "us-west": "North America (Oregon)",
  "sa-east": "South America (São Paulo)",
};

const SCHEMA = z.strictObject({
  seed: z.number().int().default(0)
    .describe("Another seed makes another cloud"),
  size: z.number().positive().max(10_000).default(1)
    .describe("1 is about 2,000 resources in all; 500 a million"),
  accounts: z.union([
    z.number().int().min(1).max(10_000),
    z.string().min(1).array().min(1),
  ]).default(3).describe("How many accounts, or their names"),
  regions: z.string().min(1).array().min(1)
    .default(Object.keys(REGION_NAMES).slice(0, 3))
    .describe("Regions that have resources"),
  tick: z.number().int().min(0).optional()
    .describe("The hour that is shown. Default: the present one"),
  latency_ms: z.number().min(0).max(60_000).default(0)
    .describe("How long each page of 100 resources takes to answer"),
  fail: z.string().array().default([])
    .describe("Listings that fail: account/region/kind, * stands for any"),
});

/** Configuration of the demo cloud. */
export interface DemoConfig {
  /** What the cloud is made of. */
  readonly seed: number;
  /** Thousands of resources, by two. */
  readonly size: number;
  /** How many accounts, or their names. */
  readonly accounts: number | readonly string[];
  /** Regions that have resources. */
  readonly regions: readonly string[];
  /** Hours since 1970: the state that is shown. */
  readonly tick: number;
  /** Time a page takes. */
  readonly latency_ms: number;
  /** Patterns of listings that fail. */
  readonly fail: readonly string[];
}

/** JSON schema of the configuration. */
export const CONFIG_SCHEMA: JsonObject = z.toJSONSchema(SCHEMA, {
  io: "input",
}) as JsonObject;

/** Reads the configuration; throws with every fault in it. */
export function readConfig(value: unknown): DemoConfig {
  const read = SCHEMA.safeParse(value ?? {});
  if (!read.success) throw new RangeError(z.prettifyError(read.error));
  return {
    ...read.data,
    tick: read.data.tick ?? Math.floor(Date.now() / HOUR_MS),
  };
}
