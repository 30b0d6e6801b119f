/**
 * The values of a bucket of time, out of the points in it.
 *
 * @module
 */

import type { TimeSeriesAggregation } from "@skymap/lib/client";
import type { LabelColumn, SeriesBlock } from "./series_block.ts";

/** One value. */
export interface BucketValue {
  /** Values of the labels that stay, in their order. */
  readonly key: readonly string[];
  readonly value: number;
}

/** Groups that are one, within a point. */
interface Together {
  readonly key: readonly string[];
  sum: number;
  min: number;
  max: number;
  presence: string | undefined;
}

interface Folded {
  readonly key: readonly string[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Snapshots in which any of two groups was. */
function either(one: string, two: string): string {
  if (one === two || !one.includes("0")) return one;
  if (!two.includes("0")) return two;
  return Array.from(one, (each, at) => each === "1" ? each : two[at]).join("");
}

function countOf(presence: string): number {
  if (!presence.includes("0")) return presence.length;
  let count = 0;
  for (const each of presence) if (each === "1") count++;
  return count;
}

type Columns = readonly (LabelColumn | undefined)[];

/** Tells groups apart by these columns, within one block. */
function places(columns: Columns): (group: number) => number | string {
  const known = columns.filter((column) => column !== undefined);
  const all = known.reduce((size, { values }) => size * values.length, 1);
  if (all > Number.MAX_SAFE_INTEGER) {
    return (group) => known.map(({ of }) => of[group]).join();
  }
  return (group) => {
    let place = 0;
    for (const { values, of } of known) {
      place = place * values.length + (of[group] ?? 0);
    }
    return place;
  };
}

/** What a group of a block is part of. */
function togetherOf(
  groups: Map<string, Together>,
  columns: Columns,
  group: number,
): Together {
  const key = columns.map((column) =>
    column?.values[column.of[group] ?? 0] ?? ""
  );
  const id = JSON.stringify(key);
  const found = groups.get(id) ??
    { key, sum: 0, min: 0, max: 0, presence: undefined };
  groups.set(id, found);
  return found;
}

/**
 * Takes the points of a bucket. Groups that differ only in labels that are left
 * out are summed up at each instant; then the instants become one value.
 */
export class BucketValues {
  readonly #labels: readonly string[];
  readonly #folded = new Map<string, Folded>();

  /** Takes the labels that stay. */
  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  /** Takes the blocks of one point; `passes` says which groups count. */
  add(
    blocks: readonly {
      readonly block: SeriesBlock;
      readonly passes: (group: number) => boolean;
    }[],
    snapshots: number,
  ): void {
    const groups = new Map<string, Together>();
    const everywhere = "1".repeat(snapshots);
    for (const { block, passes } of blocks) {
      const columns = this.#labels.map((label) =>
        block.columns[block.labels.indexOf(label)]
      );
      const placeOf = places(columns);
      // Few of many groups are told apart when labels are left out.
      const known = new Map<number | string, Together>();
      const { sums, mins = sums, maxs = sums, presence } = block;
      for (const [group, sum] of sums.entries()) {
        if (!passes(group)) continue;
        const place = placeOf(group);
        let together = known.get(place);
        if (together === undefined) {
          together = togetherOf(groups, columns, group);
          known.set(place, together);
        }
        together.sum += sum;
        // Exact for one snapshot; of more it is never asked.
        together.min += mins[group] ?? sum;
        together.max += maxs[group] ?? sum;
        const there = presence === undefined
          ? everywhere
          : presence.values[presence.of[group] ?? 0] ?? everywhere;
        together.presence = together.presence === undefined
          ? there
          : either(together.presence, there);
      }
    }
    for (const [id, group] of groups) this.#fold(id, group);
  }

  #fold(id: string, { key, sum, min, max, presence = "" }: Together): void {
    const count = countOf(presence);
    const known = this.#folded.get(id);
    if (known === undefined) {
      this.#folded.set(id, { key, count, sum, min, max });
      return;
    }
    known.count += count;
    known.sum += sum;
    known.min = Math.min(known.min, min);
    known.max = Math.max(known.max, max);
  }

  /** The values, in the order of their labels. */
  values(aggregation: TimeSeriesAggregation): readonly BucketValue[] {
    return [...this.#folded]
      .sort(([one], [two]) => one < two ? -1 : one > two ? 1 : 0)
      .map(([, { key, count, ...folded }]) => ({
        key,
        value: aggregation === "avg" ? folded.sum / count : folded[aggregation],
      }));
  }
}
