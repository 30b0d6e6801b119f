/**
 * Listening to workflows: what worker and metrics have in common.
 *
 * @module
 */

export {
  type ActionHandler,
  ActionRunner,
  type ActionRunnerOptions,
  type TakenAction,
} from "./action_runner.ts";
export {
  runSubscriber,
  type SubscriberProcessOptions,
} from "./run_subscriber.ts";
export {
  type TakenTask,
  type TaskHandler,
  TaskRunner,
  type TaskRunnerOptions,
} from "./task_runner.ts";
