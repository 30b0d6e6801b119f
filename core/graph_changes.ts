/**
 * The word of changes of graphs to who listens in the control plane.
 *
 * @module
 */

import type { GraphChangeJson } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";

function rowOf(graph: string): RecordId {
  return new RecordId("graph_change", graph);
}

/** Writes rows of `graph_change`: one for each graph, with its last word. */
export class GraphChanges {
  readonly #system: DbSession;

  /** Writes to the database `system`. */
  constructor(system: DbSession) {
    this.#system = system;
  }

  /** Puts a word in the place of the one before. */
  async tell(change: GraphChangeJson): Promise<void> {
    await this.#system.query("UPSERT $id CONTENT $change RETURN NONE", {
      id: rowOf(change.graph),
      change,
    });
  }

  /** Forgets all graphs but these. */
  async keep(graphs: readonly string[]): Promise<void> {
    await this.#system.query(
      "DELETE graph_change WHERE record::id(id) NOT IN $graphs RETURN NONE",
      { graphs },
    );
  }

  /** Forgets a graph. */
  async forget(graph: string): Promise<void> {
    await this.#system.query("DELETE $id RETURN NONE", { id: rowOf(graph) });
  }
}
