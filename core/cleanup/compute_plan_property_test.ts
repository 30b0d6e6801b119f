import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { ANY_INPUT } from "./_random_marks.ts";
import { computePlan, type PlanInput } from "./compute_plan.ts";
import { planHash } from "./plan_hash.ts";

const RUNS = 2_000;

/** What hangs on each node, by names; what is not marked too. */
function hanging(
  { marks, others, edges }: Omit<PlanInput, "members">,
): Map<string, Set<string>> {
  const names = [...marks, ...others].map(({ node }) => node);
  const found = new Map(names.map((name) => [name, new Set<string>()]));
  for (let at = 0; at < edges.from.length; at++) {
    const from = names[edges.from[at] ?? -1] ?? "";
    const to = names[edges.to[at] ?? -1] ?? "";
    if (from !== to) found.get(from)?.add(to);
  }
  return found;
}

/** All that a node leads to along edges whose ends are all meant. */
function reach(
  start: string,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  isMeant: (name: string) => boolean,
): Set<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const to of edges.get(name) ?? []) {
      if (found.has(to) || !isMeant(to)) continue;
      found.add(to);
      visit(to);
    }
  };
  visit(start);
  return found;
}

/** Names of what cannot be deleted, by the rules and nothing else. */
function blockedNames(input: PlanInput): string[] {
  const { marks, others, canDetach } = input;
  const edges = hanging(input);
  // What goes along holds its owner back as what hangs on it does.
  const members = hanging({ ...input, edges: input.members });
  const either = new Map(
    [...edges].map(([name, hangs]) => [
      name,
      new Set([...hangs, ...members.get(name) ?? []]),
    ]),
  );
  const kinds = new Map(marks.map(({ node, kind }) => [node, kind]));
  const isHeld = (name: string) =>
    kinds.has(name) && !canDetach(kinds.get(name) ?? "");
  const unwanted = new Set([
    ...others.map(({ node }) => node),
    ...marks.filter((mark) => input.obstacle(mark)).map(({ node }) => node),
    ...marks.map(({ node }) => node).filter((name) =>
      isHeld(name) && reach(name, edges, isHeld).has(name)
    ),
  ]);
  return marks.map(({ node }) => node).filter((name) =>
    unwanted.has(name) ||
    [...reach(name, either, () => true)].some((each) => unwanted.has(each))
  ).sort();
}

Deno.test("computePlan() plans or blocks each mark, as the rules say", () => {
  fc.assert(
    fc.property(ANY_INPUT, (input) => {
      const { items, blocked } = computePlan(input);
      const expected = blockedNames(input);
      deepStrictEqual(blocked.map(({ node }) => node.node).sort(), expected);
      ok(blocked.every(({ message }) => message !== ""));
      deepStrictEqual(
        items.filter(({ action }) => action === "delete")
          .map(({ node }) => node.node).sort(),
        input.marks.map(({ node }) => node).filter((name) =>
          !expected.includes(name)
        ).sort(),
      );
    }),
    { numRuns: RUNS },
  );
});

Deno.test("computePlan() deletes nothing before what hangs on it", () => {
  fc.assert(
    fc.property(ANY_INPUT, (input) => {
      const { items } = computePlan(input);
      const edges = hanging(input);
      const gone = new Set<string>();
      const detached = new Set<string>();
      let done = 0;
      for (let wave = 1; done < items.length; wave++) {
        const now = items.filter((item) => item.wave === wave);
        ok(now.length > 0, "no wave is empty");
        done += now.length;
        for (const { action, node, needs, position } of now) {
          const left = [...edges.get(node.node) ?? []].filter((name) =>
            !gone.has(name)
          );
          for (const name of left) {
            const isCircle = reach(name, edges, () => true).has(node.node);
            ok(isCircle, `${name} hangs on ${node.node} and on nothing of it`);
            ok(
              action === "detach" || detached.has(name),
              `${name} says something of ${node.node} when it goes`,
            );
          }
          const before = needs.map((at) => items[at]?.node.node ?? "").sort();
          ok(before.every((name) => gone.has(name)));
          ok(needs.every((at) => at < position));
        }
        for (const { action, node: { node } } of now) {
          (action === "delete" ? gone : detached).add(node);
        }
      }
      strictEqual(items.every(({ position }, at) => position === at), true);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("computePlan() needs all that hangs on a node, but what is detached", () => {
  fc.assert(
    fc.property(ANY_INPUT, (input) => {
      const { items } = computePlan(input);
      const edges = hanging(input);
      const detached = new Set(
        items.filter(({ action }) => action === "detach")
          .map(({ node }) => node.node),
      );
      for (const { action, node: { node }, needs, circle } of items) {
        const inside = reach(node, edges, () => true);
        const expected = [...edges.get(node) ?? []].filter((name) => {
          const isCircle = inside.has(node) &&
            reach(name, edges, () => true).has(node);
          return !isCircle || (action === "delete" && !detached.has(name));
        }).sort();
        deepStrictEqual(
          needs.map((at) => items[at]?.node.node ?? "").sort(),
          expected,
        );
        strictEqual(circle !== null, inside.has(node));
      }
    }),
    { numRuns: RUNS },
  );
});

Deno.test("computePlan() does not depend on the order of its input", () => {
  const shuffled = ANY_INPUT.chain((input) =>
    fc.shuffledSubarray([...input.marks.keys()], {
      minLength: input.marks.length,
    }).map((order) => {
      const places = new Map(order.map((from, to) => [from, to]));
      const moved = (list: ArrayLike<number>) =>
        Array.from(list, (at) => places.get(at) ?? at).reverse();
      return {
        input,
        other: {
          ...input,
          marks: order.flatMap((at) => input.marks[at] ?? []),
          edges: { from: moved(input.edges.from), to: moved(input.edges.to) },
          members: {
            from: moved(input.members.from),
            to: moved(input.members.to),
          },
        },
      };
    })
  );
  fc.assert(
    fc.property(shuffled, ({ input, other }) => {
      const [one, two] = [computePlan(input), computePlan(other)];
      deepStrictEqual(one, two);
      strictEqual(planHash("main", one.items), planHash("main", two.items));
    }),
    { numRuns: RUNS / 2 },
  );
});
