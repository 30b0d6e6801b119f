/**
 * One graph: its record, its index, its kinds.
 *
 * @module
 */

import type {
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { hashText, ROOT_ID } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";
import type { ScopeKey } from "@skymap/lib/plugin";
import type { IndexSettings } from "../index/open.ts";
import { SearchIndex } from "../index/search_index.ts";
import {
  lastScopeId,
  readEdges,
  readHashes,
  readScopes,
} from "../index/stored_scopes.ts";
import { NodeChecks } from "../model/check_node.ts";
import { KindRegistry } from "../model/kind_registry.ts";
import { catchUp } from "./catch_up.ts";
import {
  type DeferredReport,
  type FindNodes,
  resolveDeferred,
} from "./deferred_edges.ts";
import { IndexReader } from "./index_reader.ts";
import { ledgerEntries } from "./ledger.ts";
import { Merge, type MergeContext, type MergeOptions } from "./merge.ts";
import { nodeJson } from "./node_json.ts";
import {
  readDeferred,
  readLedger,
  readLedgerRow,
  readModels,
  readNode,
  readState,
  type StateRow,
  writeModel,
} from "./record.ts";
import type { ScopeChanges } from "./scope_changes.ts";
import { type ScopeLease, ScopeLocks } from "./scope_locks.ts";
import {
  cloudNodeId,
  cloudScope,
  DEFERRED_SCOPE,
  isOwnScope,
  parentId,
  ROOT_SCOPE,
  scopeText,
} from "./scope_key.ts";
import type { ScopeSetup } from "./open_scope.ts";
import { CommitClock, type StoredScope } from "./stored_account.ts";
import { verify, type VerifyReport } from "./verify.ts";
import { GraphWriter, type WriterFaults } from "./writer.ts";

/** What a graph is opened with. */
export interface GraphOptions {
  /** Name of the graph. */
  readonly name: string;
  /** The record. */
  readonly session: DbSession;
  /** Directory of this graph's index alone. */
  readonly indexDirectory: string;
  /** How the index is set up. */
  readonly index?: IndexSettings;
  /** Gives the time. Default: the clock. */
  readonly now?: () => Date;
  /** Told of what happens outside of any request. */
  readonly onNotice?: (notice: string) => void;
  /** Gives the opening up. */
  readonly signal?: AbortSignal;
  /** Makes writing fail, in tests. */
  readonly faults?: WriterFaults;
}

const NEVER = new AbortController().signal;

/** Opens a graph: catches its index up with the record, or makes it anew. */
export async function openGraph(options: GraphOptions): Promise<Graph> {
  const { session, name: graph, indexDirectory: directory } = options;
  const state = await readState(session);
  const place = { ...options.index, graph, record: state.record, directory };
  const notice = options.onNotice ?? (() => {});
  const build = () =>
    SearchIndex.build(place, async (file) => {
      const connection = await file.connect();
      try {
        const start = { sequence: 0, commit: -1 };
        await catchUp(session, connection, start, state, options.signal);
      } finally {
        connection.closeSync();
      }
    });
  const found = await SearchIndex.open(place);
  let index: SearchIndex;
  if ("reason" in found) {
    if (state.commit > 0) {
      notice(
        `The search index of graph "${graph}" is rebuilt: ${found.reason}`,
      );
    }
    index = await build();
  } else if (found.position.commit > state.commit) {
    notice(
      `The search index of graph "${graph}" is rebuilt: it is newer than the record`,
    );
    found.index[Symbol.dispose]();
    index = await build();
  } else {
    index = found.index;
    if (found.position.commit < state.commit) {
      const connection = await index.connect();
      try {
        await catchUp(
          session,
          connection,
          found.position,
          state,
          options.signal,
        );
      } catch (error) {
        if (options.signal?.aborted === true) throw error;
        notice(
          `The search index of graph "${graph}" is rebuilt: it could not be caught up`,
        );
        connection.closeSync();
        index[Symbol.dispose]();
        index = await build();
      }
      connection.closeSync();
    }
  }
  return await Graph.open(options, index);
}

/** One graph, open for merges and searches. */
export class Graph implements AsyncDisposable {
  /** Its name. */
  readonly name: string;
  /** Its kinds. */
  readonly model: KindRegistry;
  /** Where searches are answered. */
  readonly index: SearchIndex;
  readonly #session: DbSession;
  readonly #writer: GraphWriter;
  readonly #reader: IndexReader;
  readonly #locks = new ScopeLocks();
  readonly #clock = new CommitClock();
  readonly #now: () => Date;
  readonly #clouds = new Map<string, Promise<void>>();
  #checks: NodeChecks;
  #lastScope: number;

  private constructor(
    options: GraphOptions,
    index: SearchIndex,
    model: KindRegistry,
    writer: GraphWriter,
    reader: IndexReader,
    lastScope: number,
  ) {
    this.name = options.name;
    this.model = model;
    this.index = index;
    this.#session = options.session;
    this.#now = options.now ?? (() => new Date());
    this.#writer = writer;
    this.#reader = reader;
    this.#lastScope = lastScope;
    this.#checks = new NodeChecks(model);
  }

  /** Opens a graph over an index that is in step with the record. */
  static async open(options: GraphOptions, index: SearchIndex): Promise<Graph> {
    const { session } = options;
    const model = new KindRegistry();
    for (const plugin of await readModels(session)) {
      // A later version may refuse what an earlier one took: its nodes stay.
      for (const { message } of model.update(plugin)) {
        options.onNotice?.(
          `The kinds of plugin "${plugin.name}" are left out: ${message}`,
        );
      }
    }
    const position = await readState(session);
    const writer = new GraphWriter({
      session,
      index,
      position,
      now: options.now ?? (() => new Date()),
      rebuild: () => rebuildIndex(session, index),
      ...(options.faults !== undefined && { faults: options.faults }),
    });
    const reader = new IndexReader(index);
    const lastScope = await reader.ask("read the ledger", lastScopeId);
    return new Graph(options, index, model, writer, reader, lastScope);
  }

  /** Last sequence number that was given. */
  get sequence(): number {
    return this.#writer.sequence;
  }

  /**
   * Merges a stream of messages, scope by scope.
   *
   * @throws SkymapError `merge_malformed`, `merge_truncated`, `conflict`,
   * `database_…` or `index_failed`; its details hold the report of what is in.
   */
  async merge(
    body: AsyncIterable<Uint8Array>,
    options: MergeOptions,
  ): Promise<MergeReport> {
    await this.#writer.settle();
    return await new Merge(this.#context(), options).run(body);
  }

  #context(): MergeContext {
    return {
      writer: this.#writer,
      reader: this.#reader,
      locks: this.#locks,
      clock: this.#clock,
      now: this.#now,
      setup: (key, stored) => this.#setup(key, stored),
      ensureCloud: (cloud, run) => this.#ensureCloud(cloud, run),
      accountsOf: (cloud) => this.#accountsOf(cloud),
      accountKind: (cloud) =>
        this.model.containers(cloud)?.account ?? "account",
      scopeId: () => ++this.#lastScope,
    };
  }

  #setup(
    { cloud, account, region, kind }: ScopeKey,
    stored: StoredScope,
  ): ReturnType<MergeContext["setup"]> {
    const key = { cloud, account, region, kind };
    const check = this.#checks.of(kind);
    const properties = this.model.resolve(kind)?.properties;
    const containers = this.model.containers(cloud);
    const [guess] = this.model.suggestions(kind);
    return {
      scope: { sid: stored.row?.sid ?? ++this.#lastScope, ...key },
      kinds: this.model.kindsOf(kind),
      fingerprint: this.model.fingerprint(kind),
      check,
      unknownKind: this.model.has(kind)
        ? `Cannot merge "${kind}": it is no kind of a resource`
        : `Cannot merge "${kind}": no plugin declared this kind` +
          (guess === undefined ? "" : `, did you mean "${guess}"?`),
      isQuiet: (property) => properties?.get(property)?.ignoreHistory === true,
      parent: containers === undefined
        ? cloudNodeId(cloud)
        : parentId(key, containers),
      now: this.#now,
    } satisfies Partial<ScopeSetup>;
  }

  /** Makes the nodes of root and cloud, once. */
  #ensureCloud(cloud: string, run: string | null): Promise<void> {
    let made = this.#clouds.get(cloud);
    if (made === undefined) {
      made = (async () => {
        if (cloud !== "") await this.#ensureCloud("", run);
        await this.#makeOwnNode(
          cloud === "" ? ROOT_SCOPE : cloudScope(cloud),
          cloud === "" ? ROOT_ID : cloudNodeId(cloud),
          cloud === "" ? "root" : cloud,
          run,
        );
      })();
      this.#clouds.set(cloud, made);
      made.catch(() => this.#clouds.delete(cloud));
    }
    return made;
  }

  async #makeOwnNode(
    key: ScopeKey,
    id: string,
    name: string,
    run: string | null,
  ): Promise<void> {
    await this.#holding(key, async () => {
      const rows = await this.#reader.ask(
        "read the ledger",
        (connection) => readScopes(connection, key),
      );
      if (rows.some(({ count }) => count > 0)) return;
      const reported = { id: name, kind: key.kind, name };
      const text = canonicalJson(reported);
      const at = this.#now().toISOString();
      await this.#submit({
        scope: { sid: rows[0]?.sid ?? ++this.#lastScope, ...key },
        kinds: this.model.kindsOf(key.kind),
        accountName: "",
        regionName: "",
        run,
        parent: id === ROOT_ID ? null : ROOT_ID,
        nodes: [{
          id,
          hash: hashText(text),
          zone: null,
          text,
          reported,
          mode: "new",
        }],
        goneNodes: [],
        edges: [],
        goneEdges: [],
        state: {
          status: "complete",
          error: null,
          since: at,
          lastAttempt: at,
          lastSuccess: at,
          count: 1,
          durationMs: 0,
          edges: "",
        },
      });
    });
  }

  /** Runs something while a scope is held. */
  async #holding<T>(
    key: ScopeKey,
    work: (lease: ScopeLease) => Promise<T>,
  ): Promise<T> {
    const text = scopeText(key);
    const lease = await this.#locks.acquire(text, { name: "core" }, NEVER);
    try {
      return await work(lease);
    } finally {
      this.#clock.tick(text);
      lease.release();
    }
  }

  async #submit(changes: ScopeChanges): Promise<void> {
    const written = this.#writer.submit(changes);
    this.#writer.flush();
    await written;
  }

  /**
   * Finds the ends of deferred edges and adds, keeps or removes the edges; for
   * when every plugin is done. A search that throws removes nothing.
   */
  async resolveDeferredEdges(
    find: FindNodes,
    run?: string,
  ): Promise<DeferredReport> {
    await this.#writer.settle();
    return await this.#holding(DEFERRED_SCOPE, async () => {
      const rows = await readDeferred(this.#session);
      const [row, stored] = await this.#reader.ask(
        "read deferred edges",
        async (connection) => {
          const [row] = await readScopes(connection, DEFERRED_SCOPE);
          return [
            row,
            row === undefined ? [] : await readEdges(connection, row.sid),
          ] as const;
        },
      );
      const { changes, report } = await resolveDeferred({
        rows,
        stored,
        scope: { sid: row?.sid ?? ++this.#lastScope, ...DEFERRED_SCOPE },
        find,
        exists: async (id) => await readNode(this.#session, id) !== undefined,
        run: run ?? null,
        at: this.#now().toISOString(),
      });
      if (report.created + report.deleted > 0) await this.#submit(changes);
      return report;
    });
  }

  /**
   * Deletes everything of accounts that are gone: of one account or of all of a
   * cloud. What is not gone stays. Gives how many nodes went.
   */
  async retire(
    { cloud, account }: { readonly cloud: string; readonly account?: string },
    run?: string,
  ): Promise<number> {
    return await this.#retire(
      { cloud, ...(account !== undefined && { account }) },
      (state) => state.status === "gone",
      run,
    );
  }

  /**
   * Deletes what has been gone, or was not mentioned by any collect, for longer
   * than the grace time. Gives how many nodes went.
   */
  async retireExpired(graceMs: number, run?: string): Promise<number> {
    const before = new Date(this.#now().getTime() - graceMs).toISOString();
    return await this.#retire(
      {},
      ({ status, since }) =>
        (status === "gone" || status === "unmentioned") && since < before,
      run,
    );
  }

  async #retire(
    part: { readonly cloud?: string; readonly account?: string },
    isDue: (state: StateRow) => boolean,
    run?: string,
  ): Promise<number> {
    await this.#writer.settle();
    let count = 0;
    const clouds = new Set<string>();
    const kept = new Set<string>();
    for (const row of await readLedger(this.#session)) {
      const [cloud, account, region] = row.id.id as [string, string, string];
      for (const [kind, state] of Object.entries(row.kinds)) {
        const key = { cloud, account, region, kind };
        if (isOwnScope(key)) continue;
        const isPart = (part.cloud ?? cloud) === cloud &&
          (part.account ?? account) === account;
        if (isPart && isDue(state)) {
          const nodes = await this.#forget(key, isDue, run ?? null);
          count += nodes ?? 0;
          (nodes === undefined ? kept : clouds).add(cloud);
        } else kept.add(cloud);
      }
    }
    for (const cloud of clouds) {
      if (kept.has(cloud)) continue;
      await this.#forget(cloudScope(cloud), () => true, run ?? null);
      this.#clouds.delete(cloud);
    }
    return count;
  }

  /** Deletes a scope with all it owns, or gives undefined when it is not due. */
  async #forget(
    key: ScopeKey,
    isDue: (state: StateRow) => boolean,
    run: string | null,
  ): Promise<number | undefined> {
    return await this.#holding(key, async () => {
      const { cloud, account, region, kind } = key;
      const ledger = await readLedgerRow(this.#session, cloud, account, region);
      const state = ledger?.kinds[kind];
      // It may have been collected while this waited.
      if (state === undefined || !isDue(state)) return undefined;
      const found = await this.#reader.ask(
        "read a scope",
        async (connection) => {
          const [row] = await readScopes(connection, key);
          if (row === undefined) return undefined;
          const hashes = await readHashes(connection, key);
          return {
            row,
            nodes: [...hashes.get(row.sid)?.values() ?? []],
            edges: await readEdges(connection, row.sid),
          };
        },
      );
      if (found === undefined) return undefined;
      const { row, nodes, edges } = found;
      await this.#submit({
        scope: { sid: row.sid, cloud, account, region, kind },
        kinds: this.model.kindsOf(kind),
        accountName: ledger?.account_name ?? "",
        regionName: ledger?.region_name ?? "",
        run,
        // Edges from the parent are among those that it owns.
        parent: null,
        nodes: [],
        goneNodes: nodes,
        edges: [],
        goneEdges: edges.map(({ from, to, type }) => ({ from, to, type })),
        state: null,
        deferred: null,
      });
      return nodes.length;
    });
  }

  /** Writes the index anew, without what was deleted; searches go on. */
  async compact(): Promise<void> {
    await this.#writer.pause(() => this.index.compact());
  }

  /** Compacts the index if it has grown to more than twice what it needs. */
  async compactIfGrown(): Promise<boolean> {
    if (!await this.index.isGrown()) return false;
    await this.compact();
    return true;
  }

  async #accountsOf(cloud: string): Promise<readonly string[]> {
    return await this.#reader.ask("read the ledger", async (connection) => {
      const reader = await connection.runAndReadAll(
        "select distinct account from scope where cloud = $1 and account <> '' order by 1",
        [cloud],
      );
      return reader.getRowsJS().map(([account]) => String(account));
    });
  }

  /** A node as the record holds it, or undefined. */
  async node(id: string): Promise<NodeJson | undefined> {
    const row = await readNode(this.#session, id);
    if (row === undefined) return undefined;
    const ledger = await readLedgerRow(
      this.#session,
      row.cloud,
      row.account,
      row.region,
    );
    return nodeJson(row, ledger?.kinds[String(row.reported.kind)]);
  }

  /** Every scope that was ever merged, with how it stands. */
  async *ledger(): AsyncGenerator<LedgerEntryJson> {
    for (const row of await readLedger(this.#session)) {
      yield* ledgerEntries(row);
    }
  }

  /**
   * Adds or replaces a plugin's kinds.
   *
   * @throws SkymapError `kind_conflict` or `kind_unknown` with every problem.
   */
  async updateModel({ plugin }: ModelUpdate): Promise<void> {
    const before = this.model.plugins().find(({ name }) =>
      name === plugin.name
    );
    throwProblems(plugin, this.model.update(plugin));
    this.#checks = new NodeChecks(this.model);
    const after = this.model.plugins().find(({ name }) => name === plugin.name);
    if (
      after === undefined || JSON.stringify(before) === JSON.stringify(after)
    ) {
      return;
    }
    await writeModel(this.#session, after);
  }

  /** Compares record and index row by row, while nothing is written. */
  async verify(): Promise<VerifyReport> {
    return await this.#writer.pause(async () => {
      const connection = await this.index.connect();
      try {
        const position = await this.index.position();
        return await verify(this.name, this.#session, connection, position);
      } finally {
        connection.closeSync();
      }
    });
  }

  /** Writes what waits, and closes the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
    this.#reader[Symbol.dispose]();
    await this.index.checkpoint().catch(() => {});
    this.index[Symbol.dispose]();
  }
}

function throwProblems(
  plugin: ModelUpdate["plugin"],
  problems: ReturnType<KindRegistry["update"]>,
): void {
  const [first] = problems;
  if (first === undefined) return;
  throw new SkymapError(
    first.code,
    `Cannot take the kinds of plugin "${plugin.name}": ${
      problems.map(({ message }) => message).join("; ")
    }`,
    { details: { problems } },
  );
}

/** Makes an index anew in its place; nothing may be written meanwhile. */
async function rebuildIndex(
  session: DbSession,
  index: SearchIndex,
): Promise<void> {
  await index.replace(async (file) => {
    const connection = await file.connect();
    try {
      const state = await readState(session);
      await catchUp(session, connection, { sequence: 0, commit: -1 }, state);
    } finally {
      connection.closeSync();
    }
  });
}
