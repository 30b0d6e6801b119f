import { deepStrictEqual, rejects } from "node:assert/strict";
import { AskRefused } from "./asks.ts";
import type { GraphNode, GraphSearchOptions } from "./contract.ts";
import { held } from "./held.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const DAY = 86_400_000;

/** Which nodes are found, by the day before now. */
function finder(found: (daysAgo: number) => readonly string[]) {
  const asked: GraphSearchOptions[] = [];
  async function* find(
    options: GraphSearchOptions,
  ): AsyncGenerator<GraphNode> {
    asked.push(options);
    const at = options.at === undefined ? NOW : Date.parse(options.at);
    for (const id of found((NOW - at) / DAY)) {
      await Promise.resolve();
      yield { id, reported: { daysAgo: (NOW - at) / DAY } };
    }
  }
  return { asked, find };
}

Deno.test("held() gives what was found each day, as it is now", async () => {
  const { find, asked } = finder((ago) => [
    "always",
    ...ago < 3 ? ["new"] : [],
    ...ago === 2 ? [] : ["broken"],
    ...ago > 0 ? ["was"] : [],
  ]);
  const nodes = await held(find, { forMs: 4 * DAY, nowMs: NOW });
  deepStrictEqual(nodes, [{ id: "always", reported: { daysAgo: 0 } }]);
  deepStrictEqual(asked, [
    { requireComplete: true },
    ...[4, 3, 2, 1].map((ago) => ({
      at: new Date(NOW - ago * DAY).toISOString(),
      requireComplete: true,
    })),
  ]);
});

Deno.test("held() asks the past seldom, and not for nothing", async () => {
  const many = finder(() => ["a"]);
  await held(many.find, { forMs: 365 * DAY, nowMs: NOW });
  deepStrictEqual(many.asked.length, 15);
  const none = finder(() => []);
  deepStrictEqual(await held(none.find, { forMs: 9 * DAY, nowMs: NOW }), []);
  deepStrictEqual(none.asked.length, 1);
  const now = finder(() => ["a"]);
  deepStrictEqual((await held(now.find, { forMs: 0, nowMs: NOW })).length, 1);
});

Deno.test("held() holds nothing that is older than the history", async () => {
  const young = finder((ago) => {
    if (ago < 3) return ["a"];
    throw new AskRefused("query_invalid", "its history begins later");
  });
  const options = { forMs: 4 * DAY, nowMs: NOW };
  deepStrictEqual(await held(young.find, options), []);
  const broken = finder((ago) => {
    if (ago === 0) return ["a"];
    throw new AskRefused("unavailable", "core is stopping");
  });
  await rejects(held(broken.find, options), { code: "unavailable" });
});

Deno.test("held() does not go by what could not be listed then", async () => {
  const gap = finder((ago) => {
    if (ago !== 2) return ["a"];
    throw new AskRefused("answer_incomplete", "one scope is not up to date");
  });
  const options = { forMs: 4 * DAY, nowMs: NOW };
  deepStrictEqual(await held(gap.find, options), []);
  async function* find({ at }: GraphSearchOptions): AsyncGenerator<GraphNode> {
    await Promise.resolve();
    yield { id: "listed", reported: {} };
    yield {
      id: "old",
      reported: {},
      ...(at !== undefined && { stale: { since: at, reason: "denied" } }),
    };
  }
  deepStrictEqual(
    (await held(find, options)).map(({ id }) => id),
    ["listed"],
  );
});
