import type { JsonObject } from "@skymap/lib/plugin";
import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import type { Item, Listing, ReadCall } from "./declaration.ts";
import { prepareCall } from "./prepare_call.ts";
import type { RegionFindings } from "./region_findings.ts";

/** The items of one listing, page by page; none where AWS says so. */
async function* listPages(
  client: AwsClient,
  region: string,
  list: ReadCall,
  input: JsonObject,
): AsyncGenerator<readonly unknown[]> {
  const { none = [], where, wrap } = list;
  try {
    for await (const page of client.pages(region, list, input)) {
      const items = wrap === undefined
        ? page
        : page.map((value) => ({ [wrap]: value }));
      yield where === undefined
        ? items
        : items.filter((item) => where(item as Item, region));
    }
  } catch (error) {
    if (error instanceof AwsCallError && none.includes(error.code)) return;
    throw error;
  }
}

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
  if (list.prepare !== undefined) {
    await prepareCall(client, region, list.prepare);
  }
  if (!("each" in list)) {
    for (const input of list.inputs?.(region) ?? [{}]) {
      yield* listPages(client, region, list, { ...list.input, ...input });
    }
    return;
  }
  const { as, batch, input } = list.each;
  const values = await findings.values(list.each);
  for (let at = 0; at < values.length; at += batch) {
    const some = values.slice(at, at + batch);
    const pages = listPages(client, region, list, {
      ...list.input,
      ...input(some),
    });
    for await (const page of pages) {
      yield as === undefined
        ? page
        : page.map((item) => ({ ...item as Item, [as]: some[0] }));
    }
  }
}
