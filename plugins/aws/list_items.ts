import { type JsonObject, mapConcurrent } from "@skymap/lib/plugin";
import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import type { Item, Listing, ListPerValue, ReadCall } from "./declaration.ts";
import { prepareCall } from "./prepare_call.ts";
import type { RegionFindings } from "./region_findings.ts";

/** Listings by values side by side, before the limits of the client. */
const SIDE_BY_SIDE = 20;

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

/** The items of one batch of values, all pages. */
async function listBatch(
  client: AwsClient,
  region: string,
  list: ListPerValue,
  values: readonly string[],
): Promise<readonly unknown[]> {
  const { as, input } = list.each;
  const items: unknown[] = [];
  const asked = { ...list.input, ...input(values) };
  for await (const page of listPages(client, region, list, asked)) {
    items.push(...page);
  }
  return as === undefined
    ? items
    : items.map((item) => ({ ...item as Item, [as]: values[0] }));
}

async function* listPerValue(
  client: AwsClient,
  region: string,
  list: ListPerValue,
  values: readonly string[],
): AsyncGenerator<readonly unknown[]> {
  const { batch } = list.each;
  for (let at = 0; at < values.length; at += batch * SIDE_BY_SIDE) {
    const some = values.slice(at, at + batch * SIDE_BY_SIDE);
    const batches = Array.from(
      { length: Math.ceil(some.length / batch) },
      (_, number) => some.slice(number * batch, (number + 1) * batch),
    );
    yield* await mapConcurrent(
      batches,
      (each) => listBatch(client, region, list, each),
      { limit: SIDE_BY_SIDE },
    );
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
  yield* listPerValue(client, region, list, await findings.values(list.each));
}
