/**
 * What a request says about the lines it brings.
 *
 * @module
 */

import type { Context } from "hono";
import { SkymapError } from "@skymap/lib/errors";
import type { LineRequest } from "../cli/command_line.ts";
import type { Terminal } from "../cli/line_context.ts";
import { CLI_FRAMES } from "./cli_frame.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import { readForm } from "./read_form.ts";

/** Whether a header `Accept` asks for frames. */
export function wantsFrames(accept: string | undefined): boolean {
  return accept?.split(",").some((range) =>
    range.split(";", 1)[0]?.trim().toLowerCase() === CLI_FRAMES
  ) ?? false;
}

/** Reads `columns=120; colors=yes`. */
function readTerminal(header: string | undefined): Terminal {
  const facts = new Map(
    (header ?? "").split(";").map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name.trim().toLowerCase(), value.trim().toLowerCase()];
    }),
  );
  const columns = Number(facts.get("columns"));
  return {
    hasColors: facts.get("colors") === "yes",
    ...(Number.isSafeInteger(columns) && columns > 0 && { columns }),
  };
}

/** The lines of a request, and the files that came with them. */
async function readBody(
  context: Context<ApiEnv>,
): Promise<{ text: string; files: ReadonlyMap<string, Blob> }> {
  const type = context.req.header("content-type") ?? "";
  if (!/^multipart\/form-data\b/i.test(type)) {
    return { text: await context.req.text(), files: new Map() };
  }
  const form = await readForm(context.req.raw);
  const command = form.get("command");
  if (typeof command !== "string") {
    throw new SkymapError(
      "body_invalid",
      'Cannot read the body: the part "command" is missing, wanted the lines in it',
    );
  }
  const files = new Map<string, Blob>();
  for (const [name, value] of form) {
    if (name === "command") continue;
    files.set(name, typeof value === "string" ? new Blob([value]) : value);
  }
  return { text: command, files };
}

/**
 * Reads lines and what they run with; query parameters are variables.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function readLineRequest(
  context: Context<ApiEnv>,
): Promise<{ readonly text: string; readonly request: LineRequest }> {
  const { text, files } = await readBody(context);
  return {
    text,
    request: {
      caller: context.get("caller"),
      environment: context.req.query(),
      terminal: readTerminal(context.req.header("skymap-terminal")),
      files,
      signal: context.req.raw.signal,
    },
  };
}
