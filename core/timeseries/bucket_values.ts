/**
 * The values of a bucket of time, out of the points in it.
 *
 * @module
 */

import type { TimeSeriesAggregation } from "@skymap/lib/client";
import type { SeriesBlock } from "./series_block.ts";
import { groupsOf } from "./series_block.ts";

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
  presence: string;
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
    for (const { block, passes } of blocks) {
      const places = this.#labels.map((label) => block.labels.indexOf(label));
      let number = 0;
      for (const group of groupsOf(block, snapshots)) {
        if (!passes(number++)) continue;
        const { sum, min, max, presence } = group;
        const key = places.map((place) => group.key[place] ?? "");
        const id = JSON.stringify(key);
        const known = groups.get(id);
        if (known === undefined) {
          groups.set(id, { key, sum, min, max, presence });
          continue;
        }
        known.sum += sum;
        // Exact for one snapshot; of more it is never asked.
        known.min += min;
        known.max += max;
        known.presence = either(known.presence, presence);
      }
    }
    for (const [id, group] of groups) this.#fold(id, group);
  }

  #fold(id: string, { key, sum, min, max, presence }: Together): void {
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
