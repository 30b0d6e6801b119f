import type { Item } from "./declaration.ts";

/** Where an item was listed. */
export interface ItemPlace {
  /** Id of its account. */
  readonly account: string;
  /** Partition of the account, such as `aws`. */
  readonly partition: string;
  /** Region that was asked. */
  readonly region: string;
}

/** Members that every item has, beside what AWS says of it. */
export const PLACE_MEMBERS: readonly string[] = [
  "$account",
  "$partition",
  "$region",
];

/** The items, each with the place where it was listed. */
export function placed(
  items: readonly unknown[],
  { account, partition, region }: ItemPlace,
): Item[] {
  const place = {
    $account: account,
    $partition: partition,
    $region: region,
  };
  return items.map((item) => ({ ...item as Item, ...place }));
}
