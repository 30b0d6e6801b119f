import type { AwsClient, PagedCall } from "./client.ts";
import { parsePath, readFirst } from "./path.ts";

/** The call that lists the regions of an account. */
export const REGIONS_CALL: PagedCall = {
  service: "ec2",
  operation: "DescribeRegions",
  result: "Regions[*]",
};

const NAME = parsePath("RegionName");

/**
 * The regions that are enabled for the account, sorted; of `wanted` only, when
 * some are named. Regions that are not enabled are not told by AWS.
 */
export async function listRegions(
  client: AwsClient,
  home: string,
  wanted: readonly string[],
): Promise<string[]> {
  const input = wanted.length > 0
    ? { Filters: [{ Name: "region-name", Values: wanted }] }
    : {};
  const regions: string[] = [];
  for await (const page of client.pages(home, REGIONS_CALL, input)) {
    for (const region of page) regions.push(String(readFirst(NAME, region)));
  }
  // Not left to the filter alone: not every endpoint honours it.
  return regions
    .filter((region) => wanted.length === 0 || wanted.includes(region))
    .sort();
}
