/**
 * Opens graphs.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import {
  type FoundIndex,
  type IndexPlace,
  NO_INDEX,
  SearchIndex,
} from "../index/search_index.ts";
import { KindRegistry } from "../model/kind_registry.ts";
import { catchUp, fillIndex } from "./catch_up.ts";
import { Graph, type GraphOptions } from "./graph.ts";
import { readModels, readState, type RecordState } from "./record.ts";

/**
 * Opens a graph: its index is caught up with the record after a crash, and made
 * anew when it is missing, damaged, of another version or of another record.
 */
export async function openGraph(options: GraphOptions): Promise<Graph> {
  const { session, name } = options;
  const state = await readState(session);
  const index = await openIndex(options, state);
  try {
    const model = await openModel(session, (problem) => {
      options.onNotice?.(`Kinds of graph "${name}" are left out: ${problem}`);
    });
    const graph = await Graph.open(options, index, model, state);
    await graph.finishPrune(options.signal);
    return graph;
  } catch (error) {
    index[Symbol.dispose]();
    throw error;
  }
}

/** Kinds that were declared; a later version may refuse what one took before. */
async function openModel(
  session: DbSession,
  onProblem: (problem: string) => void,
): Promise<KindRegistry> {
  const model = new KindRegistry();
  for (const plugin of await readModels(session)) {
    for (const { message } of model.update(plugin)) onProblem(message);
  }
  return model;
}

async function openIndex(
  options: GraphOptions,
  state: RecordState,
): Promise<SearchIndex> {
  const { session, name: graph, signal } = options;
  const place: IndexPlace = {
    ...options.index,
    graph,
    record: state.record,
    directory: options.indexDirectory,
  };
  const found = await catchUpIndex(
    session,
    await SearchIndex.open(place),
    state,
    signal,
  );
  if ("index" in found) return found.index;
  // A new graph has no index: nothing to tell. But an index beside an empty
  // record means that the record was lost.
  if (state.commit > 0 || found.reason !== NO_INDEX) {
    options.onNotice?.(
      `The search index of graph "${graph}" is made anew: ${found.reason}`,
    );
  }
  return await SearchIndex.build(
    place,
    (file) => fillIndex(session, file, signal),
  );
}

/** Catches up the index that was found, or says why it cannot be used. */
async function catchUpIndex(
  session: DbSession,
  found: FoundIndex,
  state: RecordState,
  signal: AbortSignal | undefined,
): Promise<FoundIndex> {
  if ("reason" in found) return found;
  const { index, position } = found;
  try {
    if (position.commit > state.commit) {
      // The engine drops a damaged end of its log without a word.
      throw new SkymapError(
        "index_failed",
        `it is newer than the record (commit ${position.commit} against ` +
          `${state.commit}), so the record has lost its latest changes: ` +
          `restore "db" from a backup, or collect again`,
      );
    }
    const connection = await index.connect();
    try {
      await catchUp(session, connection, position, state, signal);
    } finally {
      connection.closeSync();
    }
    return found;
  } catch (error) {
    index[Symbol.dispose]();
    signal?.throwIfAborted();
    return { reason: messageOf(error) };
  }
}
