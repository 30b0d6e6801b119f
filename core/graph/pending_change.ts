/**
 * The word to those who listen: one for many commits.
 *
 * @module
 */

import type { IndexBatch, IndexSection } from "../index/index_batch.ts";

/** A word: what lies between two sequence numbers. */
export interface ChangeRow {
  /** Sequence number before the first change. */
  readonly after: number;
  /** Sequence number of the last change. */
  readonly last: number;
  /** ISO time. */
  readonly at: string;
  /** Kinds of the scopes that changed; null when it may be any. */
  readonly kinds: readonly string[] | null;
  readonly runs: readonly string[];
  readonly nodes: number;
  readonly edges: number;
}

/** Passes a word on; rejects when nobody got it. */
export type TellChange = (change: ChangeRow) => Promise<void>;

/** Whether searches may see a difference. */
function isChanged(section: IndexSection): boolean {
  const { nodes, goneNodes, edges, goneEdges, standing } = section;
  return nodes.length + goneNodes.length + edges.length + goneEdges.length >
      0 || standing !== undefined;
}

/** Gathers what was applied to the index until somebody has time to tell. */
export class PendingChange {
  readonly #tell: TellChange;
  #told: number;
  #last: number;
  #at = "";
  #isAny = false;
  #kinds = new Set<string>();
  #runs = new Set<string>();
  #nodes = 0;
  #edges = 0;
  #turn: Promise<void> = Promise.resolve();

  /** Begins after a sequence number. */
  constructor(sequence: number, tell: TellChange) {
    this.#tell = tell;
    this.#told = sequence;
    this.#last = sequence;
  }

  /** Whether there is something that was not told. */
  get isPending(): boolean {
    return this.#isAny || this.#last !== this.#told || this.#kinds.size > 0;
  }

  /** Adds what was applied. */
  add(batches: readonly IndexBatch[]): void {
    for (const { sequence, at, sections } of batches) {
      this.#last = Math.max(this.#last, sequence);
      this.#at = at;
      for (const section of sections.filter(isChanged)) {
        this.#kinds.add(section.scope.kind);
        if (section.run !== null) this.#runs.add(section.run);
        this.#nodes += section.nodes.length + section.goneNodes.length;
        this.#edges += section.edges.length + section.goneEdges.length;
      }
    }
  }

  /** Anything may have changed, up to a sequence number. */
  addAny(sequence: number, at: string): void {
    this.#isAny = true;
    this.#last = Math.max(this.#last, sequence);
    this.#at = at;
  }

  /**
   * Passes the word on, if there is one. What nobody got is a part of the next
   * word; then this gives false.
   */
  async flush(): Promise<boolean> {
    const told = this.#turn.then(() => this.#flush());
    this.#turn = told.then(() => {});
    return await told;
  }

  async #flush(): Promise<boolean> {
    if (!this.isPending) return true;
    const row: ChangeRow = {
      after: this.#told,
      last: this.#last,
      at: this.#at,
      kinds: this.#isAny ? null : [...this.#kinds],
      runs: [...this.#runs],
      nodes: this.#nodes,
      edges: this.#edges,
    };
    this.#isAny = false;
    this.#kinds = new Set();
    this.#runs = new Set();
    this.#nodes = 0;
    this.#edges = 0;
    try {
      await this.#tell(row);
      this.#told = row.last;
      return true;
    } catch {
      this.#isAny ||= row.kinds === null;
      for (const kind of row.kinds ?? []) this.#kinds.add(kind);
      for (const run of row.runs) this.#runs.add(run);
      this.#nodes += row.nodes;
      this.#edges += row.edges;
      return false;
    }
  }
}
