/**
 * One graph: its record, its index, its kinds.
 *
 * @module
 */

import type {
  GraphChangeJson,
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
  NodePatch,
  NodeUpdateReport,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import type { ScopeKey } from "@skymap/lib/plugin";
import type { IndexSettings } from "../index/open.ts";
import type { SearchIndex } from "../index/search_index.ts";
import { type GraphSummary, readSummary } from "../index/graph_summary.ts";
import { countPresent } from "../index/present_rows.ts";
import {
  lastScopeId,
  readAccounts,
  readEdges,
  readScopes,
} from "../index/stored_scopes.ts";
import { NodeChecks } from "../model/check_node.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import { fillIndex } from "./catch_up.ts";
import { exportGraph } from "./copy/export_graph.ts";
import {
  type DeferredReport,
  type FindNodes,
  resolveDeferred,
} from "./deferred_edges.ts";
import { type GraphParts, holdScope, writeNow } from "./graph_parts.ts";
import { IndexReader } from "./index_reader.ts";
import { ledgerEntry } from "./ledger.ts";
import { Merge, type MergeContext, type MergeOptions } from "./merge.ts";
import { nodeJson, readNodesJson } from "./node_json.ts";
import { OwnNodes } from "./own_nodes.ts";
import {
  readDeferred,
  readLedger,
  readLedgerRow,
  readNode,
  writeModel,
} from "./record.ts";
import { LockedTurns, readOldest } from "./oldest.ts";
import { patchStream } from "./patch_stream.ts";
import {
  finishPrune,
  prune,
  type PruneContext,
  type PruneReport,
} from "./prune.ts";
import { retireScopes } from "./retire.ts";
import { DEFERRED_SCOPE } from "./scope_key.ts";
import { ScopeLocks } from "./scope_locks.ts";
import { scopeParent } from "./scope_parent.ts";
import { Snapshots } from "./snapshots.ts";
import { CommitClock, type StoredScope } from "./stored_account.ts";
import type { Position } from "./transaction.ts";
import {
  type NodeUpdates,
  updateNodes,
  type UpdateOptions,
} from "./update_nodes.ts";
import { type TagUpdate, type TagUpdates, updateTags } from "./update_tags.ts";
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
  /**
   * Told what changed, when searches see it: at most once a second while more is
   * being written. What it rejects is a part of the next word.
   */
  readonly onChange?: (change: GraphChangeJson) => Promise<void>;
  /** Gives the opening up. */
  readonly signal?: AbortSignal;
  /** Makes writing fail, in tests. */
  readonly faults?: WriterFaults;
}

/** How much a graph holds. */
export interface GraphSize {
  readonly nodes: number;
  readonly edges: number;
  readonly scopes: number;
  /** Last sequence number that searches see. */
  readonly sequence: number;
  /** Last commit that searches see; 0 when nothing was ever written. */
  readonly commit: number;
  /** Bytes of the index on disk. */
  readonly indexBytes: number;
  readonly snapshots: number;
}

/** One graph, open for merges and searches. */
export class Graph implements AsyncDisposable {
  /** Its name. */
  readonly name: string;
  /** Where searches are answered. */
  readonly index: SearchIndex;
  /** Names of its states. */
  readonly snapshots: Snapshots;
  readonly #parts: GraphParts;
  readonly #ownNodes: OwnNodes;
  /** What moves the limit of the history, or must not see it move. */
  readonly #turns = new LockedTurns();
  readonly #prunes = new LockedTurns();
  readonly #inPrune: (() => void) | undefined;
  /** Answers what must not wait behind a merge. */
  readonly #asides: IndexReader;
  #summary:
    | { readonly commit: number; readonly summary: Promise<GraphSummary> }
    | undefined;
  #checks: NodeChecks;

  private constructor(
    name: string,
    index: SearchIndex,
    parts: GraphParts,
    inPrune: (() => void) | undefined,
  ) {
    this.#inPrune = inPrune;
    this.name = name;
    this.index = index;
    this.#parts = parts;
    this.#ownNodes = new OwnNodes(parts);
    this.#asides = new IndexReader(index, () => this.distrustIndex());
    this.snapshots = new Snapshots({
      session: parts.session,
      now: parts.now,
      newest: async () => (await index.position()).sequence,
      turns: this.#turns,
    });
    this.#checks = new NodeChecks(parts.model);
  }

  /** Opens a graph over an index that is in step with the record. */
  static async open(
    options: GraphOptions,
    index: SearchIndex,
    model: KindRegistry,
    position: Position,
  ): Promise<Graph> {
    const { name, session, faults, onNotice, onChange } = options;
    const now = options.now ?? (() => new Date());
    const writer = new GraphWriter({
      session,
      index,
      position,
      now,
      rebuild: async () => {
        onNotice?.(`The search index of graph "${name}" is made anew`);
        await index.replace((file) => fillIndex(session, file));
      },
      ...(onChange !== undefined && {
        onChange: ({ after, last, at, kinds }) =>
          onChange({ graph: name, after, last, at, kinds }),
      }),
      ...(faults !== undefined && { faults }),
    });
    const reader = new IndexReader(index, () => writer.distrustIndex());
    let lastScope = await reader.ask("read the ledger", lastScopeId);
    return new Graph(name, index, {
      session,
      model,
      writer,
      reader,
      now,
      locks: new ScopeLocks(),
      clock: new CommitClock(),
      nextScope: () => ++lastScope,
    }, faults?.inPrune);
  }

  /** Its kinds. */
  get model(): KindRegistry {
    return this.#parts.model;
  }

  /** Last sequence number that was given. */
  get sequence(): number {
    return this.#parts.writer.sequence;
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
    await this.#parts.writer.settle();
    return await new Merge(this.#mergeContext(), options).run(body);
  }

  /**
   * Changes `desired` and `metadata` of nodes. A patch that changes nothing is
   * not written.
   *
   * @throws {SkymapError} `body_invalid`; then none of these was applied.
   */
  async updateNodes(
    patches: readonly NodePatch[],
    options: UpdateOptions,
  ): Promise<NodeUpdates> {
    return await updateNodes(this.#parts, patches, options);
  }

  /**
   * Applies a stream of such patches, one a line.
   *
   * @throws {SkymapError} `body_invalid`; its details hold the report of what was
   * applied.
   */
  async patchNodes(
    body: AsyncIterable<Uint8Array>,
    options: UpdateOptions,
  ): Promise<NodeUpdateReport> {
    return await patchStream(
      body,
      (patches) => this.updateNodes(patches, options),
    );
  }

  /**
   * Takes over tags that were changed in a cloud; `signal` stops it while it waits
   * for a collect.
   */
  async updateTags(
    updates: readonly TagUpdate[],
    signal: AbortSignal,
  ): Promise<TagUpdates> {
    return await updateTags(this.#parts, this.#checks, updates, signal);
  }

  #mergeContext(): MergeContext {
    const { writer, reader, locks, clock, now, nextScope } = this.#parts;
    return {
      writer,
      reader,
      locks,
      clock,
      now,
      nextScope,
      setup: (key, stored) => this.#setup(key, stored),
      ensureCloud: (cloud, run) => this.#ownNodes.ensure(cloud, run),
      accountsOf: (cloud) =>
        reader.ask(
          "read the ledger",
          (connection) => readAccounts(connection, cloud),
        ),
      accountKind: (cloud) =>
        this.model.containers(cloud)?.account ?? "account",
    };
  }

  #setup(
    key: ScopeKey,
    stored: StoredScope,
  ): ReturnType<MergeContext["setup"]> {
    const { kind } = key;
    const { model } = this;
    const properties = model.resolve(kind)?.properties;
    const [guess] = model.suggestions(kind);
    return {
      scope: { sid: stored.row?.sid ?? this.#parts.nextScope(), ...key },
      kinds: model.kindsOf(kind),
      fingerprint: model.fingerprint(kind),
      check: this.#checks.of(kind),
      unknownKind: model.has(kind)
        ? `Cannot merge "${kind}": it is no kind of a resource`
        : `Cannot merge "${kind}": no plugin declared this kind` +
          (guess === undefined ? "" : `, did you mean "${guess}"?`),
      isQuiet: (property) => properties?.get(property)?.ignoreHistory === true,
      parent: scopeParent(model, key),
      now: this.#parts.now,
    };
  }

  /**
   * Finds the ends of deferred edges and adds, keeps or removes the edges; for
   * when every plugin is done. A search that throws removes nothing.
   */
  async resolveDeferredEdges(
    find: FindNodes,
    run?: string,
  ): Promise<DeferredReport> {
    const { session, reader, writer, now, nextScope } = this.#parts;
    await writer.settle();
    return await holdScope(this.#parts, DEFERRED_SCOPE, async () => {
      const [row, stored] = await reader.ask(
        "read deferred edges",
        async (connection) => {
          const [row] = await readScopes(connection, DEFERRED_SCOPE);
          const stored = row === undefined
            ? []
            : await readEdges(connection, row.sid);
          return [row, stored] as const;
        },
      );
      const { changes, report } = await resolveDeferred({
        rows: await readDeferred(session),
        stored,
        scope: { sid: row?.sid ?? nextScope(), ...DEFERRED_SCOPE },
        before: row ?? null,
        find,
        owner: (id) => readNode(session, id),
        run: run ?? null,
        at: now().toISOString(),
      });
      if (report.created + report.deleted > 0) {
        await writeNow(this.#parts, changes);
      }
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
    return await retireScopes(
      this.#parts,
      this.#ownNodes,
      { cloud, ...(account !== undefined && { account }) },
      (state) => state.status === "gone",
      run ?? null,
    );
  }

  /**
   * Deletes what has been gone, or was not mentioned by any collect, for longer
   * than the grace time. Gives how many nodes went.
   */
  async retireExpired(graceMs: number, run?: string): Promise<number> {
    const before = new Date(this.#parts.now().getTime() - graceMs)
      .toISOString();
    return await retireScopes(
      this.#parts,
      this.#ownNodes,
      {},
      ({ status, since }) =>
        (status === "gone" || status === "unmentioned") && since < before,
      run ?? null,
    );
  }

  /** Writes the index anew, without what was deleted; searches go on. */
  async compact(): Promise<void> {
    await this.#parts.writer.pause(() => this.index.compact());
  }

  /** Compacts the index if it has grown to more than twice what it needs. */
  async compactIfGrown(): Promise<boolean> {
    if (!await this.index.isGrown()) return false;
    await this.compact();
    return true;
  }

  /**
   * Deletes the history that is older than `keepMs`. The present, every later
   * state and what snapshots name stay. Undefined when there is nothing to do.
   */
  async prune(
    keepMs: number,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<PruneReport | undefined> {
    const before = new Date(this.#parts.now().getTime() - keepMs);
    return await this.#prunes.take(() =>
      prune(this.#pruneContext(signal), before)
    );
  }

  /** Ends a prune that was cut, if one was. */
  async finishPrune(signal?: AbortSignal): Promise<PruneReport | undefined> {
    return await this.#prunes.take(() =>
      finishPrune(this.#pruneContext(signal))
    );
  }

  /**
   * Runs something while the graph is neither exported nor pruned: what an export
   * has begun to read must stay.
   */
  async whileKept<T>(work: () => Promise<T>): Promise<T> {
    return await this.#prunes.take(work);
  }

  /** The record, for what is kept beside nodes and edges. */
  get session(): DbSession {
    return this.#parts.session;
  }

  /** ISO time of the last prune; undefined when there was none. */
  async prunedAt(): Promise<string | undefined> {
    return (await readOldest(this.#parts.session))?.prunedAt;
  }

  #pruneContext(signal: AbortSignal | undefined): PruneContext {
    return {
      ...this.#parts,
      index: this.index,
      turns: this.#turns,
      ...(this.#inPrune !== undefined && { beforeWrite: this.#inPrune }),
      ...(signal !== undefined && { signal }),
    };
  }

  /** A node as the record holds it, or undefined. */
  async node(id: string): Promise<NodeJson | undefined> {
    const { session } = this.#parts;
    const row = await readNode(session, id);
    if (row === undefined) return undefined;
    const { cloud, account, region } = row;
    const kind = String(row.reported.kind);
    const key = { cloud, account, region, kind };
    return nodeJson(row, await readLedgerRow(session, key));
  }

  /** Nodes as the record holds them, in this order; unknown ids are left out. */
  async nodes(ids: readonly string[]): Promise<readonly NodeJson[]> {
    return await readNodesJson(this.#parts.session, ids);
  }

  /** Every scope that was ever merged, with how it stands. */
  async *ledger(): AsyncGenerator<LedgerEntryJson> {
    for (const row of await readLedger(this.#parts.session)) {
      const entry = ledgerEntry(row);
      if (entry !== undefined) yield entry;
    }
  }

  /**
   * Adds or replaces a plugin's kinds.
   *
   * @throws SkymapError `kind_conflict` or `kind_unknown` with every problem.
   */
  async updateModel({ plugin }: ModelUpdate): Promise<void> {
    const find = () =>
      this.model.plugins().find(({ name }) => name === plugin.name);
    const before = find();
    const problems = this.model.update(plugin);
    const [first] = problems;
    if (first !== undefined) {
      const text = problems.map(({ message }) => message).join("; ");
      throw new SkymapError(
        first.code,
        `Cannot take the kinds of plugin "${plugin.name}": ${text}`,
        { details: { problems } },
      );
    }
    this.#checks = new NodeChecks(this.model);
    const after = find();
    if (after === undefined) return;
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    await writeModel(this.#parts.session, after);
    // What `is(…)` stands for may be something else now.
    await this.touch();
  }

  /** Tells who listens that anything may be different from what they know. */
  async touch(): Promise<void> {
    await this.#parts.writer.touch();
  }

  /**
   * The graph as lines, as it is when the first is asked for; for
   * {@linkcode importGraph}. Nothing is pruned until the last.
   */
  async *export(signal: AbortSignal): AsyncGenerator<string> {
    const { session, now, writer } = this.#parts;
    const done = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const turn = this.#prunes.take(() => {
      begun.resolve();
      return done.promise;
    });
    try {
      await begun.promise;
      await writer.settle();
      yield* exportGraph({
        name: this.name,
        session,
        now,
        signal,
        pause: (work) => writer.pause(work),
      });
    } finally {
      done.resolve();
      await turn;
    }
  }

  /** How much it holds. */
  async size(): Promise<GraphSize> {
    const counts = await this.#parts.reader.ask("count nodes", countPresent);
    const { sequence, commit } = await this.index.position();
    return {
      ...counts,
      sequence,
      commit,
      indexBytes: await this.index.size(),
      snapshots: (await this.snapshots.list()).length,
    };
  }

  /** Rows that the record has, or is about to have, and the index does not. */
  get rowsBehind(): number {
    return this.#parts.writer.rowsBehind;
  }

  /** How much is there, and how the listings stand; read anew after a commit. */
  async summary(): Promise<GraphSummary> {
    const { applied } = this.#parts.writer;
    if (this.#summary?.commit !== applied) {
      const summary = this.#asides.ask("count what is there", readSummary);
      this.#summary = { commit: applied, summary };
      // What failed is asked again.
      summary.catch(() => this.#summary = undefined);
    }
    return await this.#summary.summary;
  }

  /** Compares record and index row by row, while nothing is written. */
  async verify(): Promise<VerifyReport> {
    const { session, writer } = this.#parts;
    const compare = async () => {
      const connection = await this.index.connect();
      try {
        const position = await this.index.position();
        return await verify(this.name, session, connection, position);
      } finally {
        connection.closeSync();
      }
    };
    // Between the two stores a prune is half done.
    return await this.#prunes.take(() => writer.pause(compare));
  }

  /**
   * Tells that the index cannot be read: it is looked at, and made anew if need
   * be, before the next merge.
   */
  distrustIndex(): void {
    this.#parts.writer.distrustIndex();
  }

  /** Writes what waits, and closes the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.writer[Symbol.asyncDispose]();
    this.#parts.reader[Symbol.dispose]();
    this.#asides[Symbol.dispose]();
    await this.index.checkpoint().catch(() => {});
    this.index[Symbol.dispose]();
  }
}
