/**
 * Deletes history that is older than it is kept.
 *
 * First the record remembers up to where the history goes; from then on nothing
 * is answered about the time before, and whoever is cut begins again from there.
 * Then the record's blocks are compacted, and the index loses the versions. Each
 * step can be repeated, and the states that are kept are whole at any moment.
 *
 * @module
 */

import {
  BoundExcluded,
  BoundIncluded,
  RecordId,
  RecordIdRange,
} from "@skymap/lib/db";
import {
  commitAt,
  countVersions,
  limitIndex,
  pruneSome,
} from "../index/prune_index.ts";
import type { SearchIndex } from "../index/search_index.ts";
import { compactBlocks, type CompactedBlock } from "./compact_history.ts";
import type { GraphParts } from "./graph_parts.ts";
import type { HistoryBlock } from "./history.ts";
import {
  type LockedTurns,
  type Oldest,
  readOldest,
  writeOldest,
} from "./oldest.ts";
import { readHistory } from "./record.ts";
import { readSnapshots } from "./snapshots.ts";

/** What was pruned. */
export interface PruneReport {
  /** Sequence number of the oldest state that is kept. */
  readonly sequence: number;
  /** ISO time of its commit. */
  readonly at: string;
  /** Changes that went from the record. */
  readonly changes: number;
  /** Versions that went from the index. */
  readonly versions: number;
  /** Whether the index was written anew, so that its file is smaller. */
  readonly compacted: boolean;
}

/** What is needed to prune a graph. */
export interface PruneContext extends GraphParts {
  readonly index: SearchIndex;
  readonly turns: LockedTurns;
  /** Called before each write, in tests. */
  readonly beforeWrite?: () => void;
  readonly signal?: AbortSignal;
}

/** Characters of history that are looked at together, about. */
const MAX_CHARS = 2_000_000;

/** Rows that one statement deletes. */
const MAX_ROWS = 1_000;

/**
 * Deletes the history before a time; states that snapshots name stay. Undefined
 * when there is nothing to delete.
 */
export async function prune(
  context: PruneContext,
  before: Date,
): Promise<PruneReport | undefined> {
  await context.writer.settle();
  const limit = await context.turns.take(() => plan(context, before));
  return limit === undefined ? undefined : await carryOut(context, limit);
}

/** Ends what was begun and cut, if anything was. */
export async function finishPrune(
  context: PruneContext,
): Promise<PruneReport | undefined> {
  const limit = await readOldest(context.session);
  if (limit === undefined || limit.isDone) return undefined;
  return await carryOut(context, limit);
}

/** Decides up to where the history goes, and says so in the record. */
async function plan(
  { session, reader, beforeWrite, now }: PruneContext,
  before: Date,
): Promise<Oldest | undefined> {
  const known = await readOldest(session);
  const commit = await reader.ask(
    "find the oldest commit to keep",
    (connection) => commitAt(connection, before.toISOString()),
  );
  const limit = known !== undefined &&
      (commit === undefined || commit.sequence < known.sequence)
    ? { sequence: known.sequence, at: known.at }
    : commit;
  if (limit === undefined) return undefined;
  const held = (await readSnapshots(session))
    .map(({ sequence }) => sequence)
    .filter((sequence) => sequence < limit.sequence);
  const next: Oldest = {
    ...limit,
    held: [...new Set(held)],
    isDone: false,
    prunedAt: now().toISOString(),
  };
  if (
    known?.isDone === true && known.sequence === next.sequence &&
    known.held.join() === next.held.join()
  ) return undefined;
  beforeWrite?.();
  await writeOldest(session, next);
  return next;
}

async function carryOut(
  context: PruneContext,
  limit: Oldest,
): Promise<PruneReport> {
  const { session, writer, reader, index, beforeWrite } = context;
  const change = <T>(work: () => Promise<T>): Promise<T> => {
    context.signal?.throwIfAborted();
    beforeWrite?.();
    return writer.pause(work);
  };
  await change(() =>
    reader.ask("limit the index", (connection) => limitIndex(connection, limit))
  );
  const changes = await compactRecord(context, limit);
  await deleteTold(context, limit.sequence);
  let versions = 0;
  for (;;) {
    const count = await change(() =>
      reader.ask(
        "prune the index",
        (connection) => pruneSome(connection, limit),
      )
    );
    if (count === 0) break;
    versions += count;
  }
  beforeWrite?.();
  await writeOldest(session, { ...limit, isDone: true });
  const left = await reader.ask("count versions", countVersions);
  const compacted = versions > left / 4 || await index.isGrown();
  if (compacted) await writer.pause(() => index.compact());
  const { sequence, at } = limit;
  return { sequence, at, changes, versions, compacted };
}

/** Compacts the record's blocks up to the limit; gives how many lines went. */
async function compactRecord(
  context: PruneContext,
  limit: Oldest,
): Promise<number> {
  const { session, reader, signal } = context;
  let dropped = 0;
  let blocks: HistoryBlock[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    const some = blocks;
    blocks = [];
    chars = 0;
    if (some.length === 0) return;
    const changed = await reader.ask(
      "find what is kept",
      (connection) => compactBlocks(connection, some, limit),
    );
    await writeBlocks(context, changed);
    for (const block of changed) dropped += block.dropped;
  };
  for await (const block of readHistory(session, 0, limit.sequence)) {
    signal?.throwIfAborted();
    blocks.push(block);
    chars += block.text.length;
    if (chars > MAX_CHARS) await flush();
  }
  await flush();
  return dropped;
}

/** Writes blocks that changed, about a million characters at a time. */
async function writeBlocks(
  { session, beforeWrite }: PruneContext,
  changed: readonly CompactedBlock[],
): Promise<void> {
  const id = ({ first }: CompactedBlock) => new RecordId("history", first);
  const gone = changed.filter(({ text }) => text === undefined).map(id);
  if (gone.length > 0) {
    beforeWrite?.();
    await session.query("DELETE $gone RETURN NONE", { gone });
  }
  for (const block of changed) {
    if (block.text === undefined) continue;
    beforeWrite?.();
    await session.query("UPDATE $id SET text = $text RETURN NONE", {
      id: id(block),
      text: block.text,
    });
  }
}

/** Deletes what subscribers were told of changes up to the limit. */
async function deleteTold(
  { session, beforeWrite, signal }: PruneContext,
  sequence: number,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const [ids] = await session.query<[RecordId[]]>(
      `SELECT VALUE id FROM $range LIMIT ${MAX_ROWS}`,
      { range: toldUntil(sequence) },
    );
    if (ids.length === 0) return;
    beforeWrite?.();
    await session.query("DELETE $ids RETURN NONE", { ids });
  }
}

function toldUntil(sequence: number): RecordIdRange<"change", number> {
  return new RecordIdRange(
    "change",
    new BoundIncluded(0),
    new BoundExcluded(sequence + 1),
  );
}
