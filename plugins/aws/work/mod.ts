/**
 * The tasks of the plugin: to change tags, to delete and to detach resources of
 * one account, by what their kinds declare.
 *
 * @module
 */

import type {
  Json,
  JsonObject,
  PluginDefinition,
  TaskContext,
} from "@skymap/lib/plugin";
import type { ResourceDeclaration } from "../declaration.ts";
import type { AwsConfig } from "../settings.ts";
import { deleteResources } from "./delete_resources.ts";
import { detachResources } from "./detach_resources.ts";
import { readDeleteTask, readTagTask } from "./read_task.ts";
import { tagResources } from "./tag_resources.ts";
import { MACHINE_CLOCK, type WorkClock } from "./work_clock.ts";
import { type WorkTools, workTools } from "./work_tools.ts";

type Tasks = NonNullable<PluginDefinition<AwsConfig>["tasks"]>;

/** Makes the tasks for some kinds. */
export function workTasks(
  resources: readonly ResourceDeclaration[],
  clock: WorkClock = MACHINE_CLOCK,
): Tasks {
  const task = (
    work: (tools: WorkTools, args: JsonObject) => Promise<unknown>,
  ) =>
  async (context: TaskContext<AwsConfig>): Promise<Json> => {
    using tools = workTools(context, resources, clock);
    return await work(tools, context.args) as Json;
  };
  return {
    tag: task((tools, args) => tagResources(tools, readTagTask(args))),
    delete: task((tools, args) =>
      deleteResources(tools, readDeleteTask(args, "delete"))
    ),
    detach: task((tools, args) =>
      detachResources(tools, readDeleteTask(args, "detach"))
    ),
  };
}
