import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { openGraph } from "./open_graph.ts";
import { toBody, TOY_MODEL, toyId } from "./_toy_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;

Deno.test("merge() creates nodes, containers and edges", async () => {
  const session = await database.db.graph("first");
  await using graph = await openGraph({
    name: "first",
    session,
    indexDirectory: `${database.dataDir}/index/first`,
  });
  await graph.updateModel(TOY_MODEL);
  const messages = () =>
    toBody([
      {
        type: "scope",
        scope: 1,
        state: "open",
        cloud: "toy",
        account: "a1",
        region: "",
        kind: "toy_account",
        account_name: "One",
      },
      { type: "node", scope: 1, id: "a1", reported: { name: "One" } },
      { type: "scope", scope: 1, state: "complete" },
      {
        type: "scope",
        scope: 2,
        state: "open",
        cloud: "toy",
        account: "a1",
        region: "",
        kind: "toy_region",
        account_name: "One",
      },
      { type: "node", scope: 2, id: "r1", reported: { name: "Region" } },
      { type: "scope", scope: 2, state: "complete" },
      {
        type: "scope",
        scope: 3,
        state: "open",
        cloud: "toy",
        account: "a1",
        region: "r1",
        kind: "toy_box",
        account_name: "One",
      },
      {
        type: "node",
        scope: 3,
        id: "b1",
        zone: "z",
        reported: {
          name: "Box",
          size: "5",
          born: "2026-01-02 03:04:05.6+02:00",
          tags: { owner: "me" },
        },
      },
      { type: "node", scope: 3, id: "b2", reported: { name: "Box 2" } },
      {
        type: "edge",
        scope: 3,
        from: toyId("toy_box", "b1", "a1", "r1"),
        to: toyId("toy_box", "b2", "a1", "r1"),
        edge_type: "delete",
      },
      { type: "scope", scope: 3, state: "complete" },
      { type: "end", collected: { cloud: "toy", account: "a1" } },
    ]);
  const report = await graph.merge(messages(), { signal });
  assert.deepEqual(
    [
      report.nodes_created,
      report.edges_created,
      report.scopes_complete,
      report.rejected,
    ],
    [4, 5, 3, 0],
  );
  const again = await graph.merge(messages(), { signal });
  assert.deepEqual(
    [
      again.nodes_created,
      again.nodes_updated,
      again.nodes_unchanged,
      again.edges_created,
      again.sequence,
    ],
    [0, 0, 4, 0, report.sequence],
  );
  assert.deepEqual((await graph.verify()).differences, []);
  const node = await graph.node(toyId("toy_box", "b1", "a1", "r1"));
  assert.deepEqual(node?.reported, {
    kind: "toy_box",
    id: "b1",
    name: "Box",
    size: 5,
    born: "2026-01-02T01:04:05Z",
    tags: { owner: "me" },
  });
  assert.equal(node?.ancestors.account?.reported.name, "One");
  const ledger = await Array.fromAsync(graph.ledger());
  assert.deepEqual(
    ledger.map(({ kind, status, count }) => [kind, status, count]),
    [
      ["toy_account", "complete", 1],
      ["toy_region", "complete", 1],
      ["toy_box", "complete", 2],
    ],
  );
});

Deno.test("the ledger keeps what a scope took, until its next listing tells otherwise", async () => {
  const session = await database.db.graph("usage");
  await using graph = await openGraph({
    name: "usage",
    session,
    indexDirectory: `${database.dataDir}/index/usage`,
  });
  await graph.updateModel(TOY_MODEL);
  const merge = (end: Record<string, unknown>) =>
    graph.merge(
      toBody([
        {
          type: "scope",
          scope: 1,
          state: "open",
          cloud: "toy",
          account: "a1",
          region: "",
          kind: "toy_account",
        },
        { type: "node", scope: 1, id: "a1", reported: {} },
        { type: "scope", scope: 1, state: "complete", ...end },
        { type: "end" },
      ]),
      { signal },
    );
  const entry = async () => (await Array.fromAsync(graph.ledger()))[0];
  const usage = { calls: 3, throttles: 1, bytes: 900, waited_ms: 12.5 };
  await merge({ usage: { ...usage, more: "is not kept" } });
  assert.deepEqual((await entry())?.usage, usage);
  const failed = { state: "failed", error: { code: "Denied", message: "no" } };
  await merge({ ...failed, usage: { ...usage, calls: 1 } });
  assert.equal((await entry())?.usage?.calls, 1);
  await merge({});
  assert.equal((await entry())?.usage, undefined);
  await assert.rejects(merge({ usage: { ...usage, bytes: -1 } }), {
    code: "merge_malformed",
    message: /the "usage" of its "scope" message/,
  });
});
