/**
 * What runs plugins needs: their protocol, permissions and checks. Plugins
 * themselves import `@skymap/lib/plugin` alone.
 *
 * @module
 */

export { MAX_IDS } from "./asked_graph.ts";
export { MAX_ASKS, refusalOf } from "./asks.ts";
export {
  type CollectContextOptions,
  createCollectContext,
  type MessageSink,
} from "./collect_context.ts";
export { collectedFaults } from "./collected_faults.ts";
export { type CollectedScope, CollectedScopes } from "./collected_scopes.ts";
export { failureOf } from "./failure.ts";
export { GRAPH_PHASES, GRAPH_RIGHT_TEXTS } from "./graph_rights.ts";
export { manifestFaults, manifestOf } from "./manifest.ts";
export type * from "./messages.ts";
export { EDGE_TYPES } from "./messages.ts";
export {
  parseRecording,
  type RecordedAnswer,
  type Recording,
} from "./recording.ts";
export {
  type GrantedPermissions,
  NO_PERMISSIONS,
  permissionFaults,
  permissionFlags,
  type PermissionPlaces,
  resolvePermissions,
} from "./permissions.ts";
export {
  coversPermission,
  PERMISSION_NAMES,
  type PermissionName,
} from "./permission_cover.ts";
export type * from "./protocol.ts";
export { publicationFaults, type PublishedPlugin } from "./publication.ts";
export { isSecretName, REDACTED, Redactor } from "./redact.ts";
export { type ServeOptions, servePlugin } from "./serve.ts";
export {
  createSigningKey,
  isSignedBy,
  keyId,
  type PluginSignature,
  sha256Of,
  type SignedPart,
  type SigningKeyPair,
  signPlugin,
} from "./signature.ts";
export { createWorkContext, type WorkContextOptions } from "./work_context.ts";
export { mapConcurrent } from "./map_concurrent.ts";
export { compareVersions } from "./version_order.ts";
