/**
 * Tags of resources, in their clouds.
 *
 * @module
 */

import type { TagChange } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import { readNdjson } from "@skymap/lib/ndjson";
import type { GraphService } from "../../cli/core_services.ts";
import { addEndpoint, type Api, checkShape, param } from "../endpoint.ts";
import { answerTypes } from "../negotiate.ts";
import { TAG_ANSWER, TAG_CHANGE } from "../schemas.ts";
import type { Services } from "../services.ts";
import { NDJSON, streamAnswer, textsOf } from "../stream_answer.ts";

/** Changes whose answers are told together. */
const AT_ONCE = 400;

/** Everything that a body says, before any of it is done. */
async function readChanges(request: Request): Promise<readonly TagChange[]> {
  const found: unknown[] = [];
  for await (const value of readValues(request)) {
    if (Array.isArray(value)) found.push(...value);
    else found.push(value);
  }
  return found.map((value, at) => {
    const id = isObject(value) && typeof value["id"] === "string"
      ? `, "${value["id"]}"`
      : "";
    return checkShape(TAG_CHANGE, value, `change ${at + 1}${id}`);
  });
}

/** JSON by lines or, when it says so, as a whole. */
async function* readValues(request: Request): AsyncGenerator<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) {
    yield* readNdjson(request.body ?? ReadableStream.from([]));
    return;
  }
  try {
    yield await request.json();
  } catch (cause) {
    throw new SkymapError(
      "body_invalid",
      "Cannot read the changes of tags: the body is not JSON",
      { cause },
    );
  }
}

async function* answers(
  graph: GraphService,
  changes: readonly TagChange[],
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  for (let at = 0; at < changes.length; at += AT_ONCE) {
    yield* await graph.tag(changes.slice(at, at + AT_ONCE), { signal });
  }
}

/** Adds the paths of tags. */
export function addTagRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/tag",
    tag: "graph",
    summary: "Changes tags of resources in their clouds",
    roles: [],
    body: NDJSON,
    answer: answerTypes("records", TAG_ANSWER),
    handle: async (context) => {
      const graph = services.graph(param(context, "graph"));
      const changes = await readChanges(context.req.raw);
      return await streamAnswer(context, { shape: "records" }, () => ({
        texts: textsOf(answers(graph, changes, context.req.raw.signal)),
      }));
    },
  });
}
