import type { DeleteTask, DeleteTaskResult } from "@skymap/lib/plugin";
import { eachOutcome } from "./delete_resources.ts";
import { lookAt } from "./look_at.ts";
import { makeCalls } from "./make_calls.ts";
import { ResourceReader } from "./resource_reader.ts";
import type { WorkTools } from "./work_tools.ts";

/**
 * Takes away what resources say of others, so that these can be deleted. Each is
 * read again and compared with what the graph has of it, as for a deletion.
 */
export async function detachResources(
  tools: WorkTools,
  task: DeleteTask,
): Promise<DeleteTaskResult> {
  const reader = new ResourceReader(tools);
  return await eachOutcome(tools, task, async (declared, resource) => {
    const { node } = resource;
    const { detach, kind, remove } = declared;
    if (detach === undefined) {
      const reason = `resources of kind "${kind}" cannot be detached`;
      return { node, outcome: "refused", reason };
    }
    const looked = await lookAt(tools, reader, declared, resource);
    if ("outcome" in looked) return looked;
    if (task.dry_run) return { node, outcome: "would_be_done" };
    if (looked.isGoing) return { node, outcome: "done" };
    const { clock } = tools;
    const { target } = looked;
    await makeCalls(tools, detach, looked, {
      done: remove?.gone ?? [],
      later: remove?.later ?? [],
      until: clock.now() + 60_000,
      again: async () => {
        const item = await reader.read(declared, target, clock.now());
        return item && { item, target };
      },
    });
    return { node, outcome: "done" };
  });
}
