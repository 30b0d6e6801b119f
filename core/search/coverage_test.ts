import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { zooNode, zooScope, zooSearch } from "./_zoo_search.ts";

Deno.test("Searcher.coverage() names the scopes that are not up to date, and why", async () => {
  const { lastSuccess: _, ...never } = zooScope(3, "zoo_cat", {
    account: "old",
    status: "gone",
  });
  await using zoo = await zooSearch({
    scopes: [
      zooScope(1, "zoo_cat", { status: "failed", reason: "AccessDenied" }),
      zooScope(2, "zoo_cat", { account: "prod" }),
      never,
      zooScope(4, "zoo_volume", { status: "failed", reason: "other" }),
    ],
  });
  deepStrictEqual(await zoo.searcher.coverage("is(zoo_cat)"), {
    type: "coverage",
    scopes: 3,
    complete: 1,
    stale: 2,
    failed: 1,
    oldest: "2026-01-01T00:00:00Z",
    sequence: 7,
    problems: [
      {
        cloud: "zoo",
        account: "dev",
        region: "eu",
        kind: "zoo_cat",
        status: "failed",
        reason: "AccessDenied",
        since: "2026-01-01T00:00:00Z",
      },
      {
        cloud: "zoo",
        account: "old",
        region: "eu",
        kind: "zoo_cat",
        status: "gone",
        reason: "gone",
        since: null,
      },
    ],
    problems_total: 2,
    gaps: [],
    warnings: [],
  });
});

Deno.test("Searcher.coverage() names a hundred scopes at most, and counts all", async () => {
  await using zoo = await zooSearch({
    scopes: Array.from(
      { length: 150 },
      (_, at) => ({
        ...zooScope(1, "zoo_cat", { status: "failed", reason: "x" }),
        sid: at,
        account: `a${at}`,
      }),
    ),
  });
  const found = await zoo.searcher.coverage("all");
  strictEqual(found.problems.length, 100);
  strictEqual(found.problems_total, 150);
});

Deno.test("Searcher.coverage() says what nobody ever listed", async () => {
  await using empty = await zooSearch({});
  const { scopes, gaps } = await empty.searcher.coverage("all");
  deepStrictEqual([scopes, gaps], [0, ["Nothing was ever listed"]]);

  await using zoo = await zooSearch({ scopes: [zooScope(1, "zoo_cat")] });
  const gapsOf = async (text: string) =>
    (await zoo.searcher.coverage(text)).gaps;
  const none = 'No account was ever listed for "zoo_volume"';
  deepStrictEqual(await gapsOf("is(zoo_volume)"), [none]);
  deepStrictEqual(await gapsOf("is(zoo_cat) --> is(zoo_volume)"), [none]);
  deepStrictEqual(
    await gapsOf("is(zoo_cat) with(empty, --> is(zoo_volume))"),
    [none],
  );
  deepStrictEqual(await gapsOf("not (is(zoo_cat) or is(zoo_volume))"), [none]);
  // Some kind of an animal was listed, and core makes clouds itself.
  deepStrictEqual(await gapsOf("is(zoo_animal)"), []);
  deepStrictEqual(await gapsOf("is(cloud)"), []);
  deepStrictEqual(await gapsOf("all"), []);
  deepStrictEqual(await gapsOf("volume_size > 3"), [
    "Nothing that the search is about was ever listed",
  ]);
});

Deno.test("Searcher.coverage() leaves out what core fills by itself", async () => {
  await using zoo = await zooSearch({
    scopes: [
      zooScope(1, "zoo_cat"),
      zooScope(2, "cloud", { account: "", region: "" }),
      zooScope(3, "graph_root", { cloud: "", account: "", region: "" }),
    ],
  });
  const { scopes } = await zoo.searcher.coverage("all");
  strictEqual(scopes, 1);
});

Deno.test("Searcher.coverage() of the past tells how scopes stood then", async () => {
  await using zoo = await zooSearch({ scopes: [zooScope(1, "zoo_cat")] });
  await zoo.index.run(
    `insert into scope_past by name select 1 as sid, 'zoo' as cloud, ` +
      `'dev' as account, 'eu' as region, 'zoo_cat' as kind, s as status, ` +
      `case when s = 'failed' then 'Throttled' end as reason, ` +
      `timestamptz '2025-12-01 00:00:00+00' as last_success, ` +
      `f as valid_from, t as valid_to ` +
      `from (values ('failed', 2, 5), ('complete', 5, null)) v(s, f, t)`,
  );
  const at = "2025-12-24T00:00:00.000Z";
  const then = await zoo.searcher.coverage("is(zoo_cat)", { sequence: 3, at });
  deepStrictEqual(
    [then.scopes, then.failed, then.problems[0]?.reason, then.at],
    [1, 1, "Throttled", at],
  );
  strictEqual(then.sequence, 3);
  const before = await zoo.searcher.coverage("all", { sequence: 1 });
  deepStrictEqual(before.gaps, ["Nothing was ever listed"]);
  const later = await zoo.searcher.coverage("all", { sequence: 5 });
  deepStrictEqual([later.scopes, later.stale], [1, 0]);
});

Deno.test("Searcher.counts() counts with the last limit and without it", async () => {
  await using zoo = await zooSearch({
    nodes: Array.from(
      { length: 7 },
      (_, at) => zooNode(`n${at}`, { kind: "zoo_cat", int: at % 3 }),
    ),
  });
  const of = async (text: string) => {
    const { result, total } = await zoo.searcher.counts(text);
    return [result, total];
  };
  deepStrictEqual(await of("is(zoo_cat)"), [7, 7]);
  deepStrictEqual(await of("is(zoo_cat) sort int limit 3"), [3, 7]);
  deepStrictEqual(await of("is(zoo_cat) limit 5, 4"), [2, 7]);
  // A limit that is not the last one decides what there is at all.
  deepStrictEqual(await of("is(zoo_cat) limit 3 -[0:0]-> all"), [3, 3]);
  deepStrictEqual(await of("aggregate(int: sum(1)): is(zoo_cat)"), [3, 3]);
});
