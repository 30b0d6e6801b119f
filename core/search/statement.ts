/**
 * A statement in the making: text with places, and the values for them.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** A value that is bound to a place of a statement. */
export type Parameter = string | number | boolean | readonly string[];

/** A statement and its values; `$1` stands for the first. */
export interface Statement {
  /** SQL with places. */
  readonly sql: string;
  /** The values of the places. */
  readonly parameters: readonly Parameter[];
}

/**
 * Common table expressions of one statement at most. The engine plans each inside
 * of the one before: some 220 of them overflow the stack of its thread, which
 * ends the process.
 */
const MAX_TABLES = 150;
/** Characters of a statement at most: a long one cannot be stopped in planning. */
const MAX_CHARS = 600_000;

/**
 * Collects values and common table expressions while a search is compiled. What
 * people wrote enters a statement only by {@linkcode StatementBuilder.bind}.
 */
export class StatementBuilder {
  readonly #parameters: Parameter[] = [];
  readonly #places = new Map<Parameter, string>();
  readonly #tables: string[] = [];
  #recursive = false;
  #names = 0;

  /** The place of a value; equal values share one. */
  bind(value: Parameter): string {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    this.#parameters.push(value);
    const place = `$${this.#parameters.length}`;
    this.#places.set(value, place);
    return place;
  }

  /** The place of a number, as a double. */
  bindNumber(value: number): string {
    return `${this.bind(value)}::double`;
  }

  /** A name that nothing else has. */
  name(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  /** Adds a table that later text may read; gives its name. */
  table(
    prefix: string,
    body: string | ((name: string) => string),
    { recursive = "", columns = "" }: {
      readonly recursive?: string;
      readonly columns?: string;
    } = {},
  ): string {
    if (this.#tables.length >= MAX_TABLES) {
      throw new SkymapError(
        "query_too_large",
        `Cannot search: it takes more than ${MAX_TABLES} steps`,
      );
    }
    const name = this.name(prefix);
    const text = typeof body === "string" ? body : body(name);
    const recurses = typeof body !== "string";
    if (recurses) this.#recursive = true;
    // Read by more than one place each, so computed once.
    const keep = recurses ? "" : "materialized ";
    this.#tables.push(`${name}${columns} ${recursive}as ${keep}(${text})`);
    return name;
  }

  /** The whole statement. */
  finish(select: string): Statement {
    const head = this.#tables.length === 0
      ? ""
      : `with ${this.#recursive ? "recursive " : ""}${
        this.#tables.join(",\n")
      }\n`;
    const text = head + select;
    if (text.length > MAX_CHARS) {
      throw new SkymapError(
        "query_too_large",
        "Cannot search: it asks for too much at once, such as thousands of terms",
      );
    }
    return onlyUsed(text, this.#parameters);
  }
}

/** The engine refuses values without a place, so these are left out. */
function onlyUsed(sql: string, parameters: readonly Parameter[]): Statement {
  const places = new Map<string, string>();
  const kept: Parameter[] = [];
  const text = sql.replace(/\$\d+/g, (place) => {
    const known = places.get(place);
    if (known !== undefined) return known;
    const value = parameters[Number(place.slice(1)) - 1];
    if (value === undefined) throw new RangeError(`Cannot bind ${place}`);
    kept.push(value);
    const next = `$${kept.length}`;
    places.set(place, next);
    return next;
  });
  return { sql: text, parameters: kept };
}
