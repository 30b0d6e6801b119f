/**
 * History: every change of a graph in order, in blocks of text.
 *
 * A block holds lines of JSON: one that says of which scope the following
 * changes are, then the changes, each with its own sequence number. Text costs a
 * tenth of what rows would to write, and blocks are what the index is caught up
 * and rebuilt from.
 *
 * @module
 */

import { canonicalJson, type Json, type JsonObject } from "@skymap/lib/json";
import type {
  EdgeKey,
  IndexEdge,
  IndexNode,
  IndexSection,
  ScopeStanding,
} from "../index/index_batch.ts";
import { searchText } from "../index/search_text.ts";
import type { EdgeWrite, NodeWrite, ScopeChanges } from "./scope_changes.ts";

/** A block as it is stored under its first sequence number. */
export interface HistoryBlock {
  /** Sequence number of its first change. */
  readonly first: number;
  /** Sequence number of its last change. */
  readonly last: number;
  /** Last sequence number of its commit: from it on its versions are valid. */
  readonly valid: number;
  /** Number of its commit. */
  readonly commit: number;
  /** ISO time of the commit. */
  readonly at: string;
  /** Lines of JSON. */
  readonly text: string;
}

/** Changes of one block at most; whoever reads a change reads its block. */
const MAX_CHANGES = 500;

/** Characters of one block, about; a block has at least one change. */
const MAX_CHARS = 1_000_000;

/** What a change of a node or an edge can be. */
export const CHANGE_TYPES = [
  "node_created",
  "node_updated",
  "node_deleted",
  "edge_created",
  "edge_updated",
  "edge_deleted",
] as const;

/** What a change was. */
export type ChangeType = typeof CHANGE_TYPES[number];

/** The line before the changes of a scope. */
interface ScopeLine {
  readonly scope: readonly [string, string, string, string];
  readonly kinds: readonly string[];
  readonly account_name: string;
  readonly region_name: string;
  readonly run: string | null;
}

/** The line of a change of a node. */
interface NodeLine {
  readonly seq: number;
  readonly type: "node_created" | "node_updated" | "node_deleted";
  readonly id: string;
  readonly hash?: string;
  readonly zone?: string;
  /** Only properties changed that make no history. */
  readonly quiet?: true;
  readonly changed?: readonly string[];
  readonly reported?: JsonObject;
  readonly desired?: JsonObject;
  readonly metadata?: JsonObject;
}

/** The line of a change of an edge. */
interface EdgeLine {
  readonly seq: number;
  readonly type: "edge_created" | "edge_updated" | "edge_deleted";
  readonly from: string;
  readonly to: string;
  readonly edge_type: string;
  readonly reported?: JsonObject;
}

/** The line of a change of how the scope stands. */
type StandingLine =
  | { readonly seq: number; readonly type: "scope_gone" }
  | {
    readonly seq: number;
    readonly type: "scope_state";
    readonly status: string;
    readonly reason: string | null;
    readonly last_attempt: string;
    readonly last_success: string | null;
  };

/** Numbers changes and writes them into blocks. */
export class HistoryWriter {
  #sequence: number;
  #first: number;
  #lines: string[] = [];
  #chars = 0;
  #scope: string | undefined;
  readonly #blocks: { first: number; last: number; text: string }[] = [];

  /** Goes on after the last sequence number that was given. */
  constructor(sequence: number) {
    this.#sequence = sequence;
    this.#first = sequence + 1;
  }

  /** The last sequence number given. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Says of which scope the following changes are. */
  scope(changes: ScopeChanges): void {
    const { cloud, account, region, kind } = changes.scope;
    this.#scope = JSON.stringify(
      {
        scope: [cloud, account, region, kind],
        kinds: changes.kinds,
        account_name: changes.accountName,
        region_name: changes.regionName,
        run: changes.run,
      } satisfies ScopeLine,
    );
    if (this.#lines.length > 0) this.#lines.push(this.#scope);
  }

  #add(type: ChangeType | StandingLine["type"], rest: string): void {
    if (this.#lines.length === 0 && this.#scope !== undefined) {
      this.#lines.push(this.#scope);
    }
    const tail = rest === "" ? "" : `,${rest}`;
    const line = `{"seq":${++this.#sequence},"type":"${type}"${tail}}`;
    this.#lines.push(line);
    this.#chars += line.length;
    if (
      this.#chars >= MAX_CHARS ||
      this.#sequence - this.#first + 1 >= MAX_CHANGES
    ) this.#cut();
  }

  #cut(): void {
    if (this.#sequence < this.#first) return;
    this.#blocks.push({
      first: this.#first,
      last: this.#sequence,
      text: this.#lines.join("\n"),
    });
    this.#lines = [];
    this.#chars = 0;
    this.#first = this.#sequence + 1;
  }

  /** Adds a node that is written. */
  node(node: NodeWrite): void {
    const { id, hash, zone, text, mode, changed, desired, metadata } = node;
    this.#add(
      mode === "new" ? "node_created" : "node_updated",
      `"id":"${id}","hash":"${hash}",` +
        (zone === null ? "" : `"zone":${JSON.stringify(zone)},`) +
        (mode === "same" ? `"quiet":true,` : "") +
        (changed === undefined ? "" : `"changed":${JSON.stringify(changed)},`) +
        `"reported":${text}` +
        (desired === undefined ? "" : `,"desired":${desired}`) +
        (metadata === undefined ? "" : `,"metadata":${metadata}`),
    );
  }

  /** Adds a node that is deleted. */
  goneNode(id: string): void {
    this.#add("node_deleted", `"id":"${id}"`);
  }

  /** Adds an edge that is written. */
  edge({ from, to, type, reported, mode }: EdgeWrite): void {
    this.#add(
      mode === "new" ? "edge_created" : "edge_updated",
      edgeText({ from, to, type }) +
        (reported === null ? "" : `,"reported":${reported}`),
    );
  }

  /** Adds an edge that is deleted. */
  goneEdge(edge: EdgeKey): void {
    this.#add("edge_deleted", edgeText(edge));
  }

  /** Adds how the scope stands from now on; null when it is no more. */
  standing(standing: ScopeStanding | null): void {
    if (standing === null) {
      this.#add("scope_gone", "");
      return;
    }
    const { status, reason, lastAttempt, lastSuccess } = standing;
    const text = JSON.stringify({
      status,
      reason,
      last_attempt: lastAttempt,
      last_success: lastSuccess,
    });
    this.#add("scope_state", text.slice(1, -1));
  }

  /** Ends the last block and gives all of them. */
  blocks(commit: number, at: string): readonly HistoryBlock[] {
    this.#cut();
    const valid = this.#sequence;
    return this.#blocks.map((block) => ({ ...block, valid, commit, at }));
  }
}

function edgeText({ from, to, type }: EdgeKey): string {
  return `"from":${JSON.stringify(from)},"to":${
    JSON.stringify(to)
  },"edge_type":"${type}"`;
}

/** A scope of a block, with what changed in it; its number is not known yet. */
export type HistorySection = Omit<IndexSection, "scope"> & {
  readonly key: ScopeLine["scope"];
};

function standingOf(line: StandingLine): ScopeStanding | null {
  if (line.type === "scope_gone") return null;
  const { status, reason, last_attempt, last_success } = line;
  return {
    status,
    reason,
    lastAttempt: last_attempt,
    lastSuccess: last_success,
  };
}

/** Reads a block as changes of the index. */
export function readBlock(
  { text }: Pick<HistoryBlock, "text">,
): HistorySection[] {
  const sections: HistorySection[] = [];
  let nodes: IndexNode[] = [];
  let goneNodes: string[] = [];
  let edges: IndexEdge[] = [];
  let goneEdges: EdgeKey[] = [];
  for (const json of text.split("\n")) {
    const line: ScopeLine | NodeLine | EdgeLine | StandingLine = JSON.parse(
      json,
    );
    if ("scope" in line) {
      [nodes, goneNodes, edges, goneEdges] = [[], [], [], []];
      sections.push({
        key: line.scope,
        kinds: line.kinds,
        accountName: line.account_name,
        regionName: line.region_name,
        run: line.run,
        nodes,
        goneNodes,
        edges,
        goneEdges,
      });
    } else if (line.type === "scope_state" || line.type === "scope_gone") {
      // It stands last: its section is the one that was begun last.
      const section = sections.pop();
      if (section === undefined) throw new TypeError("Cannot happen");
      sections.push({ ...section, standing: standingOf(line) });
    } else if (line.type === "node_deleted") {
      goneNodes.push(line.id);
    } else if ("id" in line) {
      const reported: Json = line.reported ?? {};
      nodes.push({
        id: line.id,
        hash: line.hash ?? "",
        zone: line.zone ?? null,
        reported: canonicalJson(reported),
        ...(line.desired !== undefined && {
          desired: canonicalJson(line.desired),
        }),
        ...(line.metadata !== undefined && {
          metadata: canonicalJson(line.metadata),
        }),
        text: searchText(reported),
        mode: line.type === "node_created"
          ? "new"
          : line.quiet === true
          ? "same"
          : "next",
        ...(line.changed !== undefined && { changed: line.changed }),
      });
    } else {
      const edge = { from: line.from, to: line.to, type: line.edge_type };
      if (line.type === "edge_deleted") goneEdges.push(edge);
      else {
        edges.push({
          ...edge,
          reported: line.reported === undefined
            ? null
            : canonicalJson(line.reported),
          mode: line.type === "edge_created" ? "new" : "next",
        });
      }
    }
  }
  return sections;
}
