/**
 * Marked nodes for tests.
 *
 * @module
 */

import fc from "fast-check";
import type { Dependant, PlanInput } from "./compute_plan.ts";
import type { MarkedNode } from "./plan.ts";

/** A marked node of a kind. */
export function mark(
  node: string,
  more: Partial<MarkedNode> = {},
): MarkedNode {
  return {
    node,
    kind: "toy_box",
    id: node,
    name: node,
    cloud: "toy",
    account: "a1",
    accountName: "One",
    region: "r1",
    version: `v-${node}`,
    createdAt: null,
    cost: null,
    isProtected: false,
    tags: {},
    ...more,
  };
}

/** What hangs on others and is not to be deleted. */
export function dependant(node: string, why = "is not marked"): Dependant {
  const { version: _1, createdAt: _2, cost: _3, isProtected: _4, ...resource } =
    mark(node);
  return { ...resource, why };
}

/**
 * Input as a test writes it: edges as `a b`, b hangs on a; `a b` of members, b
 * goes along with a.
 */
export function inputOf(
  marks: readonly MarkedNode[],
  edges: readonly string[] = [],
  others: readonly Dependant[] = [],
  members: readonly string[] = [],
): PlanInput {
  const places = new Map(
    [...marks, ...others].map(({ node }, at) => [node, at]),
  );
  const pairs = (texts: readonly string[]) => {
    const ends = texts.map((text) =>
      text.split(" ").map((name) => places.get(name) ?? -1)
    );
    return {
      from: ends.map(([from = -1]) => from),
      to: ends.map(([, to = -1]) => to),
    };
  };
  return {
    marks,
    others,
    edges: pairs(edges),
    members: pairs(members),
    obstacle: ({ isProtected }) =>
      isProtected
        ? { reason: "protected", message: "it is protected" }
        : undefined,
    canDetach: (kind) => kind === "toy_ring",
  };
}

/** Graphs of a few nodes with circles, obstacles and what is not marked. */
export const ANY_INPUT: fc.Arbitrary<PlanInput> = fc.record({
  nodes: fc.array(
    fc.record({
      detachable: fc.boolean(),
      isProtected: fc.nat(9).map((n) => n === 0),
      account: fc.constantFrom("a1", "a2"),
    }),
    { maxLength: 12 },
  ),
  others: fc.nat(2),
  edges: fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 24 }),
  members: fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 4 }),
}).map(({ nodes, others, edges, members }) => {
  const marks = nodes.map(({ detachable, isProtected, account }, at) =>
    mark(`n${at}`, {
      kind: detachable ? "toy_ring" : "toy_box",
      isProtected,
      account,
    })
  );
  const more = Array.from({ length: others }, (_, at) => dependant(`o${at}`));
  const names = [...marks, ...more].map(({ node }) => node);
  const texts = (pairs: readonly (readonly [number, number])[]) =>
    pairs.flatMap(([from, to]) => {
      const source = marks[from % Math.max(1, marks.length)]?.node;
      const target = names[to % Math.max(1, names.length)];
      return source === undefined || target === undefined
        ? []
        : [`${source} ${target}`];
    });
  return inputOf(marks, texts(edges), more, texts(members));
});
