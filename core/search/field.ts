/**
 * Where the index keeps what a path of a search names.
 *
 * @module
 */

import type { Path, PathItem } from "../query/ast.ts";

/** How values of a property compare. */
export type ValueType =
  | "string"
  | "number"
  | "boolean"
  | "datetime"
  | "date"
  /** Each value by what it is. */
  | "any";

/** A property, found. */
export interface Field {
  /** As it was written. */
  readonly path: Path;
  /** SQL of the JSON text that holds it. */
  readonly document: string;
  /** Its path in there. */
  readonly items: readonly PathItem[];
  /** How its values compare; of its elements when the path has `[*]`. */
  readonly type: ValueType;
  /** Its path below `reported`, for looking up what lies inside of it. */
  readonly declared?: readonly PathItem[];
  /** SQL of a column that holds the same value in its own type. */
  readonly column?: string;
  /** SQL of a map from text to text that holds it under its last key. */
  readonly map?: string;
  /** SQL of a map from text to text with the same entries. */
  readonly entries?: string;
  /** The only values it may have. */
  readonly values?: readonly string[];
  /** Whether it is the age of what is stored, so that order turns round. */
  readonly isAge?: boolean;
}
