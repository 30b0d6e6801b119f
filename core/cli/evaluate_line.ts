/**
 * What a line would do, for programs.
 *
 * @module
 */

import type { EvaluatedLineJson } from "@skymap/lib/client";
import type { PreparedLine } from "./prepared_line.ts";

/** What a line would do; it is not run. */
export function evaluateLine(
  { text, environment, search, fused, stages, output, files }: PreparedLine,
): EvaluatedLineJson {
  return {
    line: text,
    environment,
    stages: [...fused, ...stages].map(({ command, source }, at) => ({
      command: command.name,
      text: source?.text ?? command.name,
      is_search: at < fused.length,
      is_added: source === undefined,
    })),
    ...(search !== undefined && {
      search: {
        text: search.text,
        form: search.form,
        of: search.history === undefined ? "nodes" : "changes",
      },
    }),
    output,
    files,
  };
}
