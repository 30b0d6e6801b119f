import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import type { Failure } from "@skymap/lib/plugin";

/** What a worker says of one resource. */
export interface TagOutcome {
  /** Tags that it has now; undefined when none was changed. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What else of it follows from them. */
  readonly reported?: JsonObject;
  /** Why it was not done, or not all of it. */
  readonly error?: Failure;
}

function readTags(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return;
  const isDone = Object.values(value).every((each) => typeof each === "string");
  return isDone ? value as Record<string, string> : undefined;
}

function readFailure(value: unknown): Failure | undefined {
  if (!isObject(value)) return;
  const { code, message, permission } = value;
  return {
    code: typeof code === "string" ? code : "task_failed",
    message: typeof message === "string" ? message : "no reason given",
    ...(typeof permission === "string" && { permission }),
  };
}

/** Reads what the task `tag` gave, by the node; what is no answer is left out. */
export function readTagResult(result: Json): Map<string, TagOutcome> {
  const outcomes = new Map<string, TagOutcome>();
  const results = isObject(result) ? result.results : undefined;
  if (!Array.isArray(results)) return outcomes;
  for (const each of results) {
    if (!isObject(each) || typeof each.node !== "string") continue;
    const tags = readTags(each.tags);
    const error = readFailure(each.error);
    if (tags === undefined && error === undefined) continue;
    outcomes.set(each.node, {
      ...(tags !== undefined && { tags }),
      ...(isObject(each.reported) && {
        reported: each.reported as JsonObject,
      }),
      ...(error !== undefined && { error }),
    });
  }
  return outcomes;
}
