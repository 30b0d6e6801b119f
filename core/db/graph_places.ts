/**
 * In which database each graph lies.
 *
 * A graph lies in `graph_<name>`, until another one takes its place: that one is
 * made in a database of its own, and takes the name when it is whole. Databases
 * cannot be renamed, so rows of the control plane say what is where; and what was
 * begun and never ended, or is to be removed, is found there at the next start.
 *
 * @module
 */

import { isGraphName } from "@skymap/lib/config";
import { type DbSession, escapeIdent, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";

/** What a row says of a database. */
export type PlaceState =
  /** It is being made. */
  | "draft"
  /** It is whole, and takes its name at the next start. */
  | "restored"
  /** The graph of its name lies in it. */
  | "present"
  /** It is to be removed. */
  | "gone";

/** A database that was made beside the graph of its name. */
export interface GraphDraft {
  /** Name that the graph will have. */
  readonly name: string;
  /** The database, and the folder of its index, without `graph_`. */
  readonly place: string;
}

interface PlaceRow {
  readonly id: RecordId;
  readonly name: string;
  readonly state: PlaceState;
}

const PREFIX = "graph_";

/** Between a name and what tells places of one name apart; no name has it. */
const MARK = "~";

/**
 * Refuses what cannot be the name of a graph.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function checkGraphName(name: string): void {
  if (isGraphName(name)) return;
  throw new SkymapError(
    "body_invalid",
    `Cannot name graph ${JSON.stringify(name)}: wanted a letter and up to 62 ` +
      'letters, digits, "_" or "-"',
  );
}

/** The database of a place. */
export function databaseOf(place: string): string {
  return PREFIX + place;
}

function placeId(place: string): RecordId {
  return new RecordId("graph_place", place);
}

/** Knows where graphs lie; one for each open record. */
export class GraphPlaces {
  readonly #system: DbSession;
  /** Name to place, where the two differ. */
  readonly #present = new Map<string, string>();
  /** Places that are no graph of their name. */
  readonly #others = new Set<string>();

  private constructor(system: DbSession) {
    this.#system = system;
  }

  /** Reads what is where. */
  static async open(system: DbSession): Promise<GraphPlaces> {
    const places = new GraphPlaces(system);
    for (const { id, name, state } of await places.#rows()) {
      const place = String(id.id);
      if (state === "present") places.#present.set(name, place);
      else places.#others.add(place);
    }
    return places;
  }

  async #rows(): Promise<PlaceRow[]> {
    const [rows] = await this.#system.query<[PlaceRow[]]>(
      "SELECT id, name, state FROM graph_place",
    );
    return rows;
  }

  /** Where a graph lies, or would if there was one. */
  of(name: string): string {
    return this.#present.get(name) ?? name;
  }

  /** Names of all graphs, sorted. */
  async names(): Promise<string[]> {
    const [info] = await this.#system.query<
      [{ databases: Record<string, string> }]
    >("INFO FOR NS");
    const own = Object.keys(info.databases)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length))
      .filter((name) => !name.includes(MARK) && !this.#others.has(name));
    return [...new Set([...own, ...this.#present.keys()])].sort();
  }

  /** Notes that a graph is about to be made beside the one of its name. */
  async draft(name: string): Promise<GraphDraft> {
    checkGraphName(name);
    const place = `${name}${MARK}${randomId()}`;
    this.#others.add(place);
    await this.#write(place, { name, state: "draft" });
    return { name, place };
  }

  async #write(place: string, row: Omit<PlaceRow, "id">): Promise<void> {
    await this.#system.query("UPSERT $id CONTENT $row RETURN NONE", {
      id: placeId(place),
      row,
    });
  }

  /**
   * A draft that is whole takes its name. Gives the place that is to be removed,
   * if there was a graph of that name.
   */
  async keep(
    { name, place }: GraphDraft,
    isNew: boolean,
  ): Promise<string | undefined> {
    const before = isNew ? undefined : this.of(name);
    await this.#system.query(
      `BEGIN;
       UPSERT $id CONTENT $present RETURN NONE;
       ${
        before === undefined ? "" : "UPSERT $before CONTENT $gone RETURN NONE;"
      }
       COMMIT;`,
      {
        id: placeId(place),
        present: { name, state: "present" },
        ...(before !== undefined && {
          before: placeId(before),
          gone: { name, state: "gone" },
        }),
      },
    );
    this.#others.delete(place);
    this.#present.set(name, place);
    if (before !== undefined) this.#others.add(before);
    return before;
  }

  /** A graph is no more; gives the place that is to be removed. */
  async forget(name: string): Promise<string> {
    const place = this.of(name);
    await this.#write(place, { name, state: "gone" });
    this.#present.delete(name);
    this.#others.add(place);
    return place;
  }

  /** Removes a database that no graph lies in, and then what is known of it. */
  async remove(place: string): Promise<void> {
    if (!this.#others.has(place)) {
      throw new TypeError(`Cannot remove ${place}: a graph lies in it`);
    }
    await this.#system.query(
      `REMOVE DATABASE IF EXISTS ${escapeIdent(databaseOf(place))}`,
    );
    await this.#system.query("DELETE $id RETURN NONE", { id: placeId(place) });
    this.#others.delete(place);
  }

  /** Places that are to be removed, or were begun by a core that ended. */
  async leftOver(): Promise<string[]> {
    return (await this.#rows())
      .filter(({ state }) => state === "draft" || state === "gone")
      .map(({ id }) => String(id.id));
  }
}
