import assert from "node:assert/strict";
import fc from "fast-check";
import type { DbSession } from "@skymap/lib/db";
import type { ModelUpdate } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { canonicalJson } from "@skymap/lib/json";
import { EDGE_TYPES, type MergeMessage } from "@skymap/lib/plugin_host";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import type { Graph } from "./graph.ts";
import { openGraph } from "./open_graph.ts";
import { NaiveGraph } from "./_naive_graph.ts";
import { readEdgePages, readNodePages } from "./record.ts";
import { TOY_MODEL, toyId } from "./_toy_graph.ts";
import { scopeText } from "./scope_key.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;

/** Everything that the record and the ledger hold, as texts. */
async function contents(graph: Graph, session: DbSession): Promise<NaiveGraph> {
  const found = new NaiveGraph();
  for await (const { rows } of readNodePages(session)) {
    for (const row of rows) {
      found.nodes.set(String(row.id.id), canonicalJson(row.reported));
    }
  }
  for (const type of EDGE_TYPES) {
    for await (const { rows } of readEdgePages(session, type)) {
      for (const row of rows) {
        found.edges.set(
          [type, ...row.id.id as string[]].join(" "),
          canonicalJson(row.reported ?? null),
        );
      }
    }
  }
  for await (const entry of graph.ledger()) {
    found.ledger.set(scopeText(entry), entry.status);
  }
  return found;
}

function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([one], [two]) => one < two ? -1 : 1);
}

async function assertSame(
  graph: Graph,
  session: DbSession,
  model: NaiveGraph,
): Promise<void> {
  const found = await contents(graph, session);
  assert.deepEqual(sorted(found.nodes), sorted(model.nodes));
  assert.deepEqual(sorted(found.edges), sorted(model.edges));
  assert.deepEqual(sorted(found.ledger), sorted(model.ledger));
  assert.deepEqual((await graph.verify()).differences, []);
}

const KINDS = ["toy_account", "toy_region", "toy_box", "toy_disk"] as const;

interface PlannedScope {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly nodes: readonly { id: string; size: number; seen: number }[];
  readonly edges: readonly {
    from: number;
    to: { kind: string; id: string; region: string; account: string };
    type: "default" | "delete" | "iam";
    reported: number;
    reverse: boolean;
  }[];
  readonly outcome: "complete" | "failed" | "open";
}

const account = fc.constantFrom("a1", "a2");
const region = fc.constantFrom("", "r1");
const nodeName = fc.integer({ min: 0, max: 5 }).map((at) => `n${at}`);

const scope: fc.Arbitrary<PlannedScope> = fc.record({
  account,
  region,
  kind: fc.constantFrom(...KINDS),
  nodes: fc.uniqueArray(
    fc.record({
      id: nodeName,
      // One that is refused, few others: most merges change little.
      size: fc.constantFrom(0, 0, 0, 1, 1, 2, -1),
      seen: fc.constantFrom(0, 0, 1),
    }),
    { maxLength: 5, selector: ({ id }) => id },
  ),
  edges: fc.array(
    fc.record({
      from: fc.nat(4),
      to: fc.record({
        kind: fc.constantFrom(...KINDS),
        id: nodeName,
        region,
        account,
      }),
      type: fc.constantFrom("default", "default", "delete", "iam"),
      reported: fc.constantFrom(0, 0, 1),
      reverse: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  outcome: fc.constantFrom(
    "complete",
    "complete",
    "complete",
    "failed",
    "open",
  ),
});

interface PlannedMerge {
  readonly scopes: readonly PlannedScope[];
  readonly collected: boolean;
  readonly accountFailed: boolean;
  /** Whether the kind of boxes takes any size; it may change between merges. */
  readonly anySize: boolean;
  /** Share of the stream's bytes that arrive. */
  readonly share: number;
  /** What happens to the process. */
  readonly mishap:
    | "none"
    | "crash"
    | "index error"
    | "lose index"
    | "cut index"
    | "reopen";
}

const merge: fc.Arbitrary<PlannedMerge> = fc.record({
  scopes: fc.uniqueArray(scope, {
    maxLength: 6,
    selector: (one) => `${one.account} ${one.region} ${one.kind}`,
  }),
  collected: fc.boolean(),
  accountFailed: fc.constantFrom(false, false, false, true),
  anySize: fc.constantFrom(false, false, true),
  share: fc.constantFrom(1, 1, 1, 0.3, 0.6, 0.9),
  mishap: fc.constantFrom(
    "none",
    "none",
    "none",
    "crash",
    "index error",
    "lose index",
    "cut index",
    "reopen",
  ),
});

function messagesOf({ scopes, collected, accountFailed }: PlannedMerge) {
  const messages: MergeMessage[] = [];
  scopes.forEach((planned, at) => {
    const number = at + 1;
    const { account, region, kind, nodes, edges, outcome } = planned;
    messages.push({
      type: "scope",
      scope: number,
      state: "open",
      cloud: "toy",
      account,
      region,
      kind,
    });
    for (const { id, size, seen } of nodes) {
      const reported = kind === "toy_disk"
        ? { name: id, size: size < 0 ? "big" : size, seen }
        : kind === "toy_box"
        ? { name: id, size: size < 0 ? "big" : size, tags: { k: `${size}` } }
        : { name: `${id} ${size}` };
      messages.push({ type: "node", scope: number, id, reported });
    }
    for (const { from, to, type, reported, reverse } of edges) {
      const near = toyId(kind, nodes[from]?.id ?? "none", account, region);
      const far = toyId(to.kind, to.id, to.account, to.region);
      messages.push({
        type: "edge",
        scope: number,
        from: reverse ? far : near,
        to: reverse ? near : far,
        ...(type !== "default" && { edge_type: type }),
        ...(reported > 0 && { reported: { weight: reported } }),
      });
    }
    if (outcome === "complete") {
      messages.push({ type: "scope", scope: number, state: "complete" });
    } else if (outcome === "failed") {
      messages.push({
        type: "scope",
        scope: number,
        state: "failed",
        error: { code: "Throttled", message: "Slow down" },
      });
    }
  });
  if (accountFailed) {
    messages.push({
      type: "account_failed",
      cloud: "toy",
      account: "a2",
      error: { code: "AccessDenied", message: "No" },
    });
  }
  messages.push({
    type: "end",
    ...(collected && { collected: { cloud: "toy", account: "a1" } }),
  });
  return messages;
}

/** The made-up cloud, with boxes that have an integer or any size. */
function toyModel(anySize: boolean): ModelUpdate {
  const kinds = TOY_MODEL.plugin.kinds.map((kind) =>
    kind.name === "toy_box" && anySize
      ? {
        ...kind,
        properties: { ...kind.properties, size: { kind: "any" } },
      }
      : kind
  );
  return { plugin: { ...TOY_MODEL.plugin, kinds } };
}

/** The whole lines within a share of the bytes. */
function cut(messages: readonly MergeMessage[], share: number) {
  const text = messages.map((message) => `${JSON.stringify(message)}\n`).join(
    "",
  );
  const kept = text.slice(0, Math.floor(text.length * share));
  const lines = kept.split("\n");
  const last = lines.pop() ?? "";
  // A whole last line without its end is taken as any other.
  if (text[kept.length] === "\n") lines.push(last);
  return {
    body: new TextEncoder().encode(kept),
    messages: lines.map((line) => JSON.parse(line) as MergeMessage),
  };
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 500) {
    yield await Promise.resolve(bytes.subarray(at, at + 500));
  }
}

let runs = 0;

Deno.test("merge() does what a naive graph does, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(merge, { minLength: 1, maxLength: 6 }),
      async (merges) => {
        const name = `p${++runs}`;
        const session = await database.db.graph(name);
        const directory = `${database.dataDir}/index/${name}`;
        let crash = false;
        let indexErrors = 0;
        const faults = {
          beforeIndex: () => {
            if (crash) throw new Error("crash");
          },
          inIndex: () => {
            if (indexErrors-- > 0) throw new Error("FATAL Error: disk full");
          },
        };
        const open = () =>
          openGraph({ name, session, indexDirectory: directory, faults });
        let graph = await open();
        try {
          const model = new NaiveGraph();
          for (const planned of merges) {
            const messages = messagesOf(planned);
            const toModel = toyModel(planned.anySize);
            await graph.updateModel(toModel);
            const part = cut(messages, planned.share);
            const merging = () =>
              graph.merge(inChunks(part.body), { signal }).catch((error) => {
                if (isSkymapError(error, "merge_truncated")) return;
                throw error;
              });
            if (planned.mishap === "crash") {
              crash = true;
              await merging().catch(() => {});
              crash = false;
              await graph[Symbol.asyncDispose]();
              graph = await open();
              assert.deepEqual((await graph.verify()).differences, []);
            }
            indexErrors = planned.mishap === "index error" ? 1 : 0;
            await merging();
            model.merge(
              part.messages,
              ({ size, tags }) =>
                size === "big" && !(planned.anySize && tags !== undefined),
            );
            await assertSame(graph, session, model);
            const { sequence } = graph;
            if (planned.mishap === "none") {
              await merging();
              assert.equal(graph.sequence, sequence, "a second merge wrote");
            } else if (/lose|cut|reopen/.test(planned.mishap)) {
              await graph[Symbol.asyncDispose]();
              if (planned.mishap === "lose index") {
                await Deno.remove(directory, { recursive: true });
              } else if (planned.mishap === "cut index") {
                const path = graph.index.path;
                const { size } = await Deno.stat(path);
                await Deno.truncate(path, Math.floor(size / 2));
              }
              graph = await open();
              assert.deepEqual((await graph.verify()).differences, []);
              assert.equal(graph.sequence, sequence);
            }
          }
        } finally {
          await graph[Symbol.asyncDispose]();
          await Deno.remove(directory, { recursive: true });
        }
      },
    ),
    {
      numRuns: Number(Deno.env.get("SKYMAP_TEST_RUNS") ?? 8),
      // Shrinking a sequence of merges takes minutes.
      endOnFailure: true,
    },
  );
});
