/**
 * What core and a process of jq say to each other, besides elements and results,
 * which are one JSON text a line.
 *
 * @module
 */

import type { JqFailure } from "./jq_run.ts";

/** The first line that a process reads. */
export interface JqOrder {
  /** The filter. */
  readonly filter: string;
  /** Definitions that stand before it, on one line. */
  readonly prelude: string;
  /** Memory of the engine. */
  readonly maxBytes: number;
}

/** Begins a line that is no result: no JSON text holds it. */
export const TOLD_MARK = "\u0001";

/** What such a line says. */
export type JqTold =
  /** What the filter says beside its results. */
  | { readonly type: "message"; readonly text: string }
  /** Why it could not go on; the last line. */
  | { readonly type: "failure"; readonly failure: JqFailure };
