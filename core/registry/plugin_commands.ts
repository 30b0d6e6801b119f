/**
 * Runs commands of plugins, on a worker.
 *
 * @module
 */

import { COMMAND_TASK, type CommandResult } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json } from "@skymap/lib/json";
import { nearestNames } from "../model/nearest_names.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import type { PluginRegistry } from "./registry.ts";

/** What a command is given. */
export interface CommandRequest {
  /** The words after its name. */
  readonly args: readonly string[];
  /** What the command before it printed. */
  readonly input: readonly Json[];
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What {@linkcode PluginCommands} needs. */
export interface PluginCommandsOptions {
  /** Which plugins run. */
  readonly registry: Pick<PluginRegistry, "active" | "get">;
  /** Gives the work to a worker. */
  readonly tasks: Pick<TaskQueue, "submit" | "cancel">;
}

function readResult(result: Json): CommandResult {
  if (isObject(result) && Array.isArray(result["printed"])) {
    return result as unknown as CommandResult;
  }
  throw new SkymapError(
    "task_failed",
    "Cannot read what a command gave: the worker's answer is none",
  );
}

/**
 * Throws why a command failed, if it did.
 *
 * @throws {SkymapError} `task_failed`
 */
export function throwFailure({ error }: Pick<CommandResult, "error">): void {
  if (error !== undefined) throw new SkymapError("task_failed", error.message);
}

/** Runs commands of plugins. */
export class PluginCommands {
  readonly #options: PluginCommandsOptions;

  /** Takes what it works with. */
  constructor(options: PluginCommandsOptions) {
    this.#options = options;
  }

  /**
   * Runs a command on a worker that is able to; gives what it printed, also when
   * it failed after that, and with what.
   *
   * @throws {SkymapError} `plugin_unknown`, `conflict`, if the plugin does not
   * run, `not_found`, if it has no such command, or `task_failed`.
   */
  async run(
    plugin: string,
    command: string,
    { args, input, signal }: CommandRequest,
  ): Promise<CommandResult> {
    signal.throwIfAborted();
    const { timeout_s } = this.#limits(plugin, command);
    const { tasks } = this.#options;
    const { id, result } = await tasks.submit(
      COMMAND_TASK,
      { plugin },
      { command, args, input },
      // A command may have done half of its work: it is not done again.
      { timeoutMs: timeout_s * 1_000, retries: 0 },
    );
    const cancel = () => void tasks.cancel(id, "Nobody waits any more");
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return readResult(await result);
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  #limits(plugin: string, command: string) {
    const { registry } = this.#options;
    const active = registry.active();
    const found = active.plugins.find(({ name }) => name === plugin);
    if (found === undefined) {
      registry.get(plugin);
      const reason = active.inactive.find(({ name }) => name === plugin)
        ?.reason;
      throw new SkymapError(
        "conflict",
        `Cannot run "${command}" of plugin "${plugin}": ${reason}`,
      );
    }
    const { commands } = found.manifest;
    if (commands.includes(command)) return found.limits;
    const [guess] = nearestNames(command, commands);
    throw new SkymapError(
      "not_found",
      `Cannot run "${command}" of plugin "${plugin}": ${
        commands.length === 0
          ? "it has no commands"
          : `there is ${commands.join(", ")}`
      }${guess === undefined ? "" : `; did you mean "${guess}"?`}`,
    );
  }
}
