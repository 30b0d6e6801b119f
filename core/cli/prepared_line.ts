/**
 * A line that is understood and not yet run.
 *
 * @module
 */

import type { SourceText } from "../query/source_text.ts";
import type { Command, Stage } from "./command.ts";
import type { FusedSearch } from "./fused_search.ts";
import type { Environment } from "./line_context.ts";

/** A command of a line with its arguments. */
export interface PreparedStage {
  /** The command. */
  readonly command: Command;
  /** What it makes of what it gets. */
  readonly stage: Stage;
  /** As it was written; undefined if nobody did. */
  readonly source?: SourceText;
}

/** A line that is understood and not yet run. */
export interface PreparedLine {
  /** As it was written. */
  readonly text: string;
  /** Its variables, those around it included. */
  readonly environment: Environment;
  /** The search that its leading commands became. */
  readonly search?: FusedSearch;
  /** The commands that became the search. */
  readonly fused: readonly PreparedStage[];
  /** The other commands, and what was put to the end of the line. */
  readonly stages: readonly PreparedStage[];
  /** What it gives. */
  readonly output: "text" | "file";
  /** Files of the caller that it needs. */
  readonly files: readonly string[];
}
