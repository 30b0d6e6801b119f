import type { Json } from "../json.ts";
/** Name of the task that runs a plugin's command. */
export const COMMAND_TASK = "plugin_command";

/** Name of the task that calls a plugin's reaction. */
export const REACTION_TASK = "plugin_reaction";

/** What became of a plugin's command: the result of the task that runs it. */
export interface CommandResult {
  /** What it printed, also before it failed. */
  readonly printed: readonly Json[];
  /** What it told beside that. */
  readonly messages: readonly {
    readonly level: "info" | "warning" | "error";
    readonly text: string;
  }[];
  /** Why it failed, if it did. */
  readonly error?: { readonly code: string; readonly message: string };
}
