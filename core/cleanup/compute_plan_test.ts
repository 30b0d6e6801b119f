import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { dependant, inputOf, mark } from "./_random_marks.ts";
import { computePlan, type PlanInput } from "./compute_plan.ts";
import { planHash } from "./plan_hash.ts";

function stepsOf(input: PlanInput): string[] {
  return computePlan(input).items.map(({ action, wave, node, needs }) =>
    `${wave} ${action} ${node.node} [${needs}]`
  );
}

function blocksOf(input: PlanInput): Record<string, string> {
  return Object.fromEntries(
    computePlan(input).blocked.map(({ node, reason, message }) => [
      node.node,
      `${reason}: ${message}`,
    ]),
  );
}

Deno.test("computePlan() deletes what hangs on others first", () => {
  deepStrictEqual(
    stepsOf(
      inputOf([mark("a"), mark("b"), mark("c"), mark("d")], [
        "a b",
        "b c",
        "a c",
        "a c",
        "c c",
      ]),
    ),
    [
      "1 delete c []",
      "1 delete d []",
      "2 delete b [0]",
      "3 delete a [0,2]",
    ],
  );
});

Deno.test("computePlan() names what is not marked, and what that blocks", () => {
  const input = inputOf(
    [mark("a"), mark("b"), mark("c", { isProtected: true }), mark("d")],
    ["a b", "b web", "b vpn", "d c"],
    [dependant("web", "is not marked"), dependant("vpn", "is not marked")],
  );
  deepStrictEqual(stepsOf(input), []);
  deepStrictEqual(blocksOf(input), {
    a: "blocked_dependant: toy_box b hangs on it and cannot be deleted",
    b: "dependant: toy_box vpn hangs on it and is not marked, and 1 more",
    c: "protected: it is protected",
    d: "blocked_dependant: toy_box c hangs on it and cannot be deleted",
  });
});

Deno.test("computePlan() keeps what would take along what stays", () => {
  const web = { name: "web", id: "i-1" };
  const input = inputOf(
    [
      mark("group"),
      mark("pool"),
      mark("box"),
      mark("disk", { isProtected: true }),
      mark("net"),
      mark("stack"),
      mark("held"),
    ],
    ["box group", "disk box", "net stack"],
    [{ ...dependant("i-1"), ...web }, dependant("i-2", "is protected")],
    ["group box", "box disk", "pool i-1", "pool i-2", "stack held", "held i-2"],
  );
  deepStrictEqual(stepsOf(input), []);
  deepStrictEqual(blocksOf(input), {
    box: "member: toy_box disk goes along with it and is protected",
    disk: "protected: it is protected",
    group: "member: toy_box box goes along with it and cannot be deleted",
    held: "member: toy_box i-2 goes along with it and is protected",
    net: "blocked_dependant: toy_box stack hangs on it and cannot be deleted",
    pool: "member: toy_box i-1 (web) goes along with it and is not marked, " +
      "and 1 more",
    stack: "member: toy_box held goes along with it and cannot be deleted",
  });
  const keeps = ({ id }: { readonly id: string }) =>
    id === "b"
      ? { reason: "belt" as const, message: "its id is kept" }
      : undefined;
  const belted = inputOf([mark("a"), mark("b")], ["b a"], [], ["a b"]);
  deepStrictEqual(blocksOf({ ...belted, obstacle: keeps }), {
    a: "member: toy_box b goes along with it and is kept by the configuration",
    b: "belt: its id is kept",
  });
  deepStrictEqual(stepsOf(belted), ["1 delete a []", "2 delete b [0]"]);
});

Deno.test("computePlan() breaks a circle by detaching, behind what hangs on it", () => {
  const ring = { kind: "toy_ring" };
  deepStrictEqual(
    stepsOf(
      inputOf([mark("r1", ring), mark("r2", ring), mark("x"), mark("net")], [
        "r1 r2",
        "r2 r1",
        "r2 x",
        "net r1",
      ]),
    ),
    [
      "1 delete x []",
      "2 detach r1 []",
      "2 detach r2 [0]",
      "3 delete r1 []",
      "3 delete r2 [0]",
      "4 delete net [3]",
    ],
  );
});

Deno.test("computePlan() keeps the order of what is not detached in a circle", () => {
  // The ring names both boxes, and nothing that is not a ring closes a circle.
  deepStrictEqual(
    stepsOf(
      inputOf([mark("b1"), mark("b2"), mark("ring", { kind: "toy_ring" })], [
        "b1 ring",
        "b2 b1",
        "ring b2",
      ]),
    ),
    [
      "1 detach ring []",
      "2 delete b1 []",
      "3 delete b2 [1]",
      "4 delete ring [2]",
    ],
  );
});

Deno.test("computePlan() blocks a circle that nothing can be detached from", () => {
  deepStrictEqual(
    blocksOf(inputOf([mark("a"), mark("b"), mark("c")], ["a b", "b a", "c a"])),
    {
      a: "circle: toy_box a, toy_box b hang on each other in a circle, and " +
        "none of them can be detached",
      b: "circle: toy_box a, toy_box b hang on each other in a circle, and " +
        "none of them can be detached",
      c: "blocked_dependant: toy_box a hangs on it and cannot be deleted",
    },
  );
});

Deno.test("computePlan() takes chains of any length", () => {
  const count = 50_000;
  const marks = Array.from(
    { length: count },
    (_, at) => mark(String(at).padStart(6, "0")),
  );
  const { items } = computePlan({
    ...inputOf(marks),
    edges: {
      from: Array.from({ length: count - 1 }, (_, at) => at),
      to: Array.from({ length: count - 1 }, (_, at) => at + 1),
    },
  });
  strictEqual(items.at(-1)?.wave, count);
  strictEqual(items.at(-1)?.node.node, "000000");
});

Deno.test("planHash() tells every change of a step", () => {
  const [item] = computePlan(inputOf([mark("a")])).items;
  ok(item !== undefined);
  const before = planHash("main", [item]);
  strictEqual(planHash("main", [structuredClone(item)]), before);
  for (
    const other of [
      { ...item, action: "detach" as const },
      { ...item, wave: 2 },
      { ...item, needs: [7] },
      { ...item, circle: 1 },
      { ...item, node: { ...item.node, version: "x" } },
      { ...item, node: { ...item.node, id: "x" } },
      { ...item, node: { ...item.node, account: "x" } },
    ]
  ) {
    ok(planHash("main", [other]) !== before, JSON.stringify(other));
  }
  ok(planHash("other", [item]) !== before);
  strictEqual(
    planHash("main", [{ ...item, node: { ...item.node, cost: 3 } }]),
    before,
  );
});
