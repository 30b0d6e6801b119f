import type { AwsClient } from "./client.ts";
import type { Listing } from "./declaration.ts";
import type { RegionFindings } from "./region_findings.ts";

/** Yields the items of a kind in one region, page by page. */
export async function* listItems(
  client: AwsClient,
  region: string,
  list: Listing,
  findings: RegionFindings,
): AsyncGenerator<readonly unknown[]> {
  if ("values" in list) {
    const values = await findings.values(list.values);
    yield values.map((value) => ({ [list.as]: value }));
    return;
  }
  if (!("each" in list)) {
    yield* client.pages(region, list, list.input ?? {});
    return;
  }
  const { batch, input } = list.each;
  const values = await findings.values(list.each);
  for (let at = 0; at < values.length; at += batch) {
    yield* client.pages(region, list, {
      ...list.input,
      ...input(values.slice(at, at + batch)),
    });
  }
}
