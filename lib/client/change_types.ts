/**
 * Word of changes of a graph, as subscribers hear it.
 *
 * @module
 */

/** What changed last in a graph; the row `graph_change:NAME` of database `system`. */
export interface GraphChangeJson {
  /** Name of the graph. */
  readonly graph: string;
  /**
   * Sequence number before the first change. Whoever knows another number as the
   * last has missed a word.
   */
  readonly after: number;
  /** Sequence number of the last change. */
  readonly last: number;
  /** ISO time. */
  readonly at: string;
  /**
   * Kinds of the scopes that changed. Null when it may be any, and searches may
   * be about other kinds than before: the graph was opened, replaced or mended,
   * or a plugin declared kinds.
   */
  readonly kinds: readonly string[] | null;
}

/** Answer of `POST /graph/{graph}/search/kinds`. */
export interface SearchKindsJson {
  /**
   * Concrete kinds whose changes can change the answer, those it walks to and
   * merges in among them; null when that may be any.
   */
  readonly kinds: readonly string[] | null;
}
