/**
 * Values of one instant, or of the snapshots of a stretch of time, as they are
 * stored: in columns, compressed, some thousand groups a block.
 *
 * @module
 */

import { deflateRawSync, inflateRawSync } from "node:zlib";

/** What is known of one group over the snapshots of a point. */
export interface GroupValues {
  /** Values of the labels, in their order. */
  readonly key: readonly string[];
  /** Sum over the snapshots that have the group. */
  readonly sum: number;
  /** Least value of these. */
  readonly min: number;
  /** Largest value of these. */
  readonly max: number;
  /** A character for each snapshot, in order: `1` where the group was there. */
  readonly presence: string;
}

/** A column of labels: its different values, and for each group which one. */
export interface LabelColumn {
  readonly values: readonly string[];
  readonly of: readonly number[];
}

/** Groups of a point, by columns. */
export interface SeriesBlock {
  /** Names of the labels. */
  readonly labels: readonly string[];
  /** A column for each label. */
  readonly columns: readonly LabelColumn[];
  /** For each group the sum over its snapshots. */
  readonly sums: readonly number[];
  /** Least values; absent where each is the sum. */
  readonly mins?: readonly number[];
  /** Largest values; absent where each is the sum. */
  readonly maxs?: readonly number[];
  /** In which snapshots the groups were; absent where it is all of them. */
  readonly presence?: LabelColumn;
}

/** Groups of one block at most: about a hundred kilobytes. */
const MAX_GROUPS = 10_000;

/** Different values and where they are, as they come. */
class ColumnWriter {
  readonly #places = new Map<string, number>();
  readonly of: number[] = [];

  add(value: string): void {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(value, place);
    }
    this.of.push(place);
  }

  column(): LabelColumn {
    return { values: [...this.#places.keys()], of: this.of };
  }
}

function blockOf(
  labels: readonly string[],
  groups: readonly GroupValues[],
): SeriesBlock {
  const columns = labels.map(() => new ColumnWriter());
  const presence = new ColumnWriter();
  let isWhole = true;
  for (const group of groups) {
    columns.forEach((column, at) => column.add(group.key[at] ?? ""));
    presence.add(group.presence);
    isWhole &&= !group.presence.includes("0");
  }
  const isSingle = groups.every(({ sum, min, max }) =>
    sum === min && sum === max
  );
  return {
    labels,
    columns: columns.map((each) => each.column()),
    sums: groups.map(({ sum }) => sum),
    ...(!isSingle && {
      mins: groups.map(({ min }) => min),
      maxs: groups.map(({ max }) => max),
    }),
    ...(!isWhole && { presence: presence.column() }),
  };
}

function compareKeys(one: GroupValues, two: GroupValues): number {
  for (const [at, value] of one.key.entries()) {
    const other = two.key[at] ?? "";
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Packs groups into blocks; what is alike lies side by side. */
export function packBlocks(
  labels: readonly string[],
  groups: readonly GroupValues[],
): readonly Uint8Array[] {
  const sorted = groups.toSorted(compareKeys);
  const blocks: Uint8Array[] = [];
  for (let from = 0; from < sorted.length; from += MAX_GROUPS) {
    const block = blockOf(labels, sorted.slice(from, from + MAX_GROUPS));
    blocks.push(new Uint8Array(deflateRawSync(JSON.stringify(block))));
  }
  return blocks;
}

/** Reads a block that {@linkcode packBlocks} made. */
export function unpackBlock(bytes: Uint8Array): SeriesBlock {
  return JSON.parse(inflateRawSync(bytes).toString("utf8"));
}

/** The groups of a block one by one; `snapshots` is how many its point has. */
export function* groupsOf(
  { columns, sums, mins, maxs, presence }: SeriesBlock,
  snapshots: number,
): Generator<GroupValues> {
  const everywhere = "1".repeat(snapshots);
  for (const [at, sum] of sums.entries()) {
    yield {
      key: columns.map(({ values, of }) => values[of[at] ?? 0] ?? ""),
      sum,
      min: mins?.[at] ?? sum,
      max: maxs?.[at] ?? sum,
      presence: presence === undefined
        ? everywhere
        : presence.values[presence.of[at] ?? 0] ?? everywhere,
    };
  }
}
