/**
 * What core and the processes that it configures agree on: the sections of
 * their documents, and what texts in them may refer to.
 *
 * @module
 */

export {
  FollowedConfig,
  type FollowedConfigOptions,
} from "./followed_config.ts";
export { GRAPH_NAME, isGraphName } from "./graph_name.ts";
export {
  type MetricEntry,
  METRICS_SECTION,
  type MetricsSection,
} from "./metrics_section.ts";
export { isSecretName } from "../plugin/redact.ts";
export {
  hasReference,
  type ReferenceOptions,
  referencesOf,
  resolveReferences,
} from "./references.ts";
export { WORKER_SECTION, type WorkerSection } from "./worker_section.ts";
