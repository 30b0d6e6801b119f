import type { MergeReport, Rejection, ScopeFailure } from "@skymap/lib/client";
import type { Failure, ScopeKey } from "@skymap/lib/plugin";
import type { ScopeCounts } from "./diff_scope.ts";

/** Failures and rejections that are listed; all are counted. */
const MAX_LISTED = 100;

/** Counts what a merge does. */
export class MergeCounter {
  readonly #counts = {
    nodesCreated: 0,
    nodesUpdated: 0,
    nodesDeleted: 0,
    nodesUnchanged: 0,
    edgesCreated: 0,
    edgesUpdated: 0,
    edgesDeleted: 0,
    edgesUnchanged: 0,
  };
  #complete = 0;
  #failed = 0;
  #rejected = 0;
  readonly #failures: ScopeFailure[] = [];
  readonly #rejections: Rejection[] = [];

  /** An element was refused. */
  reject(rejection: Rejection): void {
    this.#rejected++;
    if (this.#rejections.length < MAX_LISTED) this.#rejections.push(rejection);
  }

  /** A scope was written. */
  scope(
    { cloud, account, region, kind }: ScopeKey,
    counts: ScopeCounts | undefined,
    failure: Failure | undefined,
  ): void {
    if (failure === undefined) this.#complete++;
    else {
      this.#failed++;
      if (this.#failures.length < MAX_LISTED) {
        this.#failures.push({ cloud, account, region, kind, ...failure });
      }
    }
    if (counts === undefined) return;
    for (const name of Object.keys(this.#counts) as (keyof ScopeCounts)[]) {
      this.#counts[name] += counts[name];
    }
  }

  /** The report up to now. */
  report(sequence: number): MergeReport {
    const counts = this.#counts;
    return {
      nodes_created: counts.nodesCreated,
      nodes_updated: counts.nodesUpdated,
      nodes_deleted: counts.nodesDeleted,
      nodes_unchanged: counts.nodesUnchanged,
      edges_created: counts.edgesCreated,
      edges_updated: counts.edgesUpdated,
      edges_deleted: counts.edgesDeleted,
      edges_unchanged: counts.edgesUnchanged,
      scopes_complete: this.#complete,
      scopes_failed: this.#failed,
      failed: [...this.#failures],
      rejected: this.#rejected,
      rejections: [...this.#rejections],
      sequence,
    };
  }
}
