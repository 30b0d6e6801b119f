/**
 * What is marked for deletion has to be found as it is now.
 *
 * @module
 */

import type { SourceText } from "../query/source_text.ts";
import type { FusedSearch } from "./fused_search.ts";
import type { PreparedStage } from "./prepared_line.ts";
import { usageError } from "./usage_error.ts";

/** What a line asks for. */
export interface AskedState {
  /** Its search, if it has one. */
  readonly search: FusedSearch | undefined;
  /** The state that the line is about. Default: the present. */
  readonly at: string | undefined;
}

/**
 * Refuses a stage that needs the present and gets nodes of the past: they may be
 * in use again.
 *
 * @throws {SkymapError} `usage`
 */
export function checkPresent(
  stages: readonly (PreparedStage & { readonly source: SourceText })[],
  { search, at }: AskedState,
): void {
  if (search === undefined) return;
  const past = search.history === undefined ? search.at ?? at : "history";
  if (past === undefined) return;
  for (const { command, stage, source } of stages) {
    if (stage.needsPresent === true) {
      throw usageError({
        tried: `Cannot run "${command.name}"`,
        source,
        offset: 0,
        problem: search.history === undefined
          ? `it gets nodes as they were at "${past}", wanted a search of the ` +
            'present, or "jq ./id" in front of it to mean these all the same'
          : "it gets changes of the past, wanted a search of the present, or " +
            '"jq ./id" in front of it to mean these nodes all the same',
      });
    }
    if (stage.keepsShape !== true) return;
  }
}
