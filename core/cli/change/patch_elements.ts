/**
 * Changes the nodes that come, and passes them on as they are then.
 *
 * @module
 */

import type { NodePatch, NodeUpdateReport } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { UpdateCounter } from "../../graph/mod.ts";
import { Batch, type Batches } from "../batch.ts";
import { elementsOf } from "../elements_of.ts";
import type { Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { nodeIds } from "./node_ids.ts";

/** How nodes are changed. */
export interface PatchStep {
  /** Name of the command, for messages. */
  readonly name: string;
  /** What is done to each node; several count in their order. */
  readonly patches: readonly Omit<NodePatch, "id">[];
  /** Whether protected nodes are left alone. Default: no. */
  readonly skipProtected?: boolean;
}

/** Nodes that are changed at once. */
const AT_ONCE = 1_000;

/** Ids that a message names. */
const NAMED = 5;

function named(ids: readonly string[], count: number): string {
  const shown = ids.slice(0, NAMED).join(", ");
  return count > NAMED ? `${shown} and ${count - NAMED} more` : shown;
}

/** What is told at the end. */
function tell(report: NodeUpdateReport, note: LineContext["note"]): void {
  const { updated, unchanged, missing, skipped } = report;
  const nodes = updated === 1 ? "1 node was" : `${updated} nodes were`;
  note({
    type: "message",
    level: "info",
    text: unchanged === 0
      ? `${nodes} changed`
      : `${nodes} changed, ${unchanged} had it so already`,
  });
  if (skipped > 0) {
    note({
      type: "message",
      level: "warning",
      text: `${skipped} left alone, for they are protected: ` +
        named(report.skipped_ids, skipped),
    });
  }
  if (missing > 0) {
    note({
      type: "message",
      level: "warning",
      text: `${missing} not found, or gone meanwhile: ` +
        named(report.missing_ids, missing),
    });
  }
}

/**
 * Changes the nodes of the input and gives them as they are then. All of them are
 * changed, also when nobody reads on; only the end of the line's signal stops it.
 */
export function patchElements(
  input: Flow | undefined,
  step: PatchStep,
  context: LineContext,
): Flow {
  const { batches } = elementsOf(input);
  return { type: "elements", shape: "nodes", batches: patched(batches) };

  async function* patched(batches: Batches): AsyncGenerator<Batch> {
    const graph = context.services.graph(context.graph);
    const { signal, note } = context;
    const { name, patches, skipProtected = false } = step;
    const counter = new UpdateCounter();
    const update = async (ids: readonly string[]): Promise<void> => {
      signal.throwIfAborted();
      const some = ids.flatMap((id) =>
        patches.map((patch) => ({ id, ...patch }))
      );
      counter.add(await graph.updateNodes(some, { skipProtected, signal }));
    };
    const ids = nodeIds(batches, { name, atOnce: AT_ONCE });
    let isEnded = false;
    try {
      for (;;) {
        const { done, value } = await ids.next();
        if (done) break;
        await update(value);
        yield Batch.ofValues(
          await graph.nodes(value) as unknown as readonly Json[],
        );
      }
      isEnded = true;
    } catch (error) {
      isEnded = true;
      throw error;
    } finally {
      // Whoever wants the first nodes alone wants all of them changed.
      if (!isEnded && !signal.aborted) {
        for await (const rest of ids) await update(rest);
      }
      await ids.return();
      tell(counter.report(), note);
    }
  }
}
