/**
 * What running lines tells, as frames of an answer.
 *
 * @module
 */

import type { Context } from "hono";
import type { CliFrame } from "@skymap/lib/client";
import type { LineEvent } from "../cli/execute_lines.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import { tellProblem } from "./middleware/problem.ts";

/** Media type of frames. */
export const CLI_FRAMES = "application/vnd.skymap.cli+ndjson";

/** Bytes of which texts are made at once: more would be too many arguments. */
const STEP = 32_768;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP) {
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  }
  return btoa(text);
}

/** An event as a frame. */
export function cliFrame(
  event: LineEvent,
  context: Context<ApiEnv>,
): CliFrame {
  switch (event.type) {
    case "begin": {
      const { line, output, mediaType, name, editedBy } = event;
      return {
        type: "begin",
        line,
        output,
        media_type: mediaType,
        ...(name !== undefined && { name }),
        ...(editedBy !== undefined && { edited_by: editedBy }),
      };
    }
    case "bytes":
      return { type: "bytes", base64: base64(event.bytes) };
    case "failed": {
      const { line, error } = event;
      return { type: "error", line, problem: tellProblem(error, context) };
    }
    default:
      return event;
  }
}
