/**
 * Makes a plan: what can be deleted, in which order, and what stands against the
 * rest.
 *
 * @module
 */

import {
  type Adjacency,
  adjacency,
  type Components,
  components,
  reversed,
} from "./components.ts";
import type {
  BlockedNode,
  BlockReason,
  ComputedPlan,
  MarkedNode,
  Obstacle,
  PlanResource,
} from "./plan.ts";
import { orderPlan } from "./order_plan.ts";

/** What hangs on marked nodes or goes along with them, and is to stay itself. */
export interface Dependant extends PlanResource {
  /** Why it is not: a clause about it. */
  readonly why: string;
}

/** What a plan is made of. */
export interface PlanInput {
  /** The marked nodes. */
  readonly marks: readonly MarkedNode[];
  /** What hangs on them, or goes along with them, beside each other. */
  readonly others: readonly Dependant[];
  /**
   * What must be deleted before what: for each edge the place of a marked node,
   * and that of what hangs on it. Places behind the marked nodes are of `others`.
   */
  readonly edges: {
    readonly from: ArrayLike<number>;
    readonly to: ArrayLike<number>;
  };
  /**
   * What is deleted together with what: for each pair the place of a marked node,
   * and that of what goes along with it.
   */
  readonly members: PlanInput["edges"];
  /** What stands against the deletion of a node by itself. */
  readonly obstacle: (node: MarkedNode) => Obstacle | undefined;
  /** Whether what a resource of a kind says of others can be taken away. */
  readonly canDetach: (kind: string) => boolean;
}

/** Names of a circle that are told. */
const NAMED = 5;

/** A resource in a few words. */
export function describeResource({ kind, id, name }: PlanResource): string {
  return name === id ? `${kind} ${id}` : `${kind} ${id} (${name})`;
}

/** What steps of one wave are sorted by. */
const ORDER = ["cloud", "account", "kind", "region", "id", "node"] as const;

function compare(a: MarkedNode, b: MarkedNode): number {
  for (const key of ORDER) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}

/** Input whose marked nodes are in their one order. */
function sorted(input: PlanInput): PlanInput {
  const { marks, edges, members } = input;
  const isSorted = marks.every((mark, at) => {
    const before = marks[at - 1];
    return before === undefined || compare(before, mark) < 0;
  });
  if (isSorted) return input;
  const order = marks.map((mark, at) => ({ mark, at }))
    .sort((a, b) => compare(a.mark, b.mark));
  const places = new Int32Array(marks.length);
  for (const [to, { at }] of order.entries()) places[at] = to;
  const moved = (list: ArrayLike<number>) =>
    Int32Array.from(
      list,
      (at) => at < marks.length ? places[at] ?? 0 : at,
    );
  return {
    ...input,
    marks: order.map(({ mark }) => mark),
    edges: { from: moved(edges.from), to: moved(edges.to) },
    members: { from: moved(members.from), to: moved(members.to) },
  };
}

/** The pairs of marked nodes alone. */
function among(count: number, pairs: PlanInput["edges"]): Adjacency {
  const from: number[] = [];
  const to: number[] = [];
  for (let at = 0; at < pairs.from.length; at++) {
    const target = pairs.to[at] ?? 0;
    if (target >= count) continue;
    from.push(pairs.from[at] ?? 0);
    to.push(target);
  }
  return adjacency(count, from, to);
}

/** Why what goes along with others stays, in a few words. */
function whyKept(reason: BlockReason | undefined): string {
  if (reason === "protected") return "is protected";
  if (reason === "belt") return "is kept by the configuration";
  return "cannot be deleted";
}

/** A plan while it is made. */
class Planner {
  readonly #input: PlanInput;
  /** What hangs on each marked node, among these. */
  readonly #dependants: Adjacency;
  /** What each marked node goes along with, among these. */
  readonly #owners: Adjacency;
  readonly #blocked: (Omit<BlockedNode, "node"> | undefined)[];

  constructor(input: PlanInput) {
    this.#input = input;
    const { marks, edges, members } = input;
    const count = marks.length;
    this.#dependants = among(count, edges);
    this.#owners = reversed(among(count, members));
    this.#blocked = new Array(count).fill(undefined);
  }

  plan(): ComputedPlan {
    this.#blockByThemselves();
    const { edges, members } = this.#input;
    this.#blockByOthers(edges, "dependant", "hangs on it");
    this.#blockByOthers(members, "member", "goes along with it");
    const before = reversed(this.#dependants);
    this.#blockUpwards(before);
    const circles = components(this.#open(() => true));
    // What is detached is named by nothing in its circle any more.
    const held = components(
      this.#open((from, to) =>
        circles.of[from] === circles.of[to] && !this.#canDetach(to)
      ),
    );
    this.#blockCircles(held);
    this.#blockUpwards(before);
    return {
      items: orderPlan({
        marks: this.#input.marks,
        dependants: this.#dependants,
        isPlanned: (at) => this.#blocked[at] === undefined,
        canDetach: (at) => this.#canDetach(at),
        circles,
        held,
      }),
      blocked: this.#input.marks.flatMap((node, at) => {
        const block = this.#blocked[at];
        return block === undefined ? [] : [{ node, ...block }];
      }),
    };
  }

  #canDetach(at: number): boolean {
    const { marks, canDetach } = this.#input;
    return canDetach(marks[at]?.kind ?? "");
  }

  #blockByThemselves(): void {
    const { marks, obstacle } = this.#input;
    for (const [at, mark] of marks.entries()) {
      this.#blocked[at] = obstacle(mark);
    }
  }

  #blockByOthers(
    { from, to }: PlanInput["edges"],
    reason: BlockReason,
    how: string,
  ): void {
    const { marks, others } = this.#input;
    const hanging = new Map<number, Set<number>>();
    for (let at = 0; at < from.length; at++) {
      const target = (to[at] ?? 0) - marks.length;
      const source = from[at] ?? 0;
      if (target < 0 || this.#blocked[source] !== undefined) continue;
      const known = hanging.get(source);
      if (known === undefined) hanging.set(source, new Set([target]));
      else known.add(target);
    }
    for (const [source, targets] of hanging) {
      const first = [...targets].map((target) => others[target])
        .filter((each) => each !== undefined)
        .reduce((a, b) => a.node < b.node ? a : b);
      const { why, ...by } = first;
      const more = targets.size === 1 ? "" : `, and ${targets.size - 1} more`;
      this.#blocked[source] = {
        reason,
        message: `${describeResource(first)} ${how} and ${why}${more}`,
        by,
      };
    }
  }

  /** What is blocked blocks what it hangs on, and what it would go along with. */
  #blockUpwards(before: Adjacency): void {
    const queue = [...this.#input.marks.keys()].filter((at) =>
      this.#blocked[at] !== undefined
    );
    const pass = (
      { heads, targets }: Adjacency,
      at: number,
      block: Omit<BlockedNode, "node">,
    ) => {
      const end = heads[at + 1] ?? 0;
      for (let edge = heads[at] ?? 0; edge < end; edge++) {
        const above = targets[edge] ?? 0;
        if (this.#blocked[above] !== undefined) continue;
        this.#blocked[above] = block;
        queue.push(above);
      }
    };
    for (let next = 0; next < queue.length; next++) {
      const at = queue[next] ?? 0;
      const mark = this.#input.marks[at];
      if (mark === undefined) continue;
      const name = describeResource(mark);
      const by = resourceOf(mark);
      pass(before, at, {
        reason: "blocked_dependant",
        message: `${name} hangs on it and cannot be deleted`,
        by,
      });
      const why = whyKept(this.#blocked[at]?.reason);
      pass(this.#owners, at, {
        reason: "member",
        message: `${name} goes along with it and ${why}`,
        by,
      });
    }
  }

  /** Edges between nodes that are not blocked. */
  #open(isMeant: (from: number, to: number) => boolean): Adjacency {
    const { heads, targets } = this.#dependants;
    const count = heads.length - 1;
    const kept = new Int32Array(targets.length);
    const begins = new Int32Array(count + 1);
    let length = 0;
    for (let from = 0; from < count; from++) {
      begins[from] = length;
      if (this.#blocked[from] !== undefined) continue;
      const end = heads[from + 1] ?? 0;
      for (let edge = heads[from] ?? 0; edge < end; edge++) {
        const to = targets[edge] ?? 0;
        if (this.#blocked[to] === undefined && isMeant(from, to)) {
          kept[length++] = to;
        }
      }
    }
    begins[count] = length;
    return { heads: begins, targets: kept.subarray(0, length) };
  }

  /** Blocks what is in a circle that nothing can be detached from. */
  #blockCircles({ of, sizes }: Components): void {
    const { marks } = this.#input;
    const circles = new Map<number, number[]>();
    for (const at of marks.keys()) {
      const number = of[at] ?? 0;
      if ((sizes[number] ?? 0) < 2) continue;
      const known = circles.get(number);
      if (known === undefined) circles.set(number, [at]);
      else known.push(at);
    }
    for (const members of circles.values()) {
      const names = members.slice(0, NAMED)
        .flatMap((at) => marks[at] ?? [])
        .map(describeResource);
      const more = members.length > NAMED
        ? ` and ${members.length - NAMED} more`
        : "";
      const message = `${names.join(", ")}${more} hang on each other in a ` +
        "circle, and none of them can be detached";
      for (const at of members) {
        const other = members.find((each) => each !== at) ?? at;
        const by = marks[other];
        this.#blocked[at] = {
          reason: "circle",
          message,
          ...(by !== undefined && { by: resourceOf(by) }),
        };
      }
    }
  }
}

function resourceOf(
  { node, kind, id, name, cloud, account, accountName, region }: PlanResource,
): PlanResource {
  return { node, kind, id, name, cloud, account, accountName, region };
}

/**
 * Makes the plan. What hangs on a node is deleted before it; what is blocked
 * blocks what it hangs on, and what it would go along with; of resources that hang on each other in a circle those
 * that can be detached are, before any of them is deleted. The order of the input
 * does not count.
 */
export function computePlan(input: PlanInput): ComputedPlan {
  return new Planner(sorted(input)).plan();
}
