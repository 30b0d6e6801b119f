/**
 * What tests of every member share: a clock that stands still, and a wait that
 * ends.
 *
 * @module
 */

export {
  type CollectedPlugin,
  collectPlugin,
  type CollectPluginOptions,
} from "./collect_plugin.ts";
export type { CollectedScope } from "../plugin/collected_scopes.ts";
export {
  parseRecording,
  type RecordedAnswer,
  type Recording,
  replayFetch,
} from "../plugin/recording.ts";
export { FakeClock } from "./fake_clock.ts";
export { until, type UntilOptions } from "./until.ts";
