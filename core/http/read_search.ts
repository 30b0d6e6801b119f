/**
 * What a request says about the answer it wants.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { parseDuration } from "@skymap/lib/duration";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import type { AnswerShape } from "../cli/formats/answer_format.ts";
import { FORMATS } from "../cli/formats/all_formats.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import type { AnswerRequest, GraphService } from "../cli/core_services.ts";
import type { AnswerForm } from "./stream_answer.ts";

/** Longest text of a search, in characters. */
const MAX_SEARCH_CHARS = 1_000_000;

const flag = z.enum(["true", "false"]).optional();

const text = (description: string, example?: string) =>
  z.string().optional().openapi({
    description,
    ...(example !== undefined && { example }),
  });

/** Query parameters of the form of an answer. */
export const FORM_PARAMETERS = {
  format: text(
    `Form of the answer, in place of Accept: ${
      FORMATS.map(({ name }) => name).join(", ")
    }`,
    "ndjson",
  ),
  columns: text(
    "With format=csv: paths of the columns",
    "name,tags.owner,account",
  ),
};

/** Query parameters of all that searches. */
export const SEARCH_PARAMETERS = {
  section: text(
    "Section of relative paths; reported unless told otherwise",
    "reported",
  ),
  search_timeout: text("Stops the search after this time", "10s"),
};

/** Query parameters of searches of a state of the graph. */
export const STATE_PARAMETERS = {
  ...SEARCH_PARAMETERS,
  at: text(
    "Searches the past: a time, a duration ago, or the label of a snapshot",
    "3d",
  ),
};

/** Query parameters of an answer that has a coverage. */
export const ANSWER_PARAMETERS = {
  ...STATE_PARAMETERS,
  ...FORM_PARAMETERS,
  count: flag.openapi({
    description: "Counts: headers Result-Count and Total-Count",
  }),
  require_complete: flag.openapi({
    description: "Fails when the answer is not complete",
  }),
};

/** What the query parameters of a form say. */
export interface FormQuery {
  readonly format?: string | undefined;
  readonly columns?: string | undefined;
}

/** What the query parameters of a search say. */
export interface SearchQuery {
  readonly section?: string | undefined;
  readonly search_timeout?: string | undefined;
  readonly at?: string | undefined;
}

/** Names, separated by commas. */
export function readNames(names: string | undefined): readonly string[] {
  return (names ?? "").split(",").map((name) => name.trim()).filter(Boolean);
}

/** The form that an answer of a shape is wanted in. */
export function readForm(
  shape: AnswerShape,
  { format, columns }: FormQuery,
): AnswerForm {
  const names = readNames(columns);
  return { shape, format, columns: names.length === 0 ? undefined : names };
}

/** The text of the body; empty if there is none. */
export async function readSearchText(
  context: Context<ApiEnv>,
): Promise<string> {
  const text = await context.req.text();
  if (text.length <= MAX_SEARCH_CHARS) return text;
  throw new SkymapError(
    "body_invalid",
    `Cannot read the search: it has ${text.length} characters, at most ${MAX_SEARCH_CHARS} are taken`,
  );
}

/** What a request says about how it is answered. */
export async function readAnswerRequest(
  context: Context<ApiEnv>,
  graph: GraphService,
  { section, search_timeout, at }: SearchQuery,
): Promise<AnswerRequest> {
  const { signal } = context.req.raw;
  return {
    signal,
    ...(section !== undefined && { section }),
    ...(search_timeout !== undefined && {
      timeoutMs: readTimeout(search_timeout),
      since: performance.now(),
    }),
    ...(at !== undefined && await graph.pointInTime(at, signal)),
  };
}

function readTimeout(text: string): number {
  let timeoutMs: number;
  try {
    timeoutMs = parseDuration(text);
  } catch (cause) {
    throw new SkymapError(
      "body_invalid",
      `Cannot read the query parameter "search_timeout": ${messageOf(cause)}`,
      { cause },
    );
  }
  if (timeoutMs > 0 && timeoutMs < 2 ** 31) return timeoutMs;
  throw new SkymapError(
    "body_invalid",
    `Cannot read the query parameter "search_timeout": it is "${text}", wanted more than 0s and at most 24d`,
  );
}
