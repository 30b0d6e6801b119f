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
export { definePlugin } from "./define_plugin.ts";
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
} from "./messages.ts";
export type { Json, JsonObject } from "../json.ts";
export type {
  KindDeclaration,
  PropertyDeclaration,
  ValueKind,
} from "../resource/kind.ts";
