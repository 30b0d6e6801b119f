/**
 * One transaction of the record, and what the index is given of it.
 *
 * @module
 */

import { RecordId } from "@skymap/lib/db";
import type { JsonObject } from "@skymap/lib/json";
import { EDGE_TYPES, type ScopeUsage } from "@skymap/lib/plugin_host";
import type {
  EdgeKey,
  IndexBatch,
  IndexSection,
  NodeSections,
  ScopeRow,
} from "../index/index_batch.ts";
import { searchText } from "../index/search_text.ts";
import { HistoryWriter } from "./history.ts";
import {
  type EdgeWrite,
  type NodeWrite,
  reasonOf,
  type ScopeChanges,
  type ScopeState,
  standingOf,
  weight,
} from "./scope_changes.ts";
import { scopeHash } from "./scope_key.ts";

/** What the record is asked to do, and what the index is told afterwards. */
export interface Transaction {
  /** Statements from `BEGIN` to `COMMIT`. */
  readonly sql: string;
  /** Their values. */
  readonly bindings: Record<string, unknown>;
  /** The same for the index. */
  readonly batch: IndexBatch;
  /** Last sequence number it uses. */
  readonly sequence: number;
}

/** Where the writer stands. */
export interface Position {
  /** Last sequence number used. */
  readonly sequence: number;
  /** Number of the last commit. */
  readonly commit: number;
}

/** What writing `$created` or `$updated` means for a node that exists. */
const UPDATED_FIELDS = [
  "hash",
  "kinds",
  "account_name",
  "region_name",
  "zone",
  "reported",
  "seq",
  "run",
  "at",
].map((name) => `${name} = $input.${name}`).join(", ");

const QUIET_FIELDS = UPDATED_FIELDS.replace("seq = $input.seq, ", "");

/** What of a node is written when only its other sections changed. */
const PATCHED_FIELDS = ["desired", "metadata", "seq", "run", "at"]
  .map((name) => `${name} = $row.${name}`).join(", ");

/**
 * Deletes nodes, but keeps the edges that end at them, which the database would
 * delete as well: who listed an edge says when it is gone.
 */
const DELETE_NODES = EDGE_TYPES.map((type) => `
LET $kept_${type} = SELECT * FROM array::distinct(array::flatten([
  array::flatten($gone_nodes->edge_${type}),
  array::flatten($gone_nodes<-edge_${type})]));`).join("") + `
DELETE $gone_nodes RETURN NONE;` + EDGE_TYPES.map((type) => `
INSERT RELATION INTO edge_${type} $kept_${type} RETURN NONE;`).join("");

/** Notes of commits that are kept; the last one says where the record stands. */
const KEPT_COMMITS = 100;

/** Collects scopes until the transaction is large enough. */
export class TransactionBuilder {
  readonly #history: HistoryWriter;
  readonly #at: string;
  readonly #created: Record<string, unknown>[] = [];
  readonly #updated: Record<string, unknown>[] = [];
  readonly #quiet: Record<string, unknown>[] = [];
  readonly #patched: Record<string, unknown>[] = [];
  readonly #goneNodes: RecordId[] = [];
  readonly #edges = new Map<string, Record<string, unknown>[]>();
  readonly #changedEdges = new Map<string, Record<string, unknown>[]>();
  readonly #goneEdges: RecordId[] = [];
  readonly #ledger: Record<string, unknown>[] = [];
  readonly #forgotten: RecordId[] = [];
  readonly #deferred: Record<string, unknown>[] = [];
  readonly #goneDeferred: RecordId[] = [];
  readonly #sections: IndexSection[] = [];
  readonly #rows: ScopeRow[] = [];
  readonly #goneRows: number[] = [];
  readonly #position: Position;
  #weight = 0;

  /** Begins after a position; `at` is the ISO time of the commit. */
  constructor(position: Position, at: string) {
    this.#position = position;
    this.#at = at;
    this.#history = new HistoryWriter(position.sequence);
  }

  /** Rows so far, about. */
  get weight(): number {
    return this.#weight;
  }

  /** Adds changes of a scope, all of them or a part. */
  add(changes: ScopeChanges): void {
    const { scope, parent } = changes;
    const { nodes, goneNodes, edges, goneEdges } = changes;
    const owner = scopeHash(scope);
    const standing = standingOf(changes);
    const indexEdges: EdgeWrite[] = [];
    const indexGone: EdgeKey[] = [];
    if (
      nodes.length + goneNodes.length + edges.length + goneEdges.length > 0 ||
      standing !== undefined
    ) this.#history.scope(changes);
    for (const node of nodes) {
      this.#history.node(node);
      this.#addNode(changes, node);
      if (node.mode !== "new" || parent === null) continue;
      const edge: EdgeWrite = {
        from: parent,
        to: node.id,
        type: "default",
        reported: null,
        mode: "new",
      };
      this.#history.edge(edge);
      this.#addEdge(owner, edge);
      indexEdges.push(edge);
    }
    for (const id of goneNodes) {
      this.#history.goneNode(id);
      this.#goneNodes.push(new RecordId("node", id));
      if (parent === null) continue;
      const edge = { from: parent, to: id, type: "default" };
      this.#history.goneEdge(edge);
      this.#goneEdges.push(edgeRecord(owner, edge));
      indexGone.push(edge);
    }
    for (const edge of edges) {
      this.#history.edge(edge);
      this.#addEdge(owner, edge);
      indexEdges.push(edge);
    }
    for (const edge of goneEdges) {
      this.#history.goneEdge(edge);
      this.#goneEdges.push(edgeRecord(owner, edge));
      indexGone.push(edge);
    }
    if (standing !== undefined) this.#history.standing(standing);
    this.#addState(changes);
    this.#addDeferred(owner, changes);
    this.#sections.push({
      scope,
      kinds: changes.kinds,
      accountName: changes.accountName,
      regionName: changes.regionName,
      run: changes.run,
      nodes: nodes.map((node) => ({
        id: node.id,
        hash: node.hash,
        zone: node.zone,
        reported: node.text,
        ...sectionTexts(node),
        text: searchText(reportedOf(node)),
        mode: node.mode,
        ...(node.changed !== undefined && { changed: node.changed }),
      })),
      goneNodes,
      edges: indexEdges,
      goneEdges: indexGone,
      ...(standing !== undefined && { standing }),
    });
    this.#weight += weight(changes);
  }

  #addNode(changes: ScopeChanges, node: NodeWrite): void {
    const { scope } = changes;
    if (node.isPatch) {
      const { desired, metadata } = node;
      this.#patched.push({
        id: new RecordId("node", node.id),
        ...(desired !== undefined && { desired: JSON.parse(desired) }),
        ...(metadata !== undefined && { metadata: JSON.parse(metadata) }),
        seq: 0,
        run: changes.run,
        at: this.#at,
      });
      return;
    }
    const rows = { new: this.#created, next: this.#updated, same: this.#quiet };
    rows[node.mode].push({
      id: new RecordId("node", node.id),
      hash: node.hash,
      kinds: changes.kinds,
      cloud: scope.cloud,
      account: scope.account,
      account_name: changes.accountName,
      region: scope.region,
      region_name: changes.regionName,
      zone: node.zone,
      reported: reportedOf(node),
      seq: 0,
      run: changes.run,
      at: this.#at,
    });
  }

  #addEdge(owner: string, edge: EdgeWrite): void {
    const tables = edge.mode === "new" ? this.#edges : this.#changedEdges;
    let rows = tables.get(edge.type);
    if (rows === undefined) tables.set(edge.type, rows = []);
    rows.push({
      id: edgeRecord(owner, edge),
      in: new RecordId("node", edge.from),
      out: new RecordId("node", edge.to),
      ...(edge.reported !== null && { reported: JSON.parse(edge.reported) }),
      seq: 0,
    });
  }

  #addState({ scope, state, accountName, regionName }: ScopeChanges): void {
    if (state === "unchanged") return;
    const { sid, cloud, account, region, kind } = scope;
    const id = new RecordId("ledger", [cloud, account, region, kind]);
    if (state === null) {
      this.#forgotten.push(id);
      this.#goneRows.push(sid);
      return;
    }
    this.#ledger.push({
      id,
      set: {
        sid,
        ...(accountName !== "" && { account_name: accountName }),
        ...(regionName !== "" && { region_name: regionName }),
        ...stateRow(state),
      },
    });
    this.#rows.push({
      ...scope,
      status: state.status,
      reason: reasonOf(state),
      lastAttempt: state.lastAttempt,
      lastSuccess: state.lastSuccess,
      count: state.count,
      edges: state.edges,
    });
  }

  #addDeferred(owner: string, { scope, deferred, run }: ScopeChanges): void {
    if (deferred === undefined) return;
    const id = new RecordId("deferred_edge", owner);
    if (deferred === null) {
      this.#goneDeferred.push(id);
      return;
    }
    const { cloud, account, region, kind } = scope;
    this.#deferred.push({
      id,
      scope: [cloud, account, region, kind],
      run,
      edges: deferred,
    });
  }

  /** Ends the transaction. */
  build(): Transaction {
    const commit = this.#position.commit + 1;
    const { sequence } = this.#history;
    const statements: string[] = ["BEGIN;"];
    const bindings: Record<string, unknown> = {
      // A row of its own, for transactions side by side may share none.
      commit: new RecordId("commit", commit),
      position: { sequence },
      old_commit: new RecordId("commit", commit - KEPT_COMMITS),
    };
    const add = (
      name: string,
      rows: readonly unknown[],
      statement: string,
    ): void => {
      if (rows.length === 0) return;
      bindings[name] = rows;
      statements.push(statement);
    };
    // Rows are valid from the last number, which was not known before.
    for (const rows of [this.#created, this.#updated, this.#patched]) {
      for (const row of rows) row.seq = sequence;
    }
    for (
      const rows of [...this.#edges.values(), ...this.#changedEdges.values()]
    ) {
      for (const row of rows) row.seq = sequence;
    }
    add("created", this.#created, "INSERT INTO node $created RETURN NONE;");
    add(
      "updated",
      this.#updated,
      `INSERT INTO node $updated ON DUPLICATE KEY UPDATE ${UPDATED_FIELDS} RETURN NONE;`,
    );
    add(
      "quiet",
      this.#quiet,
      `INSERT INTO node $quiet ON DUPLICATE KEY UPDATE ${QUIET_FIELDS} RETURN NONE;`,
    );
    add(
      "patched",
      this.#patched,
      // Three times as fast as an insert of what is there already.
      `FOR $row IN $patched { UPDATE $row.id SET ${PATCHED_FIELDS} RETURN NONE };`,
    );
    add("gone_nodes", this.#goneNodes, DELETE_NODES);
    add("gone_edges", this.#goneEdges, "DELETE $gone_edges RETURN NONE;");
    for (const type of EDGE_TYPES) {
      add(
        `edges_${type}`,
        this.#edges.get(type) ?? [],
        `INSERT RELATION INTO edge_${type} $edges_${type} RETURN NONE;`,
      );
      add(
        `changed_edges_${type}`,
        this.#changedEdges.get(type) ?? [],
        `INSERT RELATION INTO edge_${type} $changed_edges_${type} ON DUPLICATE KEY UPDATE reported = $input.reported, seq = $input.seq RETURN NONE;`,
      );
    }
    add(
      "history",
      this.#history.blocks(commit, this.#at)
        .map((block) => ({
          id: new RecordId("history", block.first),
          ...block,
        })),
      "INSERT INTO history $history RETURN NONE;",
    );
    add(
      "ledger",
      this.#ledger,
      "FOR $row IN $ledger { UPSERT $row.id MERGE $row.set RETURN NONE };",
    );
    add(
      "forgotten",
      this.#forgotten,
      "DELETE $forgotten RETURN NONE;",
    );
    add(
      "deferred",
      this.#deferred,
      "FOR $row IN $deferred { UPSERT $row.id CONTENT $row RETURN NONE };",
    );
    add(
      "gone_deferred",
      this.#goneDeferred,
      "DELETE $gone_deferred RETURN NONE;",
    );
    statements.push(
      "CREATE $commit CONTENT $position RETURN NONE;",
      "DELETE $old_commit RETURN NONE;",
      "COMMIT;",
    );
    return {
      sql: statements.join("\n"),
      bindings,
      sequence,
      batch: {
        sequence,
        commit,
        at: this.#at,
        sections: this.#sections.filter(hasChanges),
        scopes: this.#rows,
        goneScopes: this.#goneRows,
      },
    };
  }
}

function hasChanges(section: IndexSection): boolean {
  const { nodes, goneNodes, edges, goneEdges, standing } = section;
  return standing !== undefined ||
    nodes.length + goneNodes.length + edges.length + goneEdges.length > 0;
}

function reportedOf(node: NodeWrite): JsonObject {
  return node.reported ?? JSON.parse(node.text) as JsonObject;
}

function sectionTexts({ desired, metadata }: NodeWrite): NodeSections {
  return {
    ...(desired !== undefined && { desired }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** Edges of one type are told apart by their ends and who declared them. */
function edgeRecord(owner: string, { from, to, type }: EdgeKey): RecordId {
  return new RecordId(`edge_${type}`, [from, to, owner]);
}

/** What of a usage is kept: its numbers and nothing beside them. */
function usageRow(usage: ScopeUsage | null): ScopeUsage | null {
  if (usage === null) return null;
  const { calls, throttles, bytes, waited_ms } = usage;
  return { calls, throttles, bytes, waited_ms };
}

/** A state as it stands in the ledger's rows. */
function stateRow(state: ScopeState): Record<string, unknown> {
  return {
    status: state.status,
    error: state.error,
    ...(state.since !== null && { since: state.since }),
    last_attempt: state.lastAttempt,
    last_success: state.lastSuccess,
    count: state.count,
    ...(state.durationMs !== null && { duration_ms: state.durationMs }),
    ...(state.usage !== undefined && { usage: usageRow(state.usage) }),
    edges: state.edges,
  };
}
