/**
 * Columns that a person asked for, and whether there is anything in them.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type { KindDeclaration } from "@skymap/lib/resource";
import { nearestNames } from "../../model/nearest_names.ts";
import { printPath } from "../../query/print.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import type { Batches } from "../batch.ts";
import type { Column } from "./columns.ts";

/** Notices in which columns no element has anything. */
export class AskedColumns {
  /** The columns; reading them is what is noticed. */
  readonly columns: readonly Column[];
  readonly #empty: Set<Column>;
  /** Those whose property stands at an element itself, not in its section. */
  readonly #outside = new Set<Column>();
  #elements = 0;

  /** Takes the columns as they were asked for. */
  constructor(columns: readonly Column[]) {
    this.#empty = new Set(columns);
    this.columns = columns.map((column) => ({
      ...column,
      read: (element: Json) => {
        const value = column.read(element);
        if (value !== undefined) this.#empty.delete(column);
        else if (isOutside(element, column)) this.#outside.add(column);
        return value;
      },
    }));
  }

  /** The elements again; they are counted. */
  async *count(batches: Batches): Batches {
    for await (const batch of batches) {
      this.#elements += batch.length;
      yield batch;
    }
  }

  /** A sentence about each column in which no element had anything. */
  told(kinds: () => readonly KindDeclaration[]): readonly string[] {
    if (this.#elements === 0) return [];
    return [...this.#empty].flatMap((column) => {
      const { path } = column;
      if (path === undefined) return [];
      const name = printPath(path);
      const meant = this.#outside.has(column)
        ? [`/${name}`]
        : meantBy(name, kinds());
      return `No element has "${name}"${suggestionText(meant)}`;
    });
  }
}

function isOutside(element: Json, { path }: Column): boolean {
  const [first] = path?.items ?? [];
  return path?.absolute === false && first !== undefined && "key" in first &&
    isObject(element) && Object.hasOwn(element, first.key);
}

/** Properties that a name may mean which no kind has. */
function meantBy(
  name: string,
  kinds: readonly KindDeclaration[],
): readonly string[] {
  const names = new Set(
    kinds.flatMap(({ properties = {} }) => Object.keys(properties)),
  );
  return names.has(name) ? [] : nearestNames(name, [...names]);
}
