/**
 * The word to subscribers: one row in `change` for many commits.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import type { IndexBatch } from "../index/index_batch.ts";

/** A row of `change`: what lies between two sequence numbers. */
export interface ChangeRow {
  /** Sequence number before the first change. */
  readonly after: number;
  /** Sequence number of the last change; also the row's id. */
  readonly last: number;
  readonly at: string;
  /** Kinds of the scopes that changed. */
  readonly kinds: readonly string[];
  readonly runs: readonly string[];
  readonly nodes: number;
  readonly edges: number;
}

/** Gathers what was applied to the index until somebody has time to tell. */
export class PendingChange {
  readonly #session: DbSession;
  #told: number;
  #last: number;
  #at = "";
  readonly #kinds = new Set<string>();
  readonly #runs = new Set<string>();
  #nodes = 0;
  #edges = 0;

  /** Begins after a sequence number. */
  constructor(session: DbSession, sequence: number) {
    this.#session = session;
    this.#told = sequence;
    this.#last = sequence;
  }

  /** Adds what was applied. */
  add(batches: readonly IndexBatch[]): void {
    for (const { sequence, at, sections } of batches) {
      this.#last = Math.max(this.#last, sequence);
      this.#at = at;
      for (const section of sections) {
        this.#kinds.add(section.scope.kind);
        if (section.run !== null) this.#runs.add(section.run);
        this.#nodes += section.nodes.length + section.goneNodes.length;
        this.#edges += section.edges.length + section.goneEdges.length;
      }
    }
  }

  /** Writes the row, if anything changed; tries again next time if it fails. */
  async flush(): Promise<void> {
    if (this.#last === this.#told) return;
    const row: ChangeRow = {
      after: this.#told,
      last: this.#last,
      at: this.#at,
      kinds: [...this.#kinds],
      runs: [...this.#runs],
      nodes: this.#nodes,
      edges: this.#edges,
    };
    await this.#session.query("UPSERT $id CONTENT $row RETURN NONE", {
      id: new RecordId("change", row.last),
      row,
    }).catch(() => {});
    this.#told = row.last;
    this.#kinds.clear();
    this.#runs.clear();
    this.#nodes = 0;
    this.#edges = 0;
  }
}
