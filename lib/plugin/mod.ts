/**
 * What a plugin's author needs: {@linkcode definePlugin}, and the types of what
 * it is given and gives.
 *
 * ```ts
 * import { definePlugin, mapConcurrent } from "@skymap/lib/plugin";
 * ```
 *
 * @module
 */

export * from "./contract.ts";
export { headerNumber, msUntil, retryAfterOf } from "./answer_headers.ts";
export { callApi, type CallOptions } from "./call_api.ts";
export { type Again, CallError, type CallFault } from "./call_error.ts";
export { checkConfig, CONFIG_RULES, type ConfigRule } from "./check_config.ts";
export { definePlugin } from "./define_plugin.ts";
export { eachOnce } from "./each_once.ts";
export { fetchAnswer, fetchJson, HttpError } from "./fetch_json.ts";
export {
  type Field,
  field,
  fieldProperties,
  type Fields,
  readFields,
} from "./fields.ts";
export { idOf, isJsonObject, jsonOf, textOf, valueAt } from "./json_value.ts";
export { type ConcurrencyOptions, mapConcurrent } from "./map_concurrent.ts";
export type {
  CollectMessage,
  DeferredEdgeMessage,
  EdgeMessage,
  EdgeType,
  Failure,
  IssueMessage,
  NodeMessage,
  NodeSelector,
  ProgressMessage,
  ScopeCompleteMessage,
  ScopeFailedMessage,
  ScopeKey,
  ScopeMessage,
  ScopeOpenMessage,
  ScopeUsage,
} from "./messages.ts";
export {
  type CursorPage,
  nextLink,
  type OffsetPage,
  pagesByCursor,
  pagesByLink,
  pagesByOffset,
} from "./pages.ts";
export { held, type HeldOptions } from "./held.ts";
export { endOfTime, isNever, lifetimeOf } from "./lifetime.ts";
export {
  type Mark,
  type MarkContext,
  markNodes,
  type MarkOptions,
} from "./mark_nodes.ts";
export { type NodePlace, placeOf, quoted, tagOf } from "./node_facts.ts";
export { isDuration, parseDuration } from "../duration.ts";
export { retry, type RetryOptions } from "../retry.ts";
export { TokenBucket, type TokenBucketOptions } from "./token_bucket.ts";
export { uses } from "./uses.ts";
export type {
  DeleteOutcome,
  DeleteTask,
  DeleteTaskResult,
  TagTask,
  TagTaskResult,
  TaskResource,
} from "./work_tasks.ts";
export type { Json, JsonObject } from "../json.ts";
export type {
  KindDeclaration,
  KindOperation,
  PropertyDeclaration,
  ValueKind,
} from "../resource/kind.ts";
