import type { Json, JsonObject } from "@skymap/lib/json";
import type {
  Account,
  DeleteTask,
  DeleteTaskResult,
  PluginDefinition,
  PluginGraph,
  TagTask,
  TagTaskResult,
} from "@skymap/lib/plugin";

/** The tasks of a cloud's plugin, with what each takes and gives. */
export interface WorkTasks {
  readonly tag: readonly [TagTask, TagTaskResult];
  readonly delete: readonly [DeleteTask, DeleteTaskResult];
  readonly detach: readonly [DeleteTask, DeleteTaskResult];
}

function refuse(): never {
  throw new Error("Cannot use the graph: there is none");
}

const NO_GRAPH: PluginGraph = {
  // deno-lint-ignore require-yield -- it has nothing to yield
  search: async function* () {
    await Promise.resolve();
    refuse();
  },
  clean: () => Promise.resolve().then(refuse),
  keep: () => Promise.resolve().then(refuse),
  protect: () => Promise.resolve().then(refuse),
  tag: () => Promise.resolve().then(refuse),
};

/** An account of a plugin, with credentials. */
export async function accountHere(
  plugin: PluginDefinition<unknown>,
  rawConfig: JsonObject,
  id: string,
): Promise<Account> {
  const config = plugin.config?.parse(rawConfig) ?? rawConfig;
  const { signal } = new AbortController();
  const { accounts = [] } = await plugin.accounts?.({ config, signal }) ?? {};
  const found = accounts.find((account) => account.id === id);
  if (found !== undefined) return found;
  throw new Error(`Cannot find account "${id}": the plugin does not list it`);
}

/**
 * Runs a task of a plugin in this process, as a worker would: on one account,
 * with what its configuration says.
 */
export async function runTask<Name extends keyof WorkTasks>(
  plugin: PluginDefinition<unknown>,
  rawConfig: JsonObject,
  account: string,
  task: Name,
  args: WorkTasks[Name][0],
  signal: AbortSignal = new AbortController().signal,
): Promise<WorkTasks[Name][1]> {
  const run = plugin.tasks?.[task];
  if (run === undefined) throw new Error(`Cannot run "${task}": no such task`);
  const accountOf = (id: string) => accountHere(plugin, rawConfig, id);
  const result: Json | void = await run({
    config: plugin.config?.parse(rawConfig) ?? rawConfig,
    account: await accountOf(account),
    accountOf,
    graph: NO_GRAPH,
    signal,
    issue: () => {},
    task,
    args: args as unknown as JsonObject,
  });
  return result as unknown as WorkTasks[Name][1];
}
