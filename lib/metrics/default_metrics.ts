/**
 * The metrics that are exported, as data.
 *
 * @module
 */

import type { MetricDefinition } from "./definition.ts";

/** The groups every metric has: cloud, account and region by name. */
const PLACE = "/ancestors.cloud.reported.name as cloud, " +
  "/ancestors.account.reported.name as account, " +
  "/ancestors.region.reported.name as region";

/** The metrics that are exported when nothing else is configured. */
export const DEFAULT_METRICS: readonly MetricDefinition[] = [
  {
    name: "instances",
    help: "Number of instances",
    search: `aggregate(${PLACE}, instance_type as type, ` +
      `instance_status as status: sum(1) as instances): is(instance)`,
  },
  {
    name: "volumes",
    help: "Number of volumes",
    search: `aggregate(${PLACE}, volume_type as type, ` +
      `volume_status as status: sum(1) as volumes): is(volume)`,
  },
  {
    name: "volume_bytes",
    help: "Size of volumes in bytes",
    search: `aggregate(${PLACE}, volume_type as type, volume_status as ` +
      `status: sum(volume_size * 1024 * 1024 * 1024) as volume_bytes): is(volume)`,
  },
];
