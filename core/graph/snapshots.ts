/**
 * Snapshots: names of states of a graph.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { isDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import { type LockedTurns, readOldest } from "./oldest.ts";

/** A state of a graph: what was there when a commit had been made. */
export interface Point {
  /** Sequence number of the commit. */
  readonly sequence: number;
  /** ISO time that is meant; the commit is the last one up to it. */
  readonly at: string;
}

/** A state that has a name. */
export interface Snapshot extends Point {
  /** The name. */
  readonly label: string;
  /** ISO time when it was given. */
  readonly createdAt: string;
}

const LABEL = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;

/** Words that mean a time in other places. */
const RESERVED = new Set(["now", "today", "yesterday", "tomorrow"]);

/** Why a snapshot cannot be named so, or undefined. */
function labelProblem(label: string): string | undefined {
  if (!LABEL.test(label)) {
    return 'wanted a letter and up to 62 letters, digits, "_", "-" or "."';
  }
  if (isDuration(label)) return "it reads as a duration, wanted another name";
  return RESERVED.has(label.toLowerCase())
    ? "it reads as a time, wanted another name"
    : undefined;
}

/** Whether a text can be told from a time, and typed without quotes. */
export function isSnapshotLabel(label: string): boolean {
  return labelProblem(label) === undefined;
}

function checkLabel(label: string): void {
  const problem = labelProblem(label);
  if (problem === undefined) return;
  throw new SkymapError(
    "body_invalid",
    `Cannot name snapshot ${JSON.stringify(label)}: ${problem}`,
  );
}

interface SnapshotRow {
  readonly id: RecordId;
  readonly sequence: number;
  readonly at: string;
  readonly created_at: string;
}

function snapshotOf({ id, sequence, at, created_at }: SnapshotRow): Snapshot {
  return { label: String(id.id), sequence, at, createdAt: created_at };
}

/** Every snapshot of a record, the oldest state first. */
export async function readSnapshots(session: DbSession): Promise<Snapshot[]> {
  const [rows] = await session.query<[SnapshotRow[]]>(
    "SELECT * FROM snapshot",
  );
  return rows.map(snapshotOf).sort((one, two) =>
    one.sequence - two.sequence || (one.label < two.label ? -1 : 1)
  );
}

/** What {@linkcode Snapshots} works with. */
export interface SnapshotsOptions {
  readonly session: DbSession;
  /** Gives the time. */
  readonly now: () => Date;
  /** The last commit that searches see. */
  readonly newest: () => Promise<number>;
  /** Nothing is pruned while a snapshot is made. */
  readonly turns: LockedTurns;
}

/**
 * The snapshots of a graph. They are kept in the record, and the state that one
 * names is never pruned.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;

  /** Takes the graph they belong to. */
  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /**
   * Names a state. Default: the present.
   *
   * @throws SkymapError `usage` for a label that is no name, `conflict` for one
   * that is taken, `query_invalid` for a state that was pruned.
   */
  async create(label: string, point?: Point): Promise<Snapshot> {
    checkLabel(label);
    const { session, now, newest, turns } = this.#options;
    return await turns.take(async () => {
      const [taken] = (await readSnapshots(session)).filter((each) =>
        each.label === label
      );
      if (taken !== undefined) {
        throw new SkymapError(
          "conflict",
          `Cannot name snapshot "${label}": it names the state of ${taken.at}, ` +
            "wanted another name, or remove it first",
        );
      }
      const createdAt = now().toISOString();
      const { sequence, at } = point ??
        { sequence: await newest(), at: createdAt };
      const oldest = await readOldest(session);
      if (oldest !== undefined && sequence < oldest.sequence) {
        // Another snapshot may still hold it.
        const held = (await readSnapshots(session)).some((each) =>
          each.sequence === sequence
        );
        if (!held) {
          throw new SkymapError(
            "query_invalid",
            `Cannot name snapshot "${label}": the history before ${oldest.at} ` +
              `was pruned, wanted a time after it`,
          );
        }
      }
      const row = { sequence, at, created_at: createdAt };
      const id = new RecordId("snapshot", label);
      await session.query("CREATE $id CONTENT $row RETURN NONE", { id, row });
      return snapshotOf({ id, ...row });
    });
  }

  /** Every snapshot, the oldest state first. */
  async list(): Promise<readonly Snapshot[]> {
    return await readSnapshots(this.#options.session);
  }

  /**
   * A snapshot by its label.
   *
   * @throws SkymapError `not_found` with the nearest label.
   */
  async get(label: string): Promise<Snapshot> {
    const all = await this.list();
    const found = all.find((each) => each.label === label);
    if (found !== undefined) return found;
    const labels = all.map((each) => each.label);
    const [guess] = nearestNames(label, labels);
    throw new SkymapError(
      "not_found",
      `Cannot find snapshot ${JSON.stringify(label)}: ` +
        (guess !== undefined
          ? `did you mean "${guess}"?`
          : labels.length === 0
          ? "there is none"
          : `there is ${labels.slice(-10).join(", ")}`),
      { details: { suggestions: guess === undefined ? [] : [guess] } },
    );
  }

  /**
   * Forgets a name; what only it held is pruned the next time.
   *
   * @throws SkymapError `not_found` with the nearest label.
   */
  async remove(label: string): Promise<Snapshot> {
    return await this.#options.turns.take(async () => {
      const found = await this.get(label);
      await this.#options.session.query("DELETE $id RETURN NONE", {
        id: new RecordId("snapshot", label),
      });
      return found;
    });
  }
}
