import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { markNodes } from "./mark_nodes.ts";

Deno.test("markNodes() marks by reason, and tells what it could not", async () => {
  const cleaned: [readonly string[], string][] = [];
  const told: string[] = [];
  const marks = Array.from({ length: 1_201 }, (_, at) => ({
    node: { id: `n${at}`, reported: {} },
    reason: at % 2 === 0 ? "even" : "odd",
  }));
  const count = await markNodes(
    {
      graph: {
        async *search() {},
        clean(ids: readonly string[], reason: string) {
          cleaned.push([ids, reason]);
          const refused = ids.filter((id) => id === "n7")
            .map((id) => ({ id, reason: "it is protected" }));
          return Promise.resolve({
            changed: ids.length - refused.length,
            refused,
          });
        },
      } as never,
      issue: (level, message) => void told.push(`${level}: ${message}`),
    },
    marks,
    { plugin: "test" },
  );
  strictEqual(count, 1_200);
  deepStrictEqual(
    cleaned.map(([ids, reason]) => `${ids.length} ${reason}`).sort(),
    ["100 odd", "101 even", "500 even", "500 odd"],
  );
  deepStrictEqual(told, [
    "info: Marked 1200 resources to be cleaned up",
    "warning: Did not mark 1 resources; n7: it is protected",
  ]);
});

Deno.test("markNodes() takes back its marks that are not due any more", async () => {
  const cleaned: string[] = [];
  const kept: string[] = [];
  const told: string[] = [];
  const searches: string[] = [];
  const node = (id: string, clean: boolean) => ({
    id,
    reported: {},
    desired: { clean },
  });
  await markNodes(
    {
      graph: {
        async *search(text: string) {
          searches.push(text);
          await Promise.resolve();
          yield* ["due", "saved", "unseen"].map((id) => node(id, true));
        },
        clean(ids: readonly string[]) {
          cleaned.push(...ids);
          return Promise.resolve({ changed: ids.length, refused: [] });
        },
        keep(ids: readonly string[]) {
          kept.push(...ids);
          return Promise.resolve({ changed: ids.length, refused: [] });
        },
      } as never,
      issue: (level, message) => void told.push(`${level}: ${message}`),
    },
    [
      { node: node("due", true), reason: "old" },
      { node: node("new", false), reason: "old" },
      { node: node("new", false), reason: "for another reason, too" },
    ],
    { plugin: "cleanup_x", isUnseen: ({ id }) => id === "unseen" },
  );
  deepStrictEqual(cleaned, ["new"]);
  deepStrictEqual(kept, ["saved"]);
  deepStrictEqual(searches, [
    "/desired.clean = true and /metadata.cleaned != true and " +
    '/metadata.clean_reason =~ "[(]plugin cleanup_x[)]$"',
  ]);
  deepStrictEqual(told, [
    "info: Marked 1 resources to be cleaned up",
    "info: Took back the marks of 1 resources, for which there is no reason any more",
  ]);
});
