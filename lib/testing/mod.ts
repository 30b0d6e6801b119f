/**
 * What tests of every member share: a clock that stands still, and a wait that
 * ends.
 *
 * @module
 */

export {
  type CollectedPlugin,
  type CollectedScope,
  collectPlugin,
} from "./collect_plugin.ts";
export { FakeClock } from "./fake_clock.ts";
export { until, type UntilOptions } from "./until.ts";
