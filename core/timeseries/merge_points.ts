/**
 * Several points of a time series as one.
 *
 * @module
 */

import type { GroupValues } from "./series_block.ts";

/** The groups of a point, and how many snapshots it stands for. */
export interface PointValues {
  readonly snapshots: number;
  /** Names of the labels. */
  readonly labels: readonly string[];
  readonly groups: Iterable<GroupValues>;
}

interface Merged {
  readonly key: readonly string[];
  sum: number;
  min: number;
  max: number;
  presence: string;
}

/**
 * Takes points in the order of their times; what they become says the same of
 * each group as they did together.
 */
export class PointMerger {
  #labels: readonly string[] = [];
  readonly #groups = new Map<string, Merged>();
  #snapshots = 0;

  /** Takes the next point. */
  add({ snapshots, labels, groups }: PointValues): void {
    this.#take(labels);
    const places = this.#labels.map((label) => labels.indexOf(label));
    for (const { key, sum, min, max, presence } of groups) {
      const own = places.map((place) => key[place] ?? "");
      const id = JSON.stringify(own);
      const known = this.#groups.get(id);
      if (known === undefined) {
        this.#groups.set(id, {
          key: own,
          sum,
          min,
          max,
          presence: "0".repeat(this.#snapshots) + presence,
        });
        continue;
      }
      known.sum += sum;
      known.min = Math.min(known.min, min);
      known.max = Math.max(known.max, max);
      known.presence += presence;
    }
    this.#snapshots += snapshots;
    for (const group of this.#groups.values()) {
      const missing = this.#snapshots - group.presence.length;
      if (missing > 0) group.presence += "0".repeat(missing);
    }
  }

  /** Labels that are new: groups that were taken before have none of them. */
  #take(labels: readonly string[]): void {
    const added = labels.filter((label) => !this.#labels.includes(label));
    if (added.length === 0) return;
    this.#labels = [...this.#labels, ...added];
    const known = [...this.#groups.values()];
    this.#groups.clear();
    for (const { key, ...rest } of known) {
      const own = [...key, ...added.map(() => "")];
      this.#groups.set(JSON.stringify(own), { key: own, ...rest });
    }
  }

  /** What all of them are together. */
  merged(): {
    readonly snapshots: number;
    readonly labels: readonly string[];
    readonly groups: readonly GroupValues[];
  } {
    return {
      snapshots: this.#snapshots,
      labels: this.#labels,
      groups: [...this.#groups.values()],
    };
  }
}
