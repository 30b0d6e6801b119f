/**
 * Puts what can be deleted in its order.
 *
 * @module
 */

import type { Adjacency, Components } from "./components.ts";
import type { MarkedNode, PlanItem } from "./plan.ts";

/** What is put in order. */
export interface OrderInput {
  /** The marked nodes. */
  readonly marks: readonly MarkedNode[];
  /** What hangs on each of them. */
  readonly dependants: Adjacency;
  /** Whether a node is to be deleted; then so is all that hangs on it. */
  readonly isPlanned: (at: number) => boolean;
  /** Whether what a node says of others can be taken away. */
  readonly canDetach: (at: number) => boolean;
  /** What hangs on each other in circles. */
  readonly circles: Components;
  /** The same, once all that can be detached is: there is no circle any more. */
  readonly held: Components;
}

/** Things by a number below a limit; what has the same keeps its order. */
function byNumber<T>(
  things: readonly T[],
  limit: number,
  numberOf: (thing: T) => number | undefined,
): T[] {
  const next = new Int32Array(limit + 1);
  for (const thing of things) {
    const place = (numberOf(thing) ?? 0) + 1;
    next[place] = (next[place] ?? 0) + 1;
  }
  for (let at = 0; at < limit; at++) {
    next[at + 1] = (next[at + 1] ?? 0) + (next[at] ?? 0);
  }
  const sorted = things.slice();
  for (const thing of things) {
    const number = numberOf(thing) ?? 0;
    const place = next[number] ?? 0;
    sorted[place] = thing;
    next[number] = place + 1;
  }
  return sorted;
}

class Order {
  readonly #input: OrderInput;
  /** Places of what is planned: what hangs on others comes first. */
  readonly #order: readonly number[];
  readonly #deleted: Int32Array;
  readonly #detached: Int32Array;

  constructor(input: OrderInput) {
    this.#input = input;
    const { marks, circles, held, isPlanned } = input;
    this.#deleted = new Int32Array(marks.length);
    this.#detached = new Int32Array(marks.length);
    const planned = [...marks.keys()].filter(isPlanned);
    const byHeld = byNumber(planned, held.sizes.length, (at) => held.of[at]);
    this.#order = byNumber(
      byHeld,
      circles.sizes.length,
      (at) => circles.of[at],
    );
  }

  items(): PlanItem[] {
    let end = 0;
    while (end < this.#order.length) {
      const begin = end;
      const number = this.#circle(this.#order[begin] ?? 0);
      while (
        end < this.#order.length &&
        this.#circle(this.#order[end] ?? 0) === number
      ) end++;
      this.#place(this.#order.slice(begin, end));
    }
    return this.#steps();
  }

  #circle(at: number): number {
    return this.#input.circles.of[at] ?? 0;
  }

  #isInCircle(at: number): boolean {
    return (this.#input.circles.sizes[this.#circle(at)] ?? 0) > 1;
  }

  /** Whether a node names nothing of its circle when that is deleted. */
  #isDetached(at: number): boolean {
    return this.#isInCircle(at) && this.#input.canDetach(at);
  }

  #dependants(at: number): Int32Array {
    const { heads, targets } = this.#input.dependants;
    return targets.subarray(heads[at], heads[at + 1]);
  }

  /** Gives a node, or those of a circle, their waves. */
  #place(members: readonly number[]): void {
    const [any = 0] = members;
    const isCircle = members.length > 1;
    const number = this.#circle(any);
    let outside = 0;
    for (const at of members) {
      for (const to of this.#dependants(at)) {
        if (this.#circle(to) === number) continue;
        outside = Math.max(outside, this.#deleted[to] ?? 0);
      }
    }
    for (const at of members) {
      let wave = outside + (isCircle ? 2 : 1);
      for (const to of this.#dependants(at)) {
        if (this.#circle(to) !== number || this.#isDetached(to)) continue;
        wave = Math.max(wave, (this.#deleted[to] ?? 0) + 1);
      }
      this.#deleted[at] = wave;
      if (this.#isDetached(at)) this.#detached[at] = outside + 1;
    }
  }

  #steps(): PlanItem[] {
    const { marks, isPlanned } = this.#input;
    const unsorted = [...marks.keys()].filter(isPlanned).flatMap((at) => {
      const deletion = { at, isDetach: false, wave: this.#deleted[at] ?? 0 };
      return this.#isDetached(at)
        ? [{ at, isDetach: true, wave: this.#detached[at] ?? 0 }, deletion]
        : [deletion];
    });
    const waves = unsorted.reduce((most, { wave }) => Math.max(most, wave), 0);
    const steps = byNumber(unsorted, waves + 1, ({ wave }) => wave);
    const places = new Int32Array(marks.length);
    const circles = new Map<number, number>();
    for (const [position, { at, isDetach }] of steps.entries()) {
      if (!isDetach) places[at] = position;
      const number = this.#circle(at);
      if (this.#isInCircle(at) && !circles.has(number)) {
        circles.set(number, circles.size + 1);
      }
    }
    return steps.flatMap(({ at, isDetach, wave }, position): PlanItem[] => {
      const node = marks[at];
      if (node === undefined) return [];
      const needs: number[] = [];
      for (const to of this.#dependants(at)) {
        const isInside = this.#circle(to) === this.#circle(at);
        if (isInside && (isDetach || this.#isDetached(to))) continue;
        needs.push(places[to] ?? 0);
      }
      return [{
        position,
        action: isDetach ? "detach" : "delete",
        wave,
        node,
        needs: needs.sort((a, b) => a - b),
        circle: circles.get(this.#circle(at)) ?? null,
      }];
    });
  }
}

/**
 * Steps in waves. Of a circle all that can be is detached in one wave, when
 * nothing else hangs on any of it; then its members are deleted.
 */
export function orderPlan(input: OrderInput): readonly PlanItem[] {
  return new Order(input).items();
}
