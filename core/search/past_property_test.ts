import assert from "node:assert/strict";
import fc from "fast-check";
import { SkymapError } from "@skymap/lib/errors";
import { canonicalJson } from "@skymap/lib/json";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { NaiveGraph } from "../graph/_naive_graph.ts";
import {
  mergeAll,
  openToyGraph,
  type ToyGraph,
  toyId,
  toyMessages,
  type ToyScope,
} from "../graph/_toy_graph.ts";
import { isOwnScope, scopeHash, scopeText } from "../graph/scope_key.ts";
import type { GraphOptions } from "../graph/mod.ts";
import { IndexReader } from "../index/reader.ts";
import { HistorySearch } from "./history_search.ts";
import { PointsInTime } from "./point_in_time.ts";
import { Searcher } from "./searcher.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

type Texts = ReadonlyMap<string, string>;

/** What a naive graph was at a time. */
interface Moment {
  readonly ms: number;
  readonly nodes: Texts;
  readonly edges: Texts;
  /** How each scope stood, with the reason. */
  readonly scopes: Texts;
}

const NOTHING = { nodes: new Map(), edges: new Map(), scopes: new Map() };

function sorted(map: Texts): [string, string][] {
  return [...map].sort(([one], [two]) => one < two ? -1 : 1);
}

/** What the changes between two moments should be told as. */
function* logOf(before: Moment, after: Moment): Generator<string> {
  const at = new Date(after.ms).toISOString();
  for (const [id, text] of after.nodes) {
    const old = before.nodes.get(id);
    if (old === undefined) yield `node_created ${at} ${id} ${text}`;
    else if (old !== text) yield `node_updated ${at} ${id} ${text} ${old}`;
  }
  for (const [id, text] of before.nodes) {
    if (!after.nodes.has(id)) yield `node_deleted ${at} ${id} ${text}`;
  }
  for (const [edge, text] of after.edges) {
    const name = edge.split(" ").slice(0, 3).join(" ");
    const old = before.edges.get(edge);
    if (old === undefined) yield `edge_created ${at} ${name} ${text}`;
    else if (old !== text) yield `edge_updated ${at} ${name} ${text}`;
  }
  for (const [edge, text] of before.edges) {
    const name = edge.split(" ").slice(0, 3).join(" ");
    if (!after.edges.has(edge)) yield `edge_deleted ${at} ${name} ${text}`;
  }
}

/** A row of the history in the same form. */
function told(json: string): string {
  const row = JSON.parse(json);
  const { change, changed_at, type, reported, before } = row;
  if (type === "edge") {
    const name = `${row.edge_type} ${row.from} ${row.to}`;
    return `${change} ${changed_at} ${name} ${canonicalJson(reported ?? null)}`;
  }
  const old = change === "node_updated" ? ` ${canonicalJson(before)}` : "";
  return `${change} ${changed_at} ${row.id} ${canonicalJson(reported)}${old}`;
}

const nodeName = fc.integer({ min: 0, max: 5 }).map((at) => `n${at}`);

const scope: fc.Arbitrary<ToyScope> = fc.record({
  account: fc.constantFrom("a1", "a2"),
  region: fc.constantFrom("", "r1"),
  kind: fc.constantFrom("toy_box", "toy_disk"),
  nodes: fc.dictionary(nodeName, fc.record({ size: fc.nat(2) }), {
    maxKeys: 5,
    noNullPrototype: true,
  }),
  edges: fc.array(
    fc.record({ from: nodeName, to: nodeName, weight: fc.nat(2) }),
    { maxLength: 4 },
  ),
  failed: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    { code: "Throttled", message: "Slow down" },
    { code: "AccessDenied", message: "No" },
  ),
}).map(({ edges, failed, ...planned }) => {
  const { account, region, kind, nodes } = planned;
  const id = (name: string) => toyId(kind, name, account, region);
  return {
    ...planned,
    edges: edges.filter(({ from, to }) => from in nodes || to in nodes)
      .map(({ from, to, weight }) => ({
        from: id(from),
        to: id(to),
        edge_type: "delete" as const,
        ...(weight > 0 && { reported: { weight } }),
      })),
    ...(failed !== undefined && { failed }),
  };
});

/** What is done between two moments. */
interface Step {
  readonly scopes: readonly ToyScope[];
  readonly collected: boolean;
  /** Names the moment that follows. */
  readonly label: boolean;
  /** Share of the moments that are pruned; 0 for none. */
  readonly prune: number;
  /** Removes the oldest name before that. */
  readonly unlabel: boolean;
  /** Write of the prune before which the process ends; 0 for none. */
  readonly cutAt: number;
  /** Whether the index is lost afterwards. */
  readonly loseIndex: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  scopes: fc.uniqueArray(scope, {
    minLength: 1,
    maxLength: 4,
    selector: (one) => `${one.account} ${one.region} ${one.kind}`,
  }),
  collected: fc.boolean(),
  label: fc.constantFrom(false, false, true),
  prune: fc.constantFrom(0, 0, 0.3, 0.7, 1),
  unlabel: fc.constantFrom(false, false, true),
  cutAt: fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6, 8, 10),
  loseIndex: fc.constantFrom(false, false, true),
});

class World implements AsyncDisposable {
  readonly moments: Moment[] = [];
  readonly labels = new Map<string, Moment>();
  readonly model = new NaiveGraph();
  nowMs = Date.parse("2026-01-01T00:00:00Z");
  /** Writes of a prune that are let through; undefined for all. */
  allowed: number | undefined;
  #toy: ToyGraph | undefined;
  #reader: IndexReader | undefined;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  get toy(): ToyGraph {
    if (this.#toy === undefined) throw new TypeError("Not open");
    return this.#toy;
  }

  async open(): Promise<void> {
    const options: Partial<GraphOptions> = {
      name: this.#name,
      now: () => new Date(this.nowMs),
      faults: {
        inPrune: () => {
          if (this.allowed === undefined) return;
          if (this.allowed-- <= 0) throw new Error("killed");
        },
      },
    };
    this.#toy = await openToyGraph(database, options);
    this.#reader = new IndexReader(this.toy.graph.index);
  }

  async close(): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
    await this.#toy?.graph[Symbol.asyncDispose]();
  }

  async reopen({ loseIndex }: { readonly loseIndex: boolean }): Promise<void> {
    const { directory } = this.toy;
    await this.close();
    if (loseIndex) await Deno.remove(directory, { recursive: true });
    await this.open();
  }

  get search() {
    const { graph } = this.toy;
    const reader = this.#reader;
    if (reader === undefined) throw new TypeError("Not open");
    const { model: registry, snapshots } = graph;
    const nowMs = () => this.nowMs;
    return {
      searcher: new Searcher({ reader, registry, nowMs }),
      points: new PointsInTime({ reader, snapshots, nowMs }),
      history: new HistorySearch({ reader, registry, snapshots, nowMs }),
    };
  }

  async merge({ scopes, collected }: Step): Promise<void> {
    this.nowMs += 60_000;
    const messages = toyMessages(
      scopes,
      collected ? { collected: { cloud: "toy", account: "a1" } } : {},
    );
    await mergeAll(this.toy, messages, { run: `run${this.moments.length}` });
    this.model.merge(messages, () => false);
    const ledger = new Map<string, string>();
    for await (const { error, status, ...key } of this.toy.graph.ledger()) {
      const reason = error === undefined
        ? null
        : `${error.code}: ${error.message}`;
      ledger.set(scopeText(key), `${status} ${reason}`);
    }
    this.moments.push({
      ms: this.nowMs,
      nodes: new Map(this.model.nodes),
      edges: new Map(this.model.edges),
      scopes: ledger,
    });
  }

  /** Everything that was there at a sequence number. */
  async at(sequence: number): Promise<Omit<Moment, "ms">> {
    const { graph } = this.toy;
    const nodes = new Map<string, string>();
    for await (
      const { id, reported } of this.search.searcher.list("all", { sequence })
    ) nodes.set(id, canonicalJson(reported));
    const connection = await graph.index.connect();
    try {
      const rows = async (sql: string) =>
        (await connection.runAndReadAll(sql, [sequence])).getRowsJS();
      const there = (v: string) =>
        `${v}.valid_from <= $1 and (${v}.valid_to is null or ${v}.valid_to > $1)`;
      const edges = new Map<string, string>();
      for (
        const row of await rows(
          `select e.type, e.from_id, e.to_id, e.reported, s.cloud, s.account,
             s.region, s.kind
           from edge_out e join scope_past s on s.sid = e.sid
           where ${there("e")} and ${there("s")}`,
        )
      ) {
        const [type, from, to, reported, cloud, account, region, kind] = row
          .map(String);
        const hash = scopeHash({ cloud, account, region, kind } as never);
        edges.set(`${type} ${from} ${to} ${hash}`, String(reported));
      }
      const scopes = new Map<string, string>();
      for (
        const row of await rows(
          `select cloud, account, region, kind, status, reason
           from scope_past s where ${there("s")}`,
        )
      ) {
        const [cloud, account, region, kind, status, reason] = row.map(String);
        const key = { cloud, account, region, kind } as never;
        if (!isOwnScope(key)) scopes.set(scopeText(key), `${status} ${reason}`);
      }
      return { nodes, edges, scopes };
    } finally {
      connection.closeSync();
    }
  }

  async check(): Promise<void> {
    const { points, history } = this.search;
    assert.deepEqual((await this.toy.graph.verify()).differences, []);
    const oldest = await points.oldest();
    const oldestMs = Date.parse(oldest?.at ?? "");
    for (const [at, moment] of this.moments.entries()) {
      const text = new Date(moment.ms).toISOString();
      if (moment.ms < oldestMs) {
        await assert.rejects(
          points.resolve(text),
          (error) =>
            error instanceof SkymapError && error.code === "query_invalid" &&
            error.message.includes(`before ${oldest?.at} is pruned`),
        );
        continue;
      }
      await this.#same(await points.resolve(text), moment, `moment ${at}`);
    }
    for (const [label, moment] of this.labels) {
      await this.#same(await points.resolve(label), moment, label);
    }
    const log: string[] = [];
    let before: Moment = { ms: 0, ...NOTHING };
    for (const moment of this.moments) {
      if (oldest?.isPruned === false || moment.ms > oldestMs) {
        log.push(...logOf(before, moment));
      }
      before = moment;
    }
    const rows: string[] = [];
    for await (const lines of history.changes("all", { of: "all" })) {
      rows.push(...lines.map(told));
    }
    assert.deepEqual(rows.sort(), log.sort());
  }

  async #same(
    { sequence }: { readonly sequence: number },
    moment: Moment,
    what: string,
  ): Promise<void> {
    const { nodes, edges, scopes } = await this.at(sequence);
    assert.deepEqual(sorted(nodes), sorted(moment.nodes), `nodes of ${what}`);
    assert.deepEqual(sorted(edges), sorted(moment.edges), `edges of ${what}`);
    assert.deepEqual(sorted(scopes), sorted(moment.scopes), `${what}`);
  }

  async prune({ prune, cutAt, unlabel, loseIndex }: Step): Promise<void> {
    const [label] = this.labels.keys();
    if (unlabel && label !== undefined) {
      this.labels.delete(label);
      await this.toy.graph.snapshots.remove(label);
    }
    const last = Math.ceil(this.moments.length * prune) - 1;
    const moment = this.moments[last];
    if (moment === undefined) return;
    this.allowed = cutAt === 0 ? undefined : cutAt - 1;
    try {
      await this.toy.graph.prune(this.nowMs - moment.ms);
    } catch (error) {
      assert.equal(String(error), "Error: killed");
      this.allowed = undefined;
      await this.reopen({ loseIndex });
    }
    this.allowed = undefined;
    const oldest = await this.search.points.oldest();
    assert.ok(Date.parse(oldest?.at ?? "") <= Math.max(moment.ms, this.#limit));
    this.#limit = Math.max(moment.ms, this.#limit);
  }

  /** The latest time that was ever pruned to. */
  #limit = 0;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    const directory = this.#toy?.directory;
    if (directory !== undefined) {
      await Deno.remove(directory, { recursive: true });
    }
  }
}

let runs = 0;

Deno.test("the past is what it was, whatever is pruned, cut or lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 7 }),
      async (steps) => {
        await using world = new World(`past${++runs}`);
        await world.open();
        for (const planned of steps) {
          await world.merge(planned);
          if (planned.label) {
            const label = `after-${world.moments.length}`;
            await world.toy.graph.snapshots.create(label);
            const moment = world.moments.at(-1);
            if (moment !== undefined) world.labels.set(label, moment);
          }
          await world.prune(planned);
          await world.check();
          if (!planned.loseIndex) continue;
          await world.reopen({ loseIndex: true });
          await world.check();
        }
      },
    ),
    {
      numRuns: Number(Deno.env.get("SKYMAP_TEST_RUNS") ?? 5),
      // Shrinking a sequence of merges takes minutes.
      endOnFailure: true,
    },
  );
});
