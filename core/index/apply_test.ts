import assert from "node:assert/strict";
import type { DuckDBConnection } from "@duckdb/node-api";
import { applyBatches } from "./apply.ts";
import type { IndexBatch, IndexNode, IndexSection } from "./index_batch.ts";
import { SearchIndex } from "./search_index.ts";
import { searchText } from "./search_text.ts";

const scope = { sid: 1, cloud: "c", account: "a", region: "r", kind: "k" };

function section(part: Partial<IndexSection>): IndexSection {
  return {
    scope,
    kinds: ["k", "resource"],
    accountName: "A",
    regionName: "R",
    run: "run1",
    nodes: [],
    goneNodes: [],
    edges: [],
    goneEdges: [],
    ...part,
  };
}

function batch(
  sequence: number,
  part: Partial<IndexSection>,
  more: Partial<IndexBatch> = {},
): IndexBatch {
  return {
    sequence,
    commit: sequence,
    at: "2026-01-01T00:00:00.000Z",
    sections: [section(part)],
    scopes: [],
    ...more,
  };
}

function node(
  id: string,
  reported: Record<string, never | string | number | boolean | object>,
  mode: IndexNode["mode"] = "new",
): IndexNode {
  const document = { id: `p-${id}`, kind: "k", ...reported } as never;
  return {
    id,
    hash: `h-${id}`,
    zone: null,
    reported: JSON.stringify(document),
    text: searchText(document),
    mode,
  };
}

async function withIndex(
  test: (connection: DuckDBConnection, index: SearchIndex) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "skymap-index-" });
  try {
    using index = await SearchIndex.build(
      { directory, graph: "g", record: "r" },
      () => Promise.resolve(),
    );
    const connection = await index.connect();
    try {
      await test(connection, index);
    } finally {
      connection.closeSync();
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function rows(
  connection: DuckDBConnection,
  sql: string,
): Promise<unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

const VERSIONS = `select id, name, valid_from::integer, valid_to::integer
  from node order by id, valid_from`;

Deno.test("applyBatches() ends a version where the next begins", async () => {
  await withIndex(async (connection) => {
    await applyBatches(connection, [
      batch(2, { nodes: [node("n1", { name: "a" }), node("n2", {})] }),
    ]);
    await applyBatches(connection, [
      batch(4, { nodes: [node("n1", { name: "b" }, "next")] }),
    ]);
    // What makes no history takes the place of the version before.
    await applyBatches(connection, [
      batch(6, { nodes: [node("n1", { name: "c" }, "same")] }),
    ]);
    await applyBatches(connection, [batch(8, { goneNodes: ["n2"] })]);
    assert.deepEqual(await rows(connection, VERSIONS), [
      ["n1", "a", 2, 4],
      ["n1", "c", 4, null],
      ["n2", null, 2, 8],
    ]);
    const [meta] = await rows(
      connection,
      "select applied_seq::integer from meta",
    );
    assert.deepEqual(meta, [8]);
  });
});

Deno.test("applyBatches() takes what people want and Skymap knows with each version", async () => {
  await withIndex(async (connection) => {
    const desired = '{"clean":true}';
    const metadata = '{"k":1}';
    await applyBatches(connection, [
      batch(1, { nodes: [{ ...node("n1", {}), desired }] }),
    ]);
    await applyBatches(connection, [
      batch(2, { nodes: [{ ...node("n1", {}, "next"), metadata }] }),
    ]);
    assert.deepEqual(
      await rows(
        connection,
        "select desired, metadata from node order by valid_from",
      ),
      [[desired, null], [null, metadata]],
    );
  });
});

Deno.test("applyBatches() fills the columns that searches use", async () => {
  await withIndex(async (connection) => {
    const reported = {
      name: "Web-1",
      ctime: "2026-01-02T03:04:05Z",
      instance_cores: 4,
      instance_memory: "8",
      volume_encrypted: true,
      tags: { owner: "me", "a.b": "c" },
    };
    await applyBatches(connection, [
      batch(1, { nodes: [node("n1", reported), node("n2", { tags: 5 })] }),
    ]);
    const [row] = await rows(
      connection,
      `select rid, kind, kinds, cloud, account, account_name, region,
         region_name, name, ctime::varchar, instance_cores, instance_memory,
         volume_encrypted, tags['a.b'], nid = hash(id) from node where id = 'n1'`,
    );
    assert.deepEqual(row, [
      "p-n1",
      "k",
      ["k", "resource"],
      "c",
      "a",
      "A",
      "r",
      "R",
      "Web-1",
      "2026-01-02 03:04:05+00",
      4,
      8,
      true,
      "c",
      true,
    ]);
    const [other] = await rows(
      connection,
      "select tags from node where id = 'n2'",
    );
    assert.deepEqual(other, [null]);
  });
});

Deno.test("applyBatches() keeps both copies of the edges alike", async () => {
  await withIndex(async (connection) => {
    const edge = { from: "n1", to: "n2", type: "default" };
    await applyBatches(connection, [
      batch(1, {
        edges: [
          { ...edge, reported: null, mode: "new" },
          { ...edge, type: "iam", reported: '{"a":1}', mode: "new" },
        ],
      }),
    ]);
    await applyBatches(connection, [
      batch(2, {
        edges: [{ ...edge, type: "iam", reported: '{"a":2}', mode: "next" }],
        goneEdges: [edge],
      }),
    ]);
    assert.deepEqual(
      await rows(
        connection,
        `select from_id, to_id, type, reported, valid_from::integer,
           valid_to::integer from edge_out order by type, valid_from`,
      ),
      [
        ["n1", "n2", "default", null, 1, 2],
        ["n1", "n2", "iam", '{"a":1}', 1, 2],
        ["n1", "n2", "iam", '{"a":2}', 2, null],
      ],
    );
    const columns = "src, dst, type, sid, valid_from, valid_to";
    assert.deepEqual(
      await rows(
        connection,
        `select ${columns} from edge_out except all select ${columns} from edge_in`,
      ),
      [],
    );
  });
});

Deno.test("applyBatches() applies all or nothing", async () => {
  await withIndex(async (connection) => {
    await assert.rejects(applyBatches(connection, [
      batch(1, { nodes: [node("n1", {})] }),
      batch(2, { nodes: [{ ...node("n2", {}), reported: "not json" }] }),
    ]));
    assert.deepEqual(await rows(connection, VERSIONS), []);
    // And the connection can be used again.
    await applyBatches(connection, [batch(1, { nodes: [node("n1", {})] })]);
    assert.equal((await rows(connection, VERSIONS)).length, 1);
  });
});

Deno.test("SearchIndex.compact() sorts and keeps every row", async () => {
  await withIndex(async (connection, index) => {
    const many = Array.from({ length: 300 }, (_, at) => node(`n${at}`, {}));
    await applyBatches(connection, [batch(300, { nodes: many })]);
    await applyBatches(connection, [
      batch(310, { goneNodes: many.slice(0, 200).map(({ id }) => id) }),
    ]);
    const before = await rows(connection, VERSIONS);
    await index.compact();
    const compacted = await index.connect();
    try {
      assert.deepEqual(await rows(compacted, VERSIONS), before);
      assert.deepEqual(await index.position(), { sequence: 310, commit: 310 });
    } finally {
      compacted.closeSync();
    }
    const names = await Array.fromAsync(
      Deno.readDir(index.path.slice(0, index.path.lastIndexOf("/"))),
    );
    assert.deepEqual(
      names.map(({ name }) => name).filter((name) => !name.startsWith("2.")),
      [],
    );
  });
});
