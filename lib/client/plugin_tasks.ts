/** Name of the task that runs a plugin's command. */
export const COMMAND_TASK = "plugin_command";

/** Name of the task that calls a plugin's reaction. */
export const REACTION_TASK = "plugin_reaction";
